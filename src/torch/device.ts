import { inspect } from 'node:util';
import { TorchError } from './errors';

/** The kinds of devices that PyTorch knows. */
const kinds = [
  'cpu',
  'cuda',
  'ipu',
  'xpu',
  'mkldnn',
  'opengl',
  'opencl',
  'ideep',
  'hip',
  've',
  'fpga',
  'maia',
  'xla',
  'lazy',
  'vulkan',
  'mps',
  'meta',
  'hpu',
  'mtia',
  'privateuseone',
] as const;

export type DeviceType = (typeof kinds)[number];

/** A device as PyTorch writes it: `'cpu'`, `'cuda:0'`. */
export type DeviceName = DeviceType | `${DeviceType}:${number}`;

/** What stands for a device in arguments: its name, or what {@link device} made of it. */
export type Device = DeviceName | device;

/**
 * Where a tensor's elements are, `torch.device`. There is one object for each device, so that `===` compares
 * them; its text is its name.
 */
class TorchDevice {
  constructor(
    readonly type: DeviceType,
    /** Which of several; null if PyTorch's current one is meant. */
    readonly index: number | null,
  ) {}

  toString(): DeviceName {
    return this.index === null ? this.type : `${this.type}:${this.index}`;
  }
  toJSON(): DeviceName {
    return this.toString();
  }
  [inspect.custom](): string {
    const index = this.index === null ? '' : `, index=${this.index}`;
    return `device(type='${this.type}'${index})`;
  }
}

const known = new Map<string, TorchDevice>();

function parse(text: string): TorchDevice {
  const [kind, digits, ...rest] = text.split(':');
  if (!kinds.includes(kind as DeviceType)) {
    throw new TorchError(
      `Expected one of ${kinds.join(', ')} device type at start of device string: ${kind}`,
      'RuntimeError',
    );
  }
  if (rest.length > 0 || (digits !== undefined && !/^(0|[1-9]\d*)$/.test(digits))) {
    throw new TorchError(`Invalid device string: '${text}'`, 'RuntimeError');
  }
  return new TorchDevice(kind as DeviceType, digits === undefined ? null : Number(digits));
}

/** The one object of a device's name. */
function named(name: string): TorchDevice {
  let found = known.get(name);
  if (!found) {
    found = Object.freeze(parse(name));
    known.set(name, found);
  }
  return found;
}

interface DeviceConstructor {
  (type: Device | number, index?: number | null): device;
  new (type: Device | number, index?: number | null): device;
  readonly prototype: device;
}

/**
 * A device (`torch.device`): `torch.device('cuda', 1)`, `torch.device('cuda:1')`, with or without `new`; a
 * number alone counts the GPUs. Throws TorchError with PyTorch's message for what is not a device.
 */
export const device = function device(
  type: Device | number,
  index: number | null = null,
): TorchDevice {
  if (type instanceof TorchDevice && index === null) return type;
  if (typeof type === 'number') return named(`cuda:${type}`);
  const name = String(type);
  if (index === null) return named(name);
  if (name.includes(':')) {
    throw new TorchError(
      `type (string) must not include an index because index was passed explicitly: ${name}`,
      'RuntimeError',
    );
  }
  return named(`${name}:${index}`);
} as unknown as DeviceConstructor;
export type device = TorchDevice;
Object.defineProperty(device, 'prototype', { value: TorchDevice.prototype });

/** Whether a value stands for a device: its name, or the object of {@link device}. */
export const isDevice = (value: unknown): value is Device =>
  value instanceof TorchDevice ||
  (typeof value === 'string' && kinds.includes(value.split(':')[0] as DeviceType));
