// What a person's project needs of Tandem, packed into project.tgz: a folder would be taken for packages inside a package.
const { spawnSync } = require('node:child_process');
const { cpSync, mkdtempSync, readdirSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { basename, join, resolve } = require('node:path');

const root = resolve(__dirname, '../..');

/** TypeScript is built already; but some programs are there to be read and compared. */
function isNeeded(path) {
  const from = path.slice(root.length + 1);
  if (/^(src\/.*\/build|data\/cache)$/.test(from)) return false;
  if (['__pycache__', 'node_modules', '.tandem-stamp', '.tsbuildinfo'].includes(basename(path)))
    return false;
  if (/\.map$/.test(path)) return false;
  const isSource = /\.ts$/.test(path) && !/\.d\.ts$/.test(path);
  return (
    !isSource || /^src\/(examples|pairs\/examples|experiments\/choosing\/programs)\//.test(from)
  );
}

/** Writes project.tgz. */
function stage() {
  const scripts = readdirSync(join(root, 'scripts')).filter((name) => name !== 'tandem-lab');
  const parts = [
    ...['dist', 'src', 'kernels', 'data', 'scripts/tandem-lab/package.json'],
    ...scripts.map((name) => `scripts/${name}`),
    ...[
      'package.json',
      'package-lock.json',
      'requirements',
      'requirements.txt',
      '.npmrc',
      'LICENSE',
    ],
  ];
  const project = mkdtempSync(join(tmpdir(), 'tandem-lab-'));
  try {
    for (const part of parts)
      cpSync(join(root, part), join(project, part), { recursive: true, filter: isNeeded });
    // The same files give the same archive.
    const same = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner'];
    const file = join(__dirname, 'project.tgz');
    const { status, stderr } = spawnSync('tar', ['-czf', file, ...same, '-C', project, '.'], {
      encoding: 'utf8',
      env: { ...process.env, GZIP: '-n' },
    });
    if (status !== 0) throw new Error(`${file} can't be written: ${stderr.trim()}`);
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
}

module.exports = { stage };
