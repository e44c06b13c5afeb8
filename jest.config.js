const { needsOutside, testFiles } = require('./test/needs');

const quick = process.env.TANDEM_TEST_QUICK === '1';

/** Tests mirror src/ and run straight from TypeScript; types are checked by the build before them. */
module.exports = {
  testEnvironment: '<rootDir>/test/environment.js',
  roots: ['<rootDir>/test'],
  testMatch: quick ? testFiles().filter((file) => !needsOutside(file)) : ['**/*.test.ts'],
  globalSetup: '<rootDir>/test/set-up.js',
  maxWorkers: '100%',
  // Nothing here is timed: a busy machine is no failure, and only what hangs meets this.
  testTimeout: 900_000,
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022' }, module: { type: 'commonjs' } }],
  },
  // The package by its own name, as the examples and notebooks import it.
  moduleNameMapper: {
    '^(tandem-torch|tandem/torch)$': '<rootDir>/src/torch/index',
    '^tandem-torch/internal$': '<rootDir>/src/torch/internal',
    '^tandem/(.*)$': '<rootDir>/src/$1',
  },
  modulePathIgnorePatterns: [
    '<rootDir>/dist',
    '<rootDir>/src/torch/dist',
    '<rootDir>/.venv',
    '<rootDir>/reports',
  ],
};
