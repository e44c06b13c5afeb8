import { TorchError } from '../errors';
import { type Handle, native } from '../native';

/** How long a store waits for others by default, in milliseconds. */
export const storeTimeout = 300_000;

/**
 * Keys and values that processes share (`torch.distributed.Store`): they find each other through one, and may keep
 * small texts of their own there. What waits for a key throws TorchError (DistStoreError) after the store's timeout.
 */
export abstract class Store {
  /** @internal */
  readonly handle: Handle;

  /** @internal */
  constructor(handle: Handle) {
    this.handle = handle;
  }

  set(key: string, value: string): void {
    native.storeSet(this.handle, key, value);
  }
  /** Waits until there is a value. */
  get(key: string): string {
    return native.storeGet(this.handle, key);
  }
  /** Adds to a counter, 0 at first; gives the sum. */
  add(key: string, amount: number): number {
    return native.storeAdd(this.handle, key, amount);
  }
  /** Whether all keys are there. */
  check(keys: readonly string[]): boolean {
    return native.storeCheck(this.handle, keys);
  }
  deleteKey(key: string): boolean {
    return native.storeDelete(this.handle, key);
  }
  numKeys(): number {
    return native.storeSize(this.handle);
  }
  /** Waits for keys, at most for the store's timeout or that many milliseconds. */
  wait(keys: readonly string[], timeout: number = this.timeout): void {
    native.storeWait(this.handle, keys, timeout);
  }
  /** In milliseconds. */
  get timeout(): number {
    return native.storeTimeout(this.handle);
  }
  setTimeout(timeout: number): void {
    native.setStoreTimeout(this.handle, timeout);
  }
}

export interface TCPStoreOptions {
  /** How many processes will connect. Default: any number. */
  worldSize?: number | null;
  /** Whether this process serves the others. */
  isMaster?: boolean;
  /** In milliseconds. */
  timeout?: number;
  /** Whether the one that serves waits until all others are there. */
  waitForWorkers?: boolean;
  /** Whether one server may serve several stores of this process. */
  multiTenant?: boolean;
  useLibuv?: boolean;
}

/** A store that one process serves over TCP (`torch.distributed.TCPStore`). */
export class TCPStore extends Store {
  constructor(
    readonly host: string,
    readonly port: number,
    options: TCPStoreOptions = {},
  ) {
    const { worldSize, isMaster = false, timeout = storeTimeout } = options;
    const { waitForWorkers = true, multiTenant = false, useLibuv = true } = options;
    if (!Number.isInteger(port) || port < 0 || port > 65535) {
      throw new TorchError(`port must have value from 0 to 65535 but was ${port}.`, 'ValueError');
    }
    super(
      native.tcpStore(
        host,
        port,
        worldSize ?? -1,
        isMaster,
        timeout,
        waitForWorkers,
        multiTenant,
        useLibuv,
      ),
    );
  }
}

/** A store in a file that all processes reach (`torch.distributed.FileStore`). */
export class FileStore extends Store {
  constructor(
    readonly path: string,
    worldSize = -1,
  ) {
    super(native.fileStore(path, worldSize));
  }
}

/** A store in this process's memory (`torch.distributed.HashStore`). */
export class HashStore extends Store {
  constructor() {
    super(native.hashStore());
  }
}

/** A store that puts a prefix before the keys of another (`torch.distributed.PrefixStore`). */
export class PrefixStore extends Store {
  constructor(
    readonly prefix: string,
    readonly underlyingStore: Store,
  ) {
    super(native.prefixStore(prefix, underlyingStore.handle));
  }
}
