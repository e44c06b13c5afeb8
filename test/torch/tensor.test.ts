import * as torch from 'tandem-torch';

const { TorchError } = torch;

/** The error that a call throws. */
function errorOf(call: () => unknown): InstanceType<typeof TorchError> {
  try {
    call();
  } catch (error) {
    expect(error).toBeInstanceOf(TorchError);
    return error as InstanceType<typeof TorchError>;
  }
  throw new Error('nothing was thrown');
}

describe('creation', () => {
  test('infers the dtype as PyTorch does', () => {
    expect(torch.tensor([1, 2]).dtype).toBe('int64');
    expect(torch.tensor([1, 2.5]).dtype).toBe('float32');
    expect(torch.tensor([true]).dtype).toBe('bool');
    expect(torch.tensor([{ re: 1, im: 2 }]).dtype).toBe('complex64');
    expect(torch.tensor(new Uint8Array([1])).dtype).toBe('uint8');
    expect(torch.tensor([]).dtype).toBe('float32');
  });

  test('takes typed arrays with a shape, and copies them', () => {
    const data = Float32Array.of(1, 2, 3, 4);
    const x = torch.tensor(data, { shape: [2, 2] });
    data[0] = 9;
    expect(x.toArray()).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  test('rejects ragged arrays and elements that are not numbers', () => {
    expect(errorOf(() => torch.tensor([[1, 2], [3]])).message).toMatch(
      /expected sequence of length 2 at dim 1 \(got 1\)/,
    );
    expect(errorOf(() => torch.tensor([1, [2]] as never)).code).toBe('ValueError');
    expect(errorOf(() => torch.tensor(['a'] as never)).message).toMatch(/a string, not a number/);
    expect(errorOf(() => torch.tensor(new Float32Array(3), { shape: [2, 2] })).message).toMatch(
      /has 12 bytes, but shape \[2, 2\] of float32 needs 16/,
    );
  });

  test('int64 comes as numbers, or as bigints where asked', () => {
    const x = torch.tensor([1, 2n ** 60n]);
    expect(x.toArray({ bigint: true })).toEqual([1n, 2n ** 60n]);
    expect(x.index(0).item()).toBe(1);
    expect(x.index(1).item()).toBe(2n ** 60n);
  });

  test('half precisions go through float32', () => {
    expect(torch.tensor([1.5], { dtype: 'float16' }).toTypedArray()).toEqual(Float32Array.of(1.5));
  });
});

describe('errors are PyTorch’s own, with the operator', () => {
  test('shapes', () => {
    const error = errorOf(() => torch.zeros(2, 3).matmul(torch.zeros(2, 3)));
    expect(error.message).toMatch(
      /matmul.*mat1 and mat2 shapes cannot be multiplied \(2x3 and 2x3\)/,
    );
    expect(error.op).toBe('matmul');
    expect(error.code).toBe('RuntimeError');
  });

  test('dtypes', () => {
    expect(errorOf(() => torch.zeros(2).long().softmax(0)).message).toMatch(
      /softmax.*not implemented for 'Long'/,
    );
    expect(errorOf(() => torch.zeros([2], { dtype: 'float33' as never })).message).toMatch(
      /unknown dtype 'float33'/,
    );
  });

  test('missing arguments, with the schema', () => {
    const error = errorOf(() => (torch.zeros(2) as unknown as { logSoftmax(): void }).logSoftmax());
    expect(error.message).toMatch(/missing required argument 'dim'/);
    expect(error.message).toMatch(/aten::log_softmax/);
  });

  test('unknown options, and arguments of the wrong type', () => {
    expect(errorOf(() => torch.zeros(2).argmax({ dimm: 0 } as never)).message).toMatch(
      /unexpected option 'dimm'/,
    );
    expect(errorOf(() => torch.relu('x' as never)).message).toMatch(
      /argument 'self' must be Tensor, not the string 'x'/,
    );
  });

  test('indices out of bounds', () => {
    expect(errorOf(() => torch.zeros(3).index(5)).code).toBe('IndexError');
    expect(
      errorOf(() => torch.nn.functional.crossEntropy(torch.zeros(1, 10), torch.tensor([99])))
        .message,
    ).toMatch(/Target 99 is out of bounds/);
  });

  test('a tensor after dispose', () => {
    const x = torch.ones(2);
    x.dispose();
    expect(x.isDisposed).toBe(true);
    expect(errorOf(() => x.add(1)).code).toBe('DisposedError');
    expect(errorOf(() => x.shape).message).toMatch(/used after it had been disposed of/);
  });

  test('item of several elements', () => {
    expect(errorOf(() => torch.ones(2).item()).message).toMatch(
      /a Tensor with 2 elements cannot be converted to Scalar/,
    );
  });
});

describe('assignment', () => {
  test('into slices, masks and single elements', () => {
    const x = torch.zeros(2, 3);
    x.indexSet([0, 1], 5);
    x.indexSet(1, torch.tensor([7, 8, 9]));
    x.indexSet(x.gt(7), { float: 0.5 });
    expect(x.toArray()).toEqual([
      [0, 5, 0],
      [7, 0.5, 0.5],
    ]);
  });
});

test('in-place methods return the tensor itself', () => {
  const x = torch.ones(2);
  expect(x.add_(1)).toBe(x);
  expect(x.toArray()).toEqual([2, 2]);
});

test('iterates over the first dimension', () => {
  expect([...torch.arange(4).view(2, 2)].map((row) => row.toArray())).toEqual([
    [0, 1],
    [2, 3],
  ]);
});
