/**
 * Before the first test: the kernel and the commands run from dist/, which must be what the sources
 * say, and kernels run on the Node of the tests.
 */
module.exports = async () => {
  process.env.TANDEM_NODE = process.execPath;
  await require('../scripts/setup').ensure();
};
