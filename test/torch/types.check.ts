/**
 * What an editor says of `tandem/torch`: this file is compiled and never run. `npm test` fails where
 * a line that must not compile does, or where a type is not what it should be.
 */
import * as torch from 'tandem-torch';

const { nn, optim } = torch;
const F = nn.functional;
type Tensor = torch.Tensor;

/** Compiles only where both types are the same. */
declare function same<A, B>(
  ..._: (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? [] : [never]
): void;

export function operators(x: Tensor, y: Tensor): void {
  same<ReturnType<typeof x.relu>, Tensor>();
  const total = x.sum({ dim: 1, keepdim: true });
  same<typeof total, Tensor>();
  const [values, indices] = x.max(1);
  same<typeof values, Tensor>();
  same<typeof indices, Tensor>();
  same<typeof torch.float32, 'float32'>();
  torch.cat([x, y], 1);
  torch.linalg.norm(x, { ord: 2 });
  torch.zeros([2, 3], { dtype: 'float64', requiresGrad: true });
  for (const row of x) same<typeof row, Tensor>();

  // @ts-expect-error an option that is not there
  x.sum({ dimm: 1 });
  // @ts-expect-error a dimension is a number
  x.sum({ dim: '1' });
  // @ts-expect-error a method that is not there
  x.reluu();
  // @ts-expect-error a list of tensors
  torch.cat(x, 'rows');
  // @ts-expect-error a tensor is wanted, not an array
  torch.matmul(x, [1, 2]);
  // @ts-expect-error an argument is missing
  torch.matmul(x);
  // @ts-expect-error a dtype that is not there
  torch.zeros([2], { dtype: 'float23' });
  // @ts-expect-error shapes are numbers
  torch.zeros(['2', 3]);
  // @ts-expect-error a result is not a number
  const wrong: number = x.add(y);
  return void wrong;
}

export function layers(x: Tensor): void {
  const conv = new nn.Conv2d(1, 32, 3, { stride: 2, padding: 'valid' });
  same<typeof conv.weight, torch.nn.Parameter>();
  same<ReturnType<typeof conv.forward>, Tensor>();
  const net = new nn.Sequential(conv, new nn.ReLU(), new nn.Flatten());
  net.call(x);

  // @ts-expect-error channels are numbers
  new nn.Conv2d('1', 32, 3);
  // @ts-expect-error the kernel's size is missing
  new nn.Conv2d(1, 32);
  // @ts-expect-error an option that is not there
  new nn.Conv2d(1, 32, 3, { strides: 2 });
  // @ts-expect-error a mode that is not there
  new nn.Conv2d(1, 32, 3, { paddingMode: 'mirror' });
  // @ts-expect-error a layer, not a function
  new nn.Sequential(F.relu);
  // @ts-expect-error images are tensors
  conv.call([[1, 2]]);
  // @ts-expect-error an option that is not there
  F.crossEntropy(x, x, { weights: x });
  // @ts-expect-error a reduction that is not there
  F.crossEntropy(x, x, { reduction: 'average' });
}

/** Every argument by position and by name, as Python takes them. */
export function argumentsByPositionAndName(x: Tensor, data: Tensor, net: torch.nn.Module): void {
  new nn.Conv2d(64, 128, 3, 1, 1, { bias: false });
  new nn.Conv2d(64, 64, 3, 1, 'same', 1, 32, false, 'zeros', 'cpu', torch.float64);
  new nn.Conv2d({ inChannels: 1, outChannels: 2, kernelSize: [3, 5] });
  new nn.Conv2d(1, 2, { kernelSize: 3, stride: 2 });
  new nn.LSTM(10, 20, 2, true);
  new nn.Linear(2, 3, false, { dtype: torch.float64 });
  new nn.Upsample(null, 2, 'bilinear', true);
  new optim.AdamW(net.parameters(), 1e-3, [0.9, 0.98], { weightDecay: 0.1 });
  const steps = new optim.lrScheduler.StepLR(new optim.SGD(net.parameters(), 0.1), 30, 0.1);
  same<typeof steps, torch.optim.lrScheduler.StepLR>();
  const loader = new torch.utils.data.DataLoader(new torch.utils.data.TensorDataset(data), 4, true);
  for (const [batch] of loader) same<typeof batch, Tensor>();
  nn.init.normal_(x, 0, 0.02);
  nn.init.truncNormal_(x, { std: 0.02 });
  F.conv2d(x, x, null, 1, 1);
  F.interpolate(x, null, 2, 'bilinear');
  F.crossEntropy(x, x, { labelSmoothing: 0.1 });
  F.crossEntropy(x, x, null, null, 0, null, 'sum', 0.1);
  x.sum({ axis: 1, keepdims: true });
  x.softmax({ axis: -1 });
  torch.cat([x, x], { axis: 1 });

  // @ts-expect-error 'strid' is the name of no argument
  new nn.Conv2d(1, 2, 3, { strid: 1 });
  // @ts-expect-error the fourth argument is the stride
  new nn.Conv2d(1, 2, 3, false);
  // @ts-expect-error the kernel's size is missing, by name too
  new nn.Conv2d({ inChannels: 1, outChannels: 2 });
  // @ts-expect-error a name as Python writes it
  new nn.Conv2d(1, 2, { kernel_size: 3 });
  // @ts-expect-error the bias is true or false
  new nn.Linear(2, 3, 'false');
  // @ts-expect-error one argument too many
  new nn.Dropout(0.5, true, 3);
  // @ts-expect-error a module without settings
  new nn.Sigmoid(3);
  // @ts-expect-error the step's size is missing
  new optim.lrScheduler.StepLR(new optim.SGD(net.parameters()));
  // @ts-expect-error 'gama' is the name of no argument
  new optim.lrScheduler.StepLR(new optim.SGD(net.parameters()), 30, { gama: 0.1 });
}

/** What belongs to a module is safe. */
export function parameters(layer: torch.nn.Linear, x: Tensor): void {
  layer.weight = new nn.Parameter(x);
  layer.bias = null;
  for (const [, tensor] of layer.stateDict()) same<typeof tensor, Tensor>();
  for (const [name] of Object.entries(JSON.parse('{}'))) void name;
  for (const [name] of Object.entries({ a: 1 })) void name;

  // @ts-expect-error a tensor is not a parameter
  layer.weight = x;
  // @ts-expect-error a state dict is a Map, of which Object.entries gives nothing
  for (const [name] of Object.entries(layer.stateDict())) void name;
  // @ts-expect-error a state dict is a Map, of which Object.keys gives nothing
  Object.keys(layer.stateDict()).forEach(String);
}

export function functional(x: Tensor): void {
  F.dropout(x, 0.5, true);
  F.dropout(x, 0.5, { training: true });
  F.dropout(x, { p: 0.5 });
  const [values, indices] = F.maxPool2d(x, 2, { returnIndices: true });
  same<typeof values, Tensor>();
  same<typeof indices, Tensor>();
  const pooled = new nn.MaxPool2d(2, { returnIndices: true }).call(x);
  same<typeof pooled, [Tensor, Tensor]>();
  const plain = new nn.MaxPool2d(2).call(x);
  same<typeof plain, Tensor>();

  // @ts-expect-error an option that is not there
  F.dropout(x, { probability: 0.5 });
  // @ts-expect-error a probability is a number
  F.dropout(x, '0.5');
  // @ts-expect-error a mode that is not there
  F.pad(x, [1, 1], 'mirror');
  // @ts-expect-error a mode that is not there
  F.interpolate(x, { scaleFactor: 2, mode: 'cubic' });
  // @ts-expect-error the window's size is missing
  F.maxPool2d(x);
  // @ts-expect-error three numbers for two dimensions
  F.maxPool2d(x, [2, 2, 2]);
  // @ts-expect-error one tensor, where values and indices are asked for
  const wrong: Tensor = F.maxPool2d(x, 2, { returnIndices: true });
  return void wrong;
}

export function training(model: torch.nn.Module, x: Tensor): void {
  new optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.9 });
  new optim.SGD([{ params: model.parameters(), lr: 0.1 }]);
  same<ReturnType<typeof x.backward>, void>();

  new optim.SGD(model.parameters(), 0.1, 0.9);
  new optim.SGD({ params: model.parameters(), lr: 0.1 });
  new optim.Adam(model.parameters(), 1e-3, [0.5, 0.999], { eps: 1e-7 });
  // @ts-expect-error a number, where Python would need one too
  new optim.SGD(model.parameters(), '0.1');
  // @ts-expect-error an option that is not there
  new optim.SGD(model.parameters(), { learningRate: 0.1 });
  // @ts-expect-error the model is not its parameters
  new optim.SGD(model, { lr: 0.1 });
  // @ts-expect-error a model of one's own must have a forward
  new (class extends nn.Module {})();
  // @ts-expect-error a dataset's tensors, not arrays
  new torch.utils.data.TensorDataset([1, 2, 3]);
  // @ts-expect-error an option that is not there
  new torch.utils.data.DataLoader(new torch.utils.data.TensorDataset(x), { batch: 2 });
  // @ts-expect-error a seed is a number
  torch.manualSeed('0');
}
