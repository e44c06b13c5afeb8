import * as torch from 'tandem-torch';
import { program } from './program';

const leaf = () => torch.ones([1], { requiresGrad: true });
const soon = () => new Promise((resolve) => setImmediate(resolve));
const records = () => leaf().mul(2).requiresGrad;

test('modes nest, and end with an error', () => {
  expect(torch.noGrad(records)).toBe(false);
  expect(torch.noGrad(() => torch.enableGrad(records))).toBe(true);
  expect(torch.noGrad(() => [torch.enableGrad(records), records()])).toEqual([true, false]);
  expect(() =>
    torch.noGrad(() => {
      throw new Error('inside');
    }),
  ).toThrow('inside');
  expect([records(), torch.isGradEnabled()]).toEqual([true, true]);
});

test('setGradEnabled holds to the end of the mode around it', () => {
  torch.noGrad(() => {
    torch.setGradEnabled(true);
    expect(records()).toBe(true);
  });
  expect(records()).toBe(true);
  torch.setGradEnabled(false);
  expect(records()).toBe(false);
  torch.setGradEnabled(true);
});

test('inference mode makes tensors that no graph may use', () => {
  const x = torch.inferenceMode(() => {
    expect([torch.isInferenceModeEnabled(), torch.isGradEnabled()]).toEqual([true, false]);
    return torch.ones([2]);
  });
  expect(torch.isInferenceModeEnabled()).toBe(false);
  expect(x.isInference()).toBe(true);
  const w = leaf();
  expect(() => w.mul(x)).toThrow('Inference tensors cannot be saved for backward.');
  expect(() => x.requiresGrad_()).toThrow(/requires_grad=True on inference tensor/);
  expect(torch.noGrad(() => w.mul(x)).requiresGrad).toBe(false);
});

test('async functions keep their own mode while they take turns', async () => {
  const turns: string[] = [];
  const work = async (name: string, want: boolean) => {
    for (let i = 0; i < 4; i++) {
      expect(records()).toBe(want);
      turns.push(name);
      await soon();
    }
    return want;
  };
  const results = await Promise.all([
    torch.noGrad(() => work('no', false)),
    work('plain', true),
    torch.noGrad(() => torch.enableGrad(() => work('enabled', true))),
    torch.inferenceMode(async () => {
      await soon();
      expect(torch.isInferenceModeEnabled()).toBe(true);
      return work('inference', false);
    }),
  ]);
  expect(results).toEqual([false, true, true, false]);
  expect(turns.slice(0, 3)).toEqual(['no', 'plain', 'enabled']);
  expect([torch.isGradEnabled(), torch.isInferenceModeEnabled()]).toEqual([true, false]);
});

test.each(['noGrad', 'inferenceMode', 'enableGrad'])(
  'a process’s first async %s holds',
  async (mode) => {
    const outer = mode === 'enableGrad' ? 'torch.noGrad' : '(run) => run()';
    expect(
      await program(`
      const w = torch.ones([1], { requiresGrad: true });
      const records = () => w.mul(2).requiresGrad;
      (${outer})(() => torch.${mode}(async () => {
        const seen = [records()];
        await null;
        seen.push(records());
        await new Promise((resolve) => setTimeout(resolve, 1));
        seen.push(records());
        return seen;
      })).then((seen) => console.log(JSON.stringify([...seen, records()])));`),
    ).toEqual([...Array(3).fill(mode === 'enableGrad'), true]);
  },
);

test('modes that end in another order than they began leave recording as it was', async () => {
  let releaseFirst!: () => void;
  const first = torch.noGrad(async () => {
    await new Promise<void>((resolve) => {
      releaseFirst = resolve;
    });
    expect(records()).toBe(false);
  });
  const second = torch.noGrad(async () => {
    await soon();
    releaseFirst();
    await first;
    expect(records()).toBe(false);
    throw new Error('late');
  });
  await expect(second).rejects.toThrow('late');
  expect(records()).toBe(true);
  await soon();
  expect(records()).toBe(true);
});

test('a change of recording inside an async function lasts over its awaits', async () => {
  await torch.noGrad(async () => {
    torch.setGradEnabled(true);
    await soon();
    expect(records()).toBe(true);
  });
  expect(records()).toBe(true);
});

test('what a mode’s function leaves behind runs outside of it', async () => {
  let later!: Promise<boolean>;
  await torch.noGrad(async () => {
    later = (async () => {
      for (let i = 0; i < 5; i++) await soon();
      return records();
    })();
    await soon();
  });
  expect(await later).toBe(true);
});

test('backward in an async mode, timers and tidy together', async () => {
  const w = leaf();
  const loss = await torch.tidy(async () => {
    const y = await torch.noGrad(async () => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      return torch.ones([1]).mul(3);
    });
    const product = w.mul(y).sum();
    product.backward();
    return product.item();
  });
  expect([loss, w.grad!.item()]).toEqual([3, 3]);
});
