const { command, frameworks } = require('./setup/command');

command({
  name: 'compare',
  usage: 'LEFT RIGHT [--json] [--map LEFT=RIGHT …] [--python FILE] [--steps N]',
  about: `
Compares two programs that should have the same model: says what differs, proves it and names the fix.
A program is a .py, .ts or .js file, or a saved Keras model (.keras, .h5, a model.json of TensorFlow.js).
Each program binds \`model\`, and optionally \`optimizer\`, \`loss\`, \`inputs\` and \`targets\`.
A data.py beside it may bind inputs and targets for both. See docs/pairs.md.

--json      prints one JSON object instead of text
--map a=b   layer a of the left is layer b of the right; can be repeated
--left-weights, --right-weights
            weights to load: .pt or .safetensors, for Keras .weights.h5
--python    the Python that runs .py programs, with their packages; .venv's by default
--samples   samples in the batch, if the programs have no inputs
--steps     steps of the loss curves; default 100, or 1 above 5 million parameters
--limit     seconds that a program may take for one answer; default 120
--output    folder of the page; default reports

Exit code 0: equal. 1: equal after changes, or different. 2: the call or a program was wrong.
An interrupt keeps the results so far on the page and in the JSON: 130 for Ctrl-C, 143 for SIGTERM.`,
  needs: frameworks,
  main: (argv) => require('../dist/src/report/compare').main(argv),
});
