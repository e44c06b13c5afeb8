// The directions of imports, as ARCHITECTURE.md draws them. Cycles are the linter's (biome.json), which leaves
// out imports of types.

/** What each part of src/ may import besides itself and the files of src/ itself. */
const imports = {
  torch: [],
  tensorflow: [],
  data: [],
  examples: ['data', 'torch'],
  models: ['tensorflow', 'torch', 'training/recipe'],
  training: ['data', 'models', 'tensorflow', 'torch'],
  compare: ['data', 'examples', 'models', 'tensorflow', 'torch', 'training'],
  pairs: ['tensorflow', 'torch'],
  plots: ['compare', 'data', 'pairs', 'training'],
  notebook: ['pairs', 'plots', 'torch', 'training'],
  report: ['compare', 'data', 'pairs', 'plots', 'training'],
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
    ...Object.entries(imports).map(([part, others]) =>
      rule(
        `${part}-imports`,
        `^src/${part}/`,
        [part, ...others].map((other) => `src/${other}`),
      ),
    ),
    {
      name: 'torch-stands-alone',
      severity: 'error',
      from: { path: '^src/torch/' },
      to: { path: '^src/', pathNot: '^src/torch/' },
    },
    rule('shared-files-import-no-part', '^src/[^/]+[.]ts$', []),
    rule('kernel-imports', '^kernels/', ['kernels', 'src/notebook', 'src/tensorflow']),
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
