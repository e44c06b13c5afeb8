// A line for each step: updated in place on a terminal, plain elsewhere.

const out = process.stderr;

/** Runs a step under its title; on a terminal the line shows the time and the step's output. */
async function report(title, run) {
  const started = Date.now();
  const elapsed = () => `${Math.round((Date.now() - started) / 1000)} s`;
  let latest = '';
  let timer;
  if (out.isTTY) {
    const draw = () => {
      const room = Math.max(0, (out.columns || 80) - title.length - elapsed().length - 6);
      out.write(`\r\x1b[2K${title}  ${elapsed()}  ${latest.slice(0, room)}`);
    };
    timer = setInterval(draw, 200);
    draw();
  } else {
    out.write(`${title} …\n`);
  }
  const end = (word) => {
    clearInterval(timer);
    out.write(`${out.isTTY ? '\r\x1b[2K' : ''}${title}  ${word} after ${elapsed()}\n`);
  };
  try {
    await run((line) => {
      latest = line;
    });
  } catch (error) {
    end('failed');
    throw error;
  }
  end('done');
}

module.exports = { report };
