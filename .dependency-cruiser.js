// The directions of imports, as ARCHITECTURE.md draws them. Cycles are the linter's (biome.json), which leaves
// out imports of types.

/** What each part of src/ may import besides itself; all but torch also import command and files. */
const imports = {
  torch: [],
  command: [],
  files: [],
  tensorflow: [],
  data: [],
  examples: ['data', 'torch'],
  models: ['tensorflow', 'torch', 'training/recipe'],
  training: ['data', 'models', 'tensorflow', 'torch'],
  experiments: ['data', 'models', 'tensorflow', 'torch', 'training'],
  pairs: ['tensorflow', 'torch'],
  plots: ['data', 'experiments', 'pairs', 'training'],
  notebook: ['pairs', 'plots', 'torch', 'training'],
  report: ['data', 'experiments', 'pairs', 'plots', 'training'],
  parity: ['data', 'examples', 'experiments', 'models', 'tensorflow', 'torch', 'training'],
  bench: ['data', 'models', 'parity', 'tensorflow', 'torch', 'training'],
};

const rule = (name, from, allowed) => ({
  name,
  severity: 'error',
  from: { path: from },
  to: {
    path: '^(src/[^/]+/|kernels/|scripts/|test/)',
    pathNot: allowed.map((folder) => `^${folder}(/|[.]ts$)`),
  },
});

module.exports = {
  forbidden: [
    ...Object.entries(imports).map(([part, others]) => {
      const all = part === 'torch' ? [part] : [part, 'command', 'files', ...others];
      return rule(
        `${part}-imports`,
        `^src/${part}/`,
        all.map((other) => `src/${other}`),
      );
    }),
    rule('kernel-imports', '^kernels/', [
      'kernels',
      'src/command',
      'src/files',
      'src/notebook',
      'src/tensorflow',
    ]),
    {
      name: 'torch-by-its-name',
      comment: 'src/torch is a package: others import tandem-torch or tandem-torch/internal',
      severity: 'error',
      from: { path: '^(src|kernels)/', pathNot: '^src/torch/' },
      to: { path: '^src/torch/', pathNot: '^src/torch/(index|internal)[.]ts$' },
    },
    {
      name: 'every-part-has-a-rule',
      severity: 'error',
      from: { path: '^src/([^/]+)/', pathNot: `^src/(${Object.keys(imports).join('|')})/` },
      to: {},
    },
    {
      name: 'imports-resolve',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    // dependency-cruiser reads TypeScript with the compiler up to version 6 only.
    parser: 'swc',
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
  },
};
