// Puts the generated files for one version of torch into a folder: the committed ones if they are that version's, else
// what generate.py writes. Plain JavaScript, since set-up and installation run it.

const { spawnSync } = require('node:child_process');
const { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

/** The release in a version, or in a line that has one: `2.13.0` of `2.13.0+cpu`. */
const release = (text) => /\d+\.\d+\.\d+/.exec(text)?.[0];

/** Where the files of the pinned version are: beside this file, or in the build that a package has in their place. */
const committed = [__dirname, join(__dirname, '../dist/generated')].find((folder) =>
  existsSync(join(folder, 'functions.js')),
);

/** The version of torch that the committed files are generated from. */
const committedVersion = () =>
  release(readFileSync(join(committed, 'functions.js'), 'utf8').split('\n', 1)[0]);

/** The version of torch in its folder, if it is there. It is read from a file, since importing torch takes seconds. */
function torchVersion(torch) {
  const file = torch && join(torch, 'version.py');
  return file && existsSync(file) ? release(readFileSync(file, 'utf8')) : undefined;
}

/**
 * Writes the files for the torch in the folder `torch`, which `python` imports, to the folder `to`; without a torch,
 * those of the pinned version.
 */
function generate({ python, torch, to }) {
  const version = torchVersion(torch);
  if (version === undefined || version === committedVersion()) {
    if (to === committed) return;
    mkdirSync(to, { recursive: true });
    for (const name of readdirSync(committed)) {
      if (/\.d\.ts$|\.js$/.test(name) && name !== 'generate.js') {
        copyFileSync(join(committed, name), join(to, name));
      }
    }
    return;
  }
  const script = join(__dirname, 'generate.py');
  const { status, stderr } = spawnSync(python, [script, to], { encoding: 'utf8' });
  if (status !== 0) {
    const why = stderr?.trim().split('\n').at(-1) ?? `${python} can't be started`;
    throw new Error(`The operators of torch ${version} can't be generated: ${why}`);
  }
}

module.exports = { generate, torchVersion };
