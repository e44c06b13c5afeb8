// A server whose process trains a model: the requests answered meanwhile, with the model as it is then, the steps in whose
// middle a whole request was served, and the longest time for which the event loop was not free.
const { once } = require('node:events');
const { createServer, get } = require('node:http');
const { monitorEventLoopDelay } = require('node:perf_hooks');
const torch = require('../../../src/torch/dist');

async function main() {
  torch.manualSeed(0);
  const pool = new torch.WorkerPool(require.resolve('./training-module.js'), { size: 1 });
  const { makeNet } = require('./training-module.js');
  const net = makeNet();
  const x = torch.randn(1, 1, 28, 28);
  const step = new Int32Array(new SharedArrayBuffer(4));
  const inSteps = new Set();
  const server = createServer((_, response) => {
    const now = Atomics.load(step, 0);
    const y = torch.noGrad(() => net.call(x));
    if (now > 0 && Atomics.load(step, 0) === now) inSteps.add(now);
    response.end(JSON.stringify(y.toArray()[0]));
  }).listen(0);
  await once(server, 'listening');
  const ask = async () => {
    const [response] = await once(get({ port: server.address().port }), 'response');
    let body = '';
    for await (const part of response) body += part;
    return body;
  };
  await ask();
  await pool.call('warmUp');
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const start = performance.now();
  let training = true;
  const trained = pool
    .call('train', net.stateDict(), Number(process.argv[2]), step)
    .finally(() => (training = false));
  const answers = [];
  while (training) answers.push(await ask());
  const { losses } = await trained;
  delay.disable();
  server.close();
  await pool.close();
  console.log(
    JSON.stringify({
      losses,
      requests: answers.length,
      steps: inSteps.size,
      different: new Set(answers).size,
      seconds: (performance.now() - start) / 1000,
      longest: delay.max / 1e9,
      p99: delay.percentile(99) / 1e9,
    }),
  );
}

main();
