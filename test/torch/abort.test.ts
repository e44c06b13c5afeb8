import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'tandem-torch';
import { program } from './program';

// What once ended the process, or could have: each must be an error that can be caught.

const seconds = process.env.TANDEM_TEST_QUICK === '1' ? 5 : 30;

test(`${seconds} s of refused calls, hooks and custom functions, with a heap that is collected all the time`, async () => {
  const seed = Math.floor(Date.now() / 1000) % 100_000;
  const found = await program('refusals.js', [seconds, seed], {
    flags: ['--max-semi-space-size=1', '--stack-size=700'],
  }).catch((error) => `seed ${seed}: ${error}`);
  expect(found).toMatchObject({ survived: expect.any(Number), thrown: expect.any(Number) });
});

test('a library that throws something else than an exception', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-'));
  const preload = join(folder, 'throws.so');
  try {
    execFileSync('g++', ['-shared', '-fPIC', '-x', 'c++', '-o', preload, '-'], {
      input: 'namespace at { int get_num_threads() { throw 42; } }',
    });
    const found = await program(
      `try {
        torch.getNumThreads();
      } catch (error) {
        console.log(JSON.stringify(error.message));
      }`,
      [],
      { preload },
    );
    expect(found).toMatch('PyTorch threw something that is not an exception');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('an array that JavaScript has no room for', async () => {
  const found = await program(
    `const x = torch.empty([6e9], { dtype: 'uint8' });
    const codes = [() => x.toTypedArray(), () => x.toArray(), () => x.tolist()].map((run) => {
      try {
        return run().length;
      } catch (error) {
        return error.code;
      }
    });
    console.log(JSON.stringify([...codes, x.narrow(0, 0, 2).toTypedArray().length]));`,
    [],
    { memory: 13_000_000 },
  );
  expect(found).toEqual([...Array(3).fill('OutOfMemoryError'), 2]);
});

test('an array that shrinks while the shape is read', async () => {
  const found = await program(`
    const buffer = new ArrayBuffer(1 << 24, { maxByteLength: 1 << 25 });
    const shape = [1 << 22];
    Object.defineProperty(shape, 0, { get: () => (buffer.resize(0), 1 << 22) });
    try {
      torch.tensor(new Float32Array(buffer, 0, 1 << 22), { shape });
    } catch (error) {
      console.log(JSON.stringify(error.message));
    }`);
  expect(found).toMatch('the array has 0 bytes, but shape [4194304] of float32 needs 16777216');
});

test('an error that a getter throws while the arguments are read comes out as it is', () => {
  const error = new RangeError('mine');
  const number = {
    get float(): number {
      throw error;
    },
  };
  expect(() => torch.full([2], number as never)).toThrow(error);
  expect(() => torch.ones(2).add(number as never)).toThrow(error);
});

test('an operator that a getter looks up while the arguments of another are read', () => {
  const number = {
    get float() {
      // As many as the table of operators has to grow for.
      for (const name of ['acosh', 'asinh', 'atanh', 'erfc', 'expm1', 'i0', 'lgamma', 'sinc']) {
        (torch.ops.aten as never as Record<string, (x: torch.Tensor) => void>)[name]!(
          torch.ones(2),
        );
      }
      return 2;
    },
  };
  expect(torch.full([1], number as never).item()).toBe(2);
});

// An External of an addon of its own, which points to no memory at all.
const foreign = `
typedef void *any;
int napi_create_external(any env, any data, any finalize, any hint, any *result);
any napi_register_module_v1(any env, any exports) {
  any external = 0;
  napi_create_external(env, (any)8, 0, 0, &external);
  return external;
}`;

test('handles of another kind, and those of other addons, are refused', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-foreign-'));
  try {
    const file = join(folder, 'foreign.node');
    execFileSync('g++', ['-shared', '-fPIC', '-x', 'c', '-', '-o', file], {
      input: foreign,
    });
    const found = await program(
      `
      const { native } = require('./src/torch/dist/native');
      const y = torch.ones([1], { requiresGrad: true }).mul(2);
      const others = [require(process.argv[1]), y.gradFn.handle, torch.defaultGenerator.handle, {}, null, 'seven'];
      const messages = others.flatMap((handle) =>
        [() => native.shape(handle), () => new torch.Tensor(handle).add(1)].map((run) => {
          try {
            return run();
          } catch (error) {
            return error.code;
          }
        }),
      );
      console.log(JSON.stringify(messages));`,
      [file],
    );
    expect(found).toEqual(Array(12).fill('TypeError'));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each([
  [
    'a hook',
    'torch.ones([1], { requiresGrad: true }).mul(2)',
    'y.registerHook(() => process.exit(0))',
  ],
  [
    'a warning',
    'torch.ones([1], { requiresGrad: true }).mul(2)',
    'process.emitWarning = () => process.exit(0); y.grad',
  ],
])('the process ends inside of %s without a crash', async (_, made, leave) => {
  expect(
    await program(
      `console.log(1); const y = ${made}; ${leave}; y.sum().backward(); console.log('went on');`,
    ),
  ).toBe(1);
});
