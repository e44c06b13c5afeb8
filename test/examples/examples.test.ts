import { readFileSync } from 'node:fs';
import { examples } from '../../src/examples';
import { main } from '../../src/examples/cli';
import { inProject } from '../../src/files/paths';
import { askPython } from '../python';

const steps = 4;

test.each(Object.entries(examples))(
  '%s equals its twin in Python',
  async (name, train) => {
    const python = JSON.parse(
      askPython([inProject(`src/parity/python/examples/${name}.py`), `--steps=${steps}`], {
        framework: 'torch',
      }),
    );
    const losses: number[] = [];
    const training = train({ steps });
    let step = await training.next();
    for (; !step.done; step = await training.next()) losses.push(step.value);
    expect({ losses, result: step.value }).toEqual(python);
    expect(losses).toHaveLength(steps);
  },
  60_000,
);

test.each(Object.keys(examples))('%s is short enough to be read', (name) => {
  const lines = readFileSync(inProject(`src/examples/${name}.ts`), 'utf8').split('\n');
  expect(lines.length).toBeLessThan(120);
});

test.each([
  [['gan'], /Unknown example 'gan': choose .*resnet/],
  [[], /Which example: choose/],
  [['vae', '--steps=-1'], /--steps is '-1', but must be a whole number from 1/],
  [['vae', '--stepz', '3'], /Unknown option '--stepz'/],
])('npm run example -- %j is refused in one line', async (argv, message) => {
  await expect(main(argv)).rejects.toThrow(message);
});
