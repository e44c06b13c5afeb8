import { type Device, device as deviceNamed } from '../device';
import { TorchError } from '../errors';
import { native } from '../native';
import { ScopedMode } from '../scoped-mode';
import { Event as AnyEvent, Stream as AnyStream, streamOf } from '../streams';
import { type CudaDevice, nameOf } from './devices';

/** A line of work on a GPU, see {@link AnyStream} (`torch.cuda.Stream`). */
export class Stream extends AnyStream {
  constructor(of: CudaDevice = null, options: { priority?: number } = {}) {
    if (!native.hasCuda()) {
      throw new TorchError('torch.cuda.Stream requires CUDA support', 'RuntimeError');
    }
    super(Array.isArray(of) ? (of as never) : deviceNamed(nameOf(of) as Device), options);
  }
}

/** A place in a GPU's stream (`torch.cuda.Event`). */
export class Event extends AnyEvent {
  constructor(options: { enableTiming?: boolean } = {}) {
    if (!native.hasCuda()) {
      throw new TorchError('Tried to instantiate dummy base class Event', 'RuntimeError');
    }
    super('cuda', options);
  }
}

/** The stream to which a GPU's work goes. */
export const currentStream = (of: CudaDevice = null): Stream =>
  streamOf(Stream, native.currentStream(nameOf(of)));
/** The stream to which it goes unless another is chosen. */
export const defaultStream = (of: CudaDevice = null): Stream =>
  streamOf(Stream, native.defaultStream(nameOf(of)));

/** Has work go to a stream from here on, on this thread; null changes nothing. */
export function setStream(stream: AnyStream | null): void {
  if (stream) native.setStream(...stream.parts);
}

/** The streams that were current on the stream's own GPU and on the current one. */
const before: [AnyStream, AnyStream][] = [];
const modes = new ScopedMode<AnyStream>(
  (stream) => {
    before.push([currentStream(stream.device), currentStream()]);
    setStream(stream);
  },
  () => before.pop()!.forEach(setStream),
);

/**
 * Runs `fn` with the work of this thread going to a stream (Python's `with torch.cuda.stream(s):`); an async `fn` is
 * followed to its end. null changes nothing.
 */
export const stream = <T>(chosen: AnyStream | null, fn: () => T): T =>
  chosen ? modes.run(chosen, fn) : fn();
