/** Models that Python has exported give Python's bits here, and those traced here give the same bits in Python. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'tandem-torch';
import { inProject } from '../../src/files/paths';
import { askPython } from '../python';
import { examplesOf } from './examples';
import { bits } from './python';

const { nn } = torch;
const F = nn.functional;
const { jit } = torch;

const folder = mkdtempSync(join(tmpdir(), 'tandem-models-'));
const at = (name: string) => join(folder, name);
/** The message of the TorchError with which a call is refused. */
function refused(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    expect(error).toBeInstanceOf(torch.TorchError);
    return (error as Error).message;
  }
  return 'nothing thrown';
}

let printed: string;
// biome-ignore lint/suspicious/noExplicitAny: what the file holds.
let expected: any;

beforeAll(() => {
  const exported = inProject('test/torch/models/exported.py');
  printed = askPython([exported, folder], { folder }).trimEnd();
  expected = torch.load(at('models.pt'));
}, 240_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a model of TorchScript', () => {
  test('gives what it gives in Python, traced, frozen and scripted', () => {
    const net = jit.load(at('net.pt'));
    expect(bits(net.call(expected.image))).toBe(bits(expected.net));
    for (const frozen of [jit.load(at('frozen.pt')), jit.freeze(net)]) {
      expect(bits(frozen.call(expected.image))).toBe(bits(expected.frozen));
      expect(frozen.parameters()).toEqual([]);
    }
    const tagger = jit.load(at('tagger.pt'));
    expect(bits(torch.noGrad(() => tagger.call(expected.words)))).toBe(bits(expected.tagger));
    const bytes = readFileSync(at('net.pt'));
    expect(bits(jit.load(bytes, 'cpu').call(expected.image))).toBe(bits(expected.net));
  });

  test('runs its control flow, takes arguments by name, gives nested results', () => {
    const walker = jit.load(at('walker.pt'));
    const [results, [sum, counts], scores] = walker.call(expected.x, { steps: 3 });
    expect(bits([results.x, results.twice, sum, scores.best])).toBe(bits(expected.walker));
    expect(counts).toEqual([3, 3]);
    expect(scores.count).toBe(3);
    const [offset] = walker.call(expected.x, 1, { all: torch.ones(1) });
    expect(bits(offset.x)).toBe(bits(expected.offset));
    expect(bits(walker.scaled(expected.x, 3))).toBe(bits(expected.scaled));
    expect(bits(walker.scaled(expected.x, { by: 3 }))).toBe(bits(expected.scaled));
  });

  test('is a module: it prints, trains, converts, copies and saves as one', () => {
    const net = jit.load(at('net.pt'));
    const walker = jit.load(at('walker.pt'));
    expect(`${net}\n${walker}`).toBe(printed);
    // What is held twice is one.
    expect(net.parameters()).toHaveLength(6);
    expect(net.fc.weight).toBe(net.tied.weight);
    expect([walker.scale, walker.labels]).toEqual([2.5, ['a', 'b']]);
    expect([...walker.stateDict().keys()]).toEqual([...expected.state.keys()]);

    expect([walker.training, walker.step.training]).toEqual([true, true]);
    walker.seen.zero_();
    walker.call(expected.x);
    walker.eval();
    walker.call(expected.x);
    expect([walker.training, walker.step.training, walker.seen.item()]).toEqual([false, false, 1]);
    walker.scale = 4;
    expect(walker.scaled(torch.ones(1)).item()).toBe(4);

    const optimizer = new torch.optim.SGD(walker.parameters(), { lr: 0.1 });
    const before = walker.step.weight.clone();
    walker.call(expected.x.abs(), { steps: 1 })[1][0].backward();
    optimizer.step();
    expect(torch.equal(walker.step.weight, before)).toBe(false);

    const copy = walker.deepcopy();
    copy.to('float64');
    expect(copy.step.weight.isLeaf && copy.step.weight.requiresGrad).toBe(true);
    expect([copy.step.weight.dtype, copy.seen.dtype, walker.step.weight.dtype]).toEqual([
      'float64',
      'float64',
      'float32',
    ]);
    expect(copy.call(expected.x.double())[0].x.dtype).toBe('float64');
    copy.save(at('copy.pt'));
    expect(jit.load(at('copy.pt')).step.weight.dtype).toBe('float64');

    class Around extends nn.Module {
      backbone = jit.load(at('net.pt'));
      forward(image: torch.Tensor) {
        return this.backbone.call(image).exp();
      }
    }
    const around = new Around();
    expect([...around.stateDict().keys()][0]).toBe('backbone.conv.weight');
    around.loadStateDict(around.deepcopy().stateDict());
    expect(bits(around.eval().call(expected.image))).toBe(bits(expected.net.exp()));
  });

  test('refuses what Python refuses, with its message', () => {
    const walker = jit.load(at('walker.pt'));
    expect(refused(() => walker.call())).toMatch(
      /^forward\(\) is missing value for argument 'x'\. Declaration: forward/,
    );
    expect(refused(() => walker.call(3))).toMatch(
      /^forward\(\) Expected a value of type 'Tensor' for argument 'x' but instead found type 'int'/,
    );
    expect(refused(() => walker.call(expected.x, { nope: 1 }))).toMatch(
      /^Unknown keyword argument 'nope' for operator 'forward'/,
    );
    expect(refused(() => walker.call(torch.ones(2, 4)))).toMatch(
      /mat1 and mat2 shapes cannot be multiplied/,
    );
  });
});

