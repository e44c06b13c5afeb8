// A worker alone loads torch, and is gone when this thread lets go of what it shared.
const { once } = require('node:events');
const { setFlagsFromString } = require('node:v8');
const { Worker } = require('node:worker_threads');

async function main() {
  setFlagsFromString('--expose-gc');
  const worker = new Worker(
    `const torch = require('./src/torch/dist');
     require('node:worker_threads').parentPort.postMessage(torch.share(torch.ones(1 << 20)));`,
    { eval: true },
  );
  let [sent] = await once(worker, 'message');
  await once(worker, 'exit');
  const { byteLength } = sent.sharedTensor;
  sent = undefined;
  require('node:vm').runInNewContext('gc')();
  await new Promise((resolve) => setTimeout(resolve, 20));
  console.log(byteLength);
}

main();
