// Inference in four threads at once, and what goes wrong in them.
const torch = require('../../../src/torch/dist');
const { makeNet } = require('./training-module.js');

const thrown = (promise) =>
  promise.then(
    (value) => ({ value }),
    (error) => `${error.constructor.name}: ${error.message.split('\n')[0]}`,
  );

async function main() {
  torch.setNumThreads(1);
  torch.manualSeed(0);
  const net = makeNet();
  const inputs = Array.from({ length: 12 }, () => torch.randn(8, 1, 28, 28));
  const want = inputs.map((x) => torch.noGrad(() => net.call(x)));
  const file = require.resolve('./training-module.js');
  const pool = new torch.WorkerPool(file, { size: 4 });
  const threads = await pool.each('load', net.stateDict());
  const got = await Promise.all(inputs.map((x) => pool.call('predict', x)));
  const refused = [];
  for (const name of ['failing', 'throwing', 'graph', 'uncloneable', 'missing']) {
    refused.push(await thrown(pool.call(name)));
  }
  refused.push(await thrown(pool.call('predict', () => 1)));
  const left = [await thrown(pool.call('leave'))];
  // The others go on.
  const after = await pool.call('predict', inputs[0]);
  const waiting = thrown(pool.call('wait'));
  await new Promise((resolve) => setTimeout(resolve, 50));
  await pool.close();
  left.push(await waiting, await thrown(pool.call('predict', inputs[0])));
  left.push(await thrown(new torch.WorkerPool('/nowhere/at-all.js', { size: 1 }).call('predict')));
  try {
    new torch.WorkerPool(file, { size: 0 });
  } catch (error) {
    left.push(error.message);
  }
  console.log(
    JSON.stringify({
      threads,
      same: got.map((y, i) => torch.equal(y, want[i])),
      after: torch.equal(after, want[0]),
      refused,
      left,
    }),
  );
}

main();