describe('a file that is no model', () => {
  const message = (file: string | Uint8Array) => refused(() => jit.load(file));

  test('is refused in one line that names it', () => {
    expect(message(at('nowhere.pt'))).toBe(
      `The provided filename ${at('nowhere.pt')} does not exist`,
    );
    writeFileSync(at('text.pt'), 'no model');
    cpSync(at('net.pt'), at('short.pt'));
    truncateSync(at('short.pt'), 3000);
    for (const name of ['text.pt', 'short.pt', 'models.pt']) {
      expect(message(at(name))).toMatch(
        new RegExp(
          `^${at(name)} isn't a model that can be loaded: PytorchStreamReader failed[^\\n]*$`,
        ),
      );
    }
  });

  test('ends nothing, wherever it is damaged', () => {
    const bytes = readFileSync(at('net.pt'));
    const refusals = new Set<string>();
    for (let place = 40; place < bytes.length; place += Math.ceil(bytes.length / 150)) {
      const damaged = new Uint8Array(bytes);
      damaged[place]! ^= 0xff;
      try {
        jit.load(damaged).call(expected.image);
      } catch (error) {
        expect(error).toBeInstanceOf(torch.TorchError);
        refusals.add((error as Error).message);
      }
    }
    expect(refusals.size).toBeGreaterThan(1);
  });
});

describe('a package of AOTInductor', () => {
  test('gives what it gives in Python, nested as there', () => {
    const model = torch._inductor.aotiLoadPackage(at('nested.pt2'));
    const [a, left, right, bias] = expected.pair;
    const result = model.call([a, { left, right }], { bias });
    const { h, parts } = expected.nested;
    expect(bits([result.h, result.parts[0], ...result.parts[1]])).toBe(
      bits([h, parts[0], ...parts[1]]),
    );
    expect(model.getConstantFqns()).toContain('fc.weight');
    expect(model.getMetadata()).toMatchObject({ AOTI_DEVICE_KEY: 'cpu' });
  });

  test('takes other weights', () => {
    const model = torch._inductor.aotiLoadPackage(at('nested.pt2'));
    model.loadConstants({ 'fc.weight': torch.zeros(2, 4) });
    const [a, left, right, bias] = expected.pair;
    expect(bits(model.call([a, { left, right }], { bias }).h)).toBe(
      bits(torch.zeros(3, 2).add(bias)),
    );
  });

  test('refuses arguments that it was not exported with, and files that are none', () => {
    const model = torch._inductor.aotiLoadPackage(at('nested.pt2'));
    const [a, left, right, bias] = expected.pair;
    expect(refused(() => model.call([a], { bias }))).toMatch(/exported with 2 values/);
    expect(refused(() => model.call([a, { left }], { bias }))).toMatch(
      /exported with the key 'right'/,
    );
    expect(refused(() => model.call([a, { left, right }]))).toMatch(/exported with the key 'bias'/);
    expect(refused(() => torch._inductor.aotiLoadPackage(at('net.pt')))).toMatch(
      new RegExp(`^${at('net.pt')} isn't a model that can be loaded: [^\\n]+$`),
    );
  });
});

test('a file of before PyTorch 1.6 loads', () => {
  // biome-ignore lint/suspicious/noExplicitAny: what the file holds.
  const { state, list } = torch.load<any>(at('legacy.pt'));
  expect(bits(state.get('fc.weight'))).toBe(bits(jit.load(at('net.pt')).fc.weight));
  expect([list[0], bits(list[1])]).toEqual([1, bits(expected.image.select(0, 0).select(0, 0))]);
});

