/** Node's environment, in which only the files that import outside.ts can start Python, a kernel or a browser. */
const { TestEnvironment } = require('jest-environment-node');
const { needsOutside } = require('./needs');

const guard = require.resolve('./guard');
const options = process.env.NODE_OPTIONS ?? '';

module.exports = class extends TestEnvironment {
  constructor(config, context) {
    require(guard);
    const inside = !needsOutside(context.testPath);
    process.env.TANDEM_TEST_INSIDE = inside ? '1' : '';
    process.env.NODE_OPTIONS = inside ? `${options} --require ${guard}` : options;
    super(config, context);
  }
};
