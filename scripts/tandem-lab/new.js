// `tandem new NAME`: a small project whose report passes.

const {
  cpSync,
  existsSync,
  readdirSync,
  renameSync,
  readFileSync,
  writeFileSync,
} = require('node:fs');
const { basename, join, resolve } = require('node:path');

/** Writes the template into a new folder. Returns the exit code. */
function create(args) {
  const [name, ...rest] = args;
  if (name === undefined || name.startsWith('-') || rest.length > 0) {
    const isHelp = name === '--help';
    (isHelp ? console.log : console.error)(
      'tandem new NAME\n\nWrites a small project into the folder NAME: a notebook, a module and a workflow.',
    );
    return isHelp ? 0 : 2;
  }
  const folder = resolve(name);
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    console.error(`${folder} is there already and is not empty: give another name.`);
    return 2;
  }
  cpSync(join(__dirname, 'template'), folder, { recursive: true });
  // npm packs no .gitignore.
  renameSync(join(folder, 'gitignore'), join(folder, '.gitignore'));
  const manifest = join(folder, 'package.json');
  const packageName = basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[._-]+/, '');
  const { version } = require('./package.json');
  writeFileSync(
    manifest,
    readFileSync(manifest, 'utf8')
      .replace('{name}', packageName || 'project')
      .replace('{version}', version),
  );
  console.log(
    `${name}/ is ready:\n\n    cd ${name}\n    npx tandem report     runs the notebook and writes reports/index.html\n    npx tandem lab        opens it in JupyterLab`,
  );
  return 0;
}

module.exports = { create };