describe('torch.jit.trace', () => {
  class Block extends nn.Module {
    conv = new nn.Conv2d(1, 4, 3, { bias: false });
    norm = new nn.BatchNorm2d(4);
    forward(x: torch.Tensor) {
      return F.relu(this.norm.call(this.conv.call(x))).mul(0.5);
    }
  }
  class Net extends nn.Module {
    block = new Block();
    again = this.block.conv;
    head = new nn.Sequential(new nn.Flatten(), new nn.Linear(144, 5), new nn.Dropout());
    constructor() {
      super();
      this.registerBuffer('offset', torch.arange(5, { dtype: 'float32' }));
    }
    declare offset: torch.Tensor;
    forward(x: torch.Tensor, scale: torch.Tensor) {
      const logits = this.head.call(this.block.call(x)).add(this.offset).mul(scale);
      return [logits, [logits.argmax(1), logits.sum().div(3)]];
    }
  }

  test('gives a file that Python loads, and the same bits there', () => {
    torch.manualSeed(3);
    const net = new Net().eval();
    const lstm = new nn.LSTM(4, 3, { numLayers: 2 });
    const attention = new nn.TransformerEncoderLayer({
      dModel: 8,
      nhead: 2,
      batchFirst: true,
    }).eval();
    const [image, scale] = [torch.randn(2, 1, 8, 8), torch.tensor(1.5)];
    const [sequence, words] = [torch.randn(5, 2, 4), torch.randn(2, 6, 8)];
    const blend = (a: torch.Tensor, b: torch.Tensor) => ({
      sum: a.add(b),
      less: a.sub(b, { alpha: 2 }),
    });
    const traced = {
      net: jit.trace(net, [image, scale]),
      lstm: jit.trace(lstm, sequence),
      attention: jit.trace(attention, words),
      blend: jit.trace(blend, [scale, image], { strict: false }),
    };
    const inputs = {
      net: [image, scale],
      lstm: [sequence],
      attention: [words],
      blend: [scale, image],
    };
    for (const [name, model] of Object.entries(traced)) model.save(at(`${name}.pt`));
    torch.save(inputs, at('inputs.pt'));
    const answers = JSON.parse(
      askPython([inProject('test/torch/models/traced.py'), folder], { framework: 'torch' }),
    );

    const [logits, [best, third]] = net.call(image, scale) as unknown as [
      torch.Tensor,
      [torch.Tensor, torch.Tensor],
    ];
    const own = {
      net: bits([logits, best, third]),
      lstm: bits(lstm.call(sequence).flat(2)),
      attention: bits(attention.call(words)),
      blend: `sum ${bits(scale.add(image))} less ${bits(scale.sub(image, { alpha: 2 }))}`,
    };
    for (const [name, expectedBits] of Object.entries(own))
      expect(answers[name][1]).toBe(expectedBits);
    expect(answers.net[0]).toBe(String(jit.load(at('net.pt'))));
    expect(answers.net[2]).toEqual([...net.stateDict().keys()].sort());
    const here = traced.net.call(image, scale);
    expect(bits([here[0], here[1][0], here[1][1]])).toBe(own.net);
    expect(String(traced.net)).toMatch(/^Net\(\n {2}original_name=Net\n {2}\(block\): Block\(/);
  });

  test('refuses what a program can’t be, and leaves no trace behind', () => {
    expect(refused(() => jit.trace((x: torch.Tensor) => ({ x }), torch.ones(1)))).toMatch(
      /Encountering a dict at the output of the tracer/,
    );
    const own = new Error('mine');
    const failing = () => {
      throw own;
    };
    expect(() => jit.trace(failing, torch.ones(1))).toThrow(own);
    expect(
      bits(jit.trace((x: torch.Tensor) => x.neg(), torch.ones(2)).call(torch.zeros(1).sub(3))),
    ).toBe(bits(torch.tensor([3], { dtype: 'float32' })));
  });
});

test('the example in the docs runs', () => {
  const example = examplesOf('Models from Python');
  try {
    const program = `
import sys, torch
torch.manual_seed(0)
net, x = torch.nn.Linear(4, 3).eval(), torch.ones(2, 4)
torch.jit.trace(net, x).save(f"{sys.argv[1]}/net.pt")
torch._inductor.aoti_compile_and_package(torch.export.export(net, (x,)), package_path=f"{sys.argv[1]}/net.pt2")`;
    askPython(['-c', program, example]);
    const said = execFileSync(process.execPath, ['exported.js'], {
      cwd: example,
      encoding: 'utf8',
    });
    expect(JSON.parse(said)).toEqual({ same: true, parameters: 2 });
    const sum = 'print(torch.jit.load(sys.argv[1] + "/mine.pt")(torch.ones(2, 4)).shape)';
    expect(askPython(['-c', `import sys, torch; ${sum}`, example]).trim()).toBe(
      'torch.Size([2, 3])',
    );
  } finally {
    rmSync(example, { recursive: true });
  }
}, 120_000);
