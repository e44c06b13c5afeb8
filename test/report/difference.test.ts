import type { Notebook, Output } from '../../src/report/notebook';
import { differences } from '../../src/report/run/difference';

const notebook = (...cells: Output[][]): Notebook => ({
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {},
  cells: cells.map((outputs) => ({ cell_type: 'code', source: '1', metadata: {}, outputs })),
});
const stream = (text: string): Output => ({ output_type: 'stream', name: 'stdout', text });
const data = (bundle: object): Output => ({ output_type: 'display_data', data: bundle });

const compared = (a: Output[], b: Output[], tolerance = 1e-4) =>
  differences(notebook(a), notebook(b), tolerance);

test.each([
  ['the same', 'loss 0.5', 'loss 0.5'],
  ['numbers within the tolerance', 'loss 0.50000', 'loss 0.50009'],
  ['large numbers within it', '10000.0 weights', '10000.9 weights'],
  ['other durations', 'took 3.1 s, 0:25 min, 12 steps/s', 'took 12.9 s, 1:07 min, 9.5 steps/s'],
  ['numbers of other width in columns', 'a   9.99999 |', 'a  10.00000 |'],
])('%s are equal', (_, a, b) => {
  expect(compared([stream(a)], [stream(b)])).toEqual([]);
});

test.each([
  ['another word', 'loss 0.5', 'gain 0.5'],
  ['a number beyond the tolerance', 'loss 0.5000', 'loss 0.5002'],
  ['a number too many', '[1, 2]', '[1, 2, 3]'],
  ['another sign', 'x -1', 'x 1'],
])('%s is a difference', (_, recorded, found) => {
  expect(compared([stream(recorded)], [stream(found)])).toEqual([
    { cell: 1, where: 'stream', recorded, found },
  ]);
});

test('a tolerance of 0 takes each digit as it is', () => {
  expect(compared([stream('0.1')], [stream('0.1')], 0)).toEqual([]);
  expect(compared([stream('0.1')], [stream('0.10000001')], 0)).toHaveLength(1);
});

test('how a stream is cut into messages, and what a picture looks like, does not count', () => {
  const picture = (base64: string) => data({ 'image/png': base64, 'text/plain': 'a picture' });
  const a = [stream('one\n'), stream('two\n'), picture('AAAA')];
  const b = [stream('one\ntwo\n'), picture('BBBB')];
  expect(compared(a, b)).toEqual([]);
});

test('an output that is missing, and another number of cells, is a difference', () => {
  expect(compared([stream('x'), data({ 'text/plain': 'y' })], [stream('x')])).toEqual([
    { cell: 1, where: 'kinds of output', recorded: 'stream, text/plain', found: 'stream' },
  ]);
  expect(differences(notebook([], []), notebook([]), 0)).toMatchObject([{ where: 'notebook' }]);
});

test('a number inside a figure is named by its path', () => {
  const figure = (y: number) => data({ 'application/json': { data: [{ y: [1, y] }] } });
  expect(compared([figure(2)], [figure(2.00001)])).toEqual([]);
  expect(compared([figure(2)], [figure(3)])).toEqual([
    { cell: 1, where: 'application/json data 0 y 1', recorded: '2', found: '3' },
  ]);
});
