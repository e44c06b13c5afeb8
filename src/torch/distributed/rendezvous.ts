import { TorchError } from '../errors';
import { FileStore, type Store, TCPStore } from './store';

/** A store, and this process's place among those that use it. */
export interface Meeting {
  readonly store: Store;
  readonly rank: number;
  readonly worldSize: number;
}

const { env } = process;

const refuse = (message: string) =>
  new TorchError(`Error initializing torch.distributed using ${message}`, 'ValueError');

function variable(name: string): string {
  const value = env[name];
  if (value) return value;
  throw refuse(`env:// rendezvous: environment variable ${name} expected, but not set`);
}

/** A whole number, as Python's `int` reads it. */
function whole(text: string, what: string): number {
  if (/^\s*[+-]?\d+\s*$/.test(text)) return Number(text);
  throw refuse(`${what}: ${JSON.stringify(text)} is not a whole number`);
}

/**
 * The store of an address, `env://`, `tcp://host:port` or `file:///path`, with the place that the arguments, the address's query
 * or, for `env://`, the environment give (`torch.distributed.rendezvous`). Under torchrun its agent serves the store.
 * Throws TorchError (ValueError) where the place is not given.
 */
export function rendezvous(url: string, rank: number, worldSize: number, timeout: number): Meeting {
  const scheme = /^(\w+):\/\//.exec(url)?.[1];
  if (scheme !== 'env' && scheme !== 'tcp' && scheme !== 'file') {
    throw new TorchError(`No rendezvous handler for ${scheme ?? ''}://`, 'RuntimeError');
  }
  const {
    hostname,
    port,
    pathname,
    searchParams: query,
  } = new URL(
    // The classes of URL know the parts of addresses of a known kind alone.
    url.replace(/^(env|tcp):\/\/(?=$|\?)/, 'http://none').replace(/^(env|tcp):/, 'http:'),
  );
  for (const [name, value] of [
    ['rank', rank],
    ['world_size', worldSize],
  ] as const) {
    if (value === -1) continue;
    if (query.has(name)) {
      throw new TorchError(
        `The url: ${url} has node-specific arguments(rank, world_size) already.`,
        'AssertionError',
      );
    }
    query.set(name, String(value));
  }
  const place = (name: string, what: string, inEnvironment: string): number => {
    const given = query.get(name);
    if (given !== null) return whole(given, name);
    if (scheme === 'env') return whole(variable(inEnvironment), inEnvironment);
    throw refuse(`${scheme}:// rendezvous: ${what} parameter missing`);
  };
  if (scheme === 'tcp' && !/:\d+(?:$|[/?])/.test(url)) {
    throw refuse('tcp:// rendezvous: port number missing');
  }
  if (scheme === 'file' && pathname.length < 2) throw refuse('file:// rendezvous: path missing');
  const own = place('rank', 'rank', 'RANK');
  const size = place('world_size', 'world size', 'WORLD_SIZE');
  if (scheme === 'file') {
    return { store: new FileStore(decodeURIComponent(pathname), size), rank: own, worldSize: size };
  }
  const host = scheme === 'env' ? variable('MASTER_ADDR') : hostname;
  const at = scheme === 'env' ? whole(variable('MASTER_PORT'), 'MASTER_PORT') : Number(port || 80);
  const useLibuv = (query.get('use_libuv') ?? env.USE_LIBUV ?? '1') === '1';
  const options = { worldSize: size, timeout };
  const store =
    env.TORCHELASTIC_USE_AGENT_STORE === 'True'
      ? new TCPStore(host, at, options)
      : new TCPStore(host, at, { ...options, isMaster: own === 0, multiTenant: true, useLibuv });
  return { store, rank: own, worldSize: size };
}
