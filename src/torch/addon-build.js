// Where an addon is built. make and node-gyp take paths apart at spaces and some other characters, and a person's folders
// may have any name: so the build runs in a temporary folder, which has links to what lies elsewhere.

const {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
} = require('node:fs');
const { tmpdir } = require('node:os');
const { basename, dirname, join, resolve } = require('node:path');

/** Node's own headers, if its installation has them; otherwise node-gyp fetches them. */
function nodeHeaders() {
  const prefix = resolve(dirname(realpathSync(process.execPath)), '..');
  return existsSync(join(prefix, 'include/node/node_api.h')) ? prefix : undefined;
}

/**
 * A copy of an addon's `source`, or of the named `parts` of it, without what was built there. `links` are folders that the
 * build finds under these names. Returns the copy's folder; node-gyp's `args`; `take`, which puts the built `file` into
 * the folder `to`; and `remove`, to be called at the end.
 */
function addonBuild(source, { parts = ['.'], links = {}, file, to }) {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-build-'));
  const filter = (path) => basename(path) !== 'build';
  for (const part of parts)
    cpSync(join(source, part), join(folder, part), { recursive: true, filter });
  for (const [name, target] of Object.entries(links)) symlinkSync(target, join(folder, name));
  const args = ['rebuild', '--jobs=max', `--directory=${folder}`];
  const headers = nodeHeaders();
  if (headers) {
    symlinkSync(headers, join(folder, 'node'));
    args.push(`--nodedir=${join(folder, 'node')}`);
  }
  return {
    folder,
    args,
    take() {
      mkdirSync(to, { recursive: true });
      // A process that has loaded the old file keeps it.
      rmSync(join(to, file), { force: true });
      cpSync(join(folder, 'build/Release', file), join(to, file));
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Why libraries in a folder can't be linked; undefined if they can. Paths of libraries end at a colon, gyp adds quotes. */
const linkProblem = (folder) => {
  const odd = /[":\n]/.exec(folder)?.[0];
  return odd && `a library in ${folder} can't be linked because of the ${JSON.stringify(odd)}`;
};

/** A text that stands for itself in a makefile's command. */
const literal = (text) =>
  `'${text.replaceAll("'", "'\\''").replaceAll('$', '$$$$').replaceAll('#', '\\#')}'`;

/** {@link addonBuild} of this package's addon, for the PyTorch in the folder `torch`. */
function torchBuild(torch, links = {}) {
  const native = join(__dirname, 'native');
  const to = join(native, 'build/Release');
  const build = addonBuild(native, { links: { ...links, torch }, file: 'torch.node', to });
  build.args.push(
    `--torch_dir=${join(build.folder, 'torch')}`,
    `--torch_libraries=${literal(join(torch, 'lib'))}`,
  );
  return build;
}

module.exports = { addonBuild, linkProblem, torchBuild };
