// What set-up is doing: on a terminal one line, updated in place; elsewhere a line for each step, and one each
// ten seconds that a step takes.

const out = process.stderr;

/** The steps that are running: { title, started, latest }. */
const running = new Set();
let timer;

const seconds = ({ started }) => `${Math.round((Date.now() - started) / 1000)} s`;
const clear = () => (out.isTTY ? '\r\x1b[2K' : '');

function draw() {
  const columns = out.columns || 80;
  const steps = [...running].map((step) => `${step.title}  ${seconds(step)}`).join(', ');
  // The output of the step that has run the longest.
  const latest = running.values().next().value?.latest ?? '';
  out.write(`${clear()}${`${steps}  ${latest}`.slice(0, columns - 1)}`);
}

function tell() {
  for (const step of running)
    out.write(`${step.title}  ${seconds(step)}  ${step.latest}`.trimEnd().concat('\n'));
}

/** Runs a step under its title. Several may run at once. */
async function report(title, run) {
  const step = { title, started: Date.now(), latest: '' };
  running.add(step);
  if (!out.isTTY) out.write(`${title} …\n`);
  timer ??= out.isTTY ? setInterval(draw, 200) : setInterval(tell, 10_000);
  const end = (word) => {
    running.delete(step);
    if (running.size === 0) timer = clearInterval(timer);
    out.write(`${clear()}${title}  ${word} after ${seconds(step)}\n`);
  };
  try {
    await run((line) => {
      step.latest = line;
    });
  } catch (error) {
    end(error.stopped ? 'stopped' : 'failed');
    throw error;
  }
  end('done');
}

module.exports = { report };
