import { readFileSync } from 'node:fs';
import * as torch from 'tandem-torch';
import { inProject } from '../../src/files/paths';
import { ops } from '../../src/parity/ops';
import { reasonOf, reasonTable } from '../../src/parity/ops/reasons';
import { difference } from '../../src/parity/ops/values';
import type { SuiteResult } from '../../src/parity/suite';
import '../outside';

const run = (only: string) => ops({ seed: 0, only, log: () => {} });

const operators = [
  'add',
  'linalg.svd',
  '__getitem__',
  'uniform',
  'nn.functional.conv2d',
  'norm (nuc)',
];
const inPython = ['signal.windows.hann', 'masked.median'];
let results: SuiteResult[];

beforeAll(async () => {
  results = await run([...operators, ...inPython].join());
});

test('PyTorch’s samples of some operators are identical, forward and backward', () => {
  const [aten] = results;
  expect(aten).toMatchObject({
    ok: true,
    kind: 'aten',
    ops: operators.length,
    identicalOps: operators.length,
    share: 1,
    different: 0,
    unsupported: 0,
  });
  expect(aten!.samples).toBeGreaterThan(200);
  expect(aten!.identical).toBe(aten!.samples);
});

test('functions that Python writes itself are counted apart, with a reason where one is missing', () => {
  const python = results[1]!;
  expect(python).toMatchObject({ kind: 'python', ops: 2, identicalOps: 1, ok: true });
  expect(python.rest).toMatchObject([
    { name: 'masked.median', reason: reasonOf('masked.median'), first: expect.any(String) },
  ]);
});

test('calls that should be refused are, with PyTorch’s message', () => {
  const refused = results.find(({ kind }) => kind === 'refused')!;
  expect(refused.ok).toBe(true);
  expect(refused.samples).toBeGreaterThan(10);
  expect(refused.identical).toBe(refused.samples);
});

describe('difference', () => {
  const bytes = Buffer.alloc(16);
  bytes.writeFloatLE(1, 0);
  bytes.writeFloatLE(-0, 4);
  const python = {
    tensor: { dtype: 'float32', shape: [2], strides: [1], layout: 'strided', data: [0, 8] },
  };

  test('sees the sign of zero, the dtype, the shape and the strides', () => {
    const x = torch.tensor([1, -0], { dtype: 'float32' });
    expect(difference(x, python, bytes)).toBeNull();
    expect(difference(x.abs(), python, bytes)).toBe('other bits from byte 7 of 8');
    expect(difference(x.double(), python, bytes)).toBe('float64 instead of float32');
    expect(difference(x.view(1, 2), python, bytes)).toBe('shape [1, 2] instead of [2]');
    const apart = torch
      .tensor([1, 5, -0, 5], { dtype: 'float32' })
      .index(torch.slice(null, null, 2));
    expect(difference(apart, python, bytes)).toBe('strides [2] instead of [1]');
  });

  test('sees lists, numbers and other values', () => {
    expect(difference([1, true], [1, true], bytes)).toBeNull();
    expect(difference([1], [1, true], bytes)).toBe('1 results instead of 2');
    expect(difference(1, { float: 1 }, bytes)).toBeNull();
    expect(difference(Number.NaN, { float: 'nan' }, bytes)).toBeNull();
    expect(difference(null, python, bytes)).toBe('object instead of a tensor');
  });
});

test('the page on operators has the reasons', () => {
  const page = readFileSync(inProject('docs/torch-operators.md'), 'utf8');
  expect(page).toContain(reasonTable());
});
