// The kernel in a Jupyter: its kernelspecs, and the extension that shows figures in JupyterLab's theme.

const { cpSync, existsSync, readFileSync, rmSync } = require('node:fs');
const { isAbsolute, join } = require('node:path');
const { at, root } = require('./paths');
const { writeStamp } = require('./stamps');

const specFile = at('kernels/tandem/kernel.json');
const lookFolder = at('kernels/tandem/lab');

/** The files that an installed kernel is made from. */
const kernelSources = [specFile, lookFolder];

/** Where the parts are below a Jupyter's data folder. */
const places = (share, name) => ({
  typescript: join(share, 'kernels', name, 'kernel.json'),
  javascript: join(share, 'kernels', `${name}-javascript`, 'kernel.json'),
  look: join(share, 'labextensions/tandem-look'),
});

/** Installs the kernel into a Jupyter's data folder, `<prefix>/share/jupyter` for one. Returns the two kernelspecs. */
function installKernel(share, name = 'tandem') {
  const { typescript, javascript, look } = places(share, name);
  const spec = JSON.parse(
    readFileSync(specFile, 'utf8')
      .replaceAll('{node}', process.execPath)
      .replaceAll('{root}', root),
  );
  const suffix = name === 'tandem' ? 'Tandem' : `Tandem, ${name}`;
  const inJavaScript = { argv: [...spec.argv, 'javascript'], language: 'javascript' };
  const write = (path, content) => writeStamp(path, JSON.stringify(content, undefined, 2));
  write(typescript, { ...spec, display_name: `TypeScript (${suffix})` });
  write(javascript, { ...spec, ...inJavaScript, display_name: `JavaScript (${suffix})` });
  rmSync(look, { recursive: true, force: true });
  cpSync(lookFolder, look, { recursive: true });
  return [typescript, javascript];
}

/** Whether the kernel is in a Jupyter's data folder, and the Node that it names is there. */
function isKernelInstalled(share) {
  const { typescript, javascript, look } = places(share, 'tandem');
  if (![typescript, javascript, look].every((path) => existsSync(path))) return false;
  return existsSync(JSON.parse(readFileSync(typescript, 'utf8')).argv.find(isAbsolute));
}

module.exports = { installKernel, isKernelInstalled, kernelSources };
