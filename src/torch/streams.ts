import { inspect } from 'node:util';
import { type Device, device } from './device';
import { isOptions } from './dispatch';
import { type Handle, native, type StreamParts } from './native';

/**
 * A line of work on a GPU (`torch.Stream`): what is given to one stream is done in that order, what is given to two at any
 * time. PyTorch gives all work to one unless told otherwise.
 */
export class Stream {
  readonly device: device;
  readonly streamId: number | bigint;

  /**
   * Another stream of a device.
   * @param priority lower is sooner
   */
  constructor(of: Device | number = 'cuda', { priority = 0 }: { priority?: number } = {}) {
    const [name, id] = isParts(of) ? of : native.newStream(String(device(of)), priority);
    this.device = device(name as Device);
    this.streamId = id;
  }

  /** @internal As the addon takes it. */
  get parts(): StreamParts {
    return [this.device.toString(), this.streamId];
  }

  /** Whether all work has ended. */
  query(): boolean {
    return native.queryStream(...this.parts);
  }
  /** Waits until all work has ended. */
  synchronize(): void {
    native.synchronizeStream(...this.parts);
  }
  /** Marks this place in the stream by an event, a new one by default, and returns it. */
  recordEvent(event: Event = new Event(this.device)): Event {
    event.record(this);
    return event;
  }
  /** Has work that comes from here on wait for an event. */
  waitEvent(event: Event): void {
    event.wait(this);
  }
  /** Has work that comes from here on wait for all that another stream has been given. */
  waitStream(other: Stream): void {
    this.waitEvent(other.recordEvent());
  }
  equals(other: unknown): boolean {
    return (
      other instanceof Stream && other.device === this.device && other.streamId === this.streamId
    );
  }

  [inspect.custom](): string {
    return `torch.Stream device_type=${this.device.type}, device_index=${this.device.index ?? -1}, stream_id=${this.streamId}`;
  }
}

/** A stream as the addon gives it, in place of a device. */
const isParts = (value: unknown): value is StreamParts => Array.isArray(value);

/** The stream that the addon has described. */
export const streamOf = <Of extends Stream>(type: new (of: never) => Of, parts: StreamParts): Of =>
  new type(parts as never);

/** A place in a stream (`torch.Event`), to wait for or to measure times by. */
export class Event {
  readonly #handle: Handle;
  readonly #kind: device;

  /** @param options `enableTiming` for {@link elapsedTime}. */
  constructor(
    of: Device | number | { enableTiming?: boolean } = 'cuda',
    options: { enableTiming?: boolean } = {},
  ) {
    const { enableTiming = false } = isOptions(of) ? (of as { enableTiming?: boolean }) : options;
    this.#kind = device(isOptions(of) ? 'cuda' : (of as Device));
    this.#handle = native.makeEvent(String(this.#kind), enableTiming);
  }

  /** Marks the place where a stream is, by default the current one. */
  record(stream?: Stream): void {
    native.recordEvent(this.#handle, ...this.#stream(stream));
  }
  /** Has a stream's work that comes from here on wait until this place is reached. */
  wait(stream?: Stream): void {
    native.waitEvent(this.#handle, ...this.#stream(stream));
  }
  /** Whether the place is reached. */
  query(): boolean {
    return native.queryEvent(this.#handle);
  }
  /** Waits until it is reached. */
  synchronize(): void {
    native.synchronizeEvent(this.#handle);
  }
  /** Milliseconds from this event to a later one. Throws TorchError if either measures no time or isn't reached. */
  elapsedTime(end: Event): number {
    return native.elapsedTime(this.#handle, end.#handle);
  }
  get eventId(): number | bigint {
    return native.eventId(this.#handle);
  }

  #stream(stream: Stream | undefined): StreamParts {
    return stream?.parts ?? native.currentStream(this.#kind.type);
  }

  [inspect.custom](): string {
    const id = this.eventId;
    return id ? `<torch.cuda.Event 0x${id.toString(16)}>` : '<torch.cuda.Event uninitialized>';
  }
}
