import { type Args, bind } from '../arguments';
import { TorchError } from '../errors';
import { type Handle, native } from '../native';
import { warn } from '../nn/functional/warning';
import type { Device } from '../types';
import { rendezvous } from './rendezvous';
import { PrefixStore, type Store } from './store';

/** Processes that compute together (`torch.distributed.ProcessGroup`). */
export class ProcessGroup {
  readonly #rank: number;

  /** @internal */
  constructor(
    /** @internal */
    readonly handle: Handle,
    /** The ranks of its processes among all, in the order of their ranks in the group. */
    readonly ranks: readonly number[],
    rank: number,
    readonly groupName: string,
    readonly groupDesc: string,
  ) {
    this.#rank = rank;
  }

  /** This process's number in the group. */
  rank(): number {
    return this.#rank;
  }
  size(): number {
    return this.ranks.length;
  }
}

/** What {@link newGroup} gives a process that isn't in the group. */
export const nonGroupMember: unique symbol = Symbol('NON_GROUP_MEMBER');

/** A group; one that this process is not in; or all processes, which is the default. */
export type Group = ProcessGroup | typeof nonGroupMember | null | undefined;

interface Member {
  readonly backend: string;
  readonly store: Store;
}

/** All groups of this process, and how many there have been. */
const members = new Map<ProcessGroup, Member>();
let world: ProcessGroup | null = null;
let count = 0;

/** `WORLD` is the group of all processes, null before `initProcessGroup`. */
export const GroupMember = {
  get WORLD(): ProcessGroup | null {
    return world;
  },
  NON_GROUP_MEMBER: nonGroupMember,
} as const;
export const group = GroupMember;

/** The default timeout of collectives, in milliseconds. */
export const defaultPgTimeout = 30 * 60 * 1000;

export const isAvailable = (): boolean => true;
export const isInitialized = (): boolean => world !== null;
export const isGlooAvailable = (): boolean => true;
export const isNcclAvailable = (): boolean => false;
export const isMpiAvailable = (): boolean => false;
export const isUccAvailable = (): boolean => false;
export const isXcclAvailable = (): boolean => false;
export const isBackendAvailable = (backend: string): boolean => backend.toLowerCase() === 'gloo';
/** How many groups this process has (`torch.distributed.get_pg_count`). */
export const getPgCount = (): number => members.size;
/** Whether torchrun has started this process (`torch.distributed.is_torchelastic_launched`). */
export const isTorchelasticLaunched = (): boolean => process.env.TORCHELASTIC_RUN_ID !== undefined;

/** The group of all processes. Throws TorchError (ValueError) before `initProcessGroup`. */
export function defaultGroup(): ProcessGroup {
  if (world) return world;
  throw new TorchError(
    'Default process group has not been initialized, please make sure to call init_process_group.',
    'ValueError',
  );
}

/** The group that is meant; null, with a warning, where this process is not in it. */
export function memberOf(given: Group, operation: string): ProcessGroup | null {
  if (given !== nonGroupMember) return registered(given ?? defaultGroup());
  warn(
    `Running ${operation} on global rank ${world?.rank() ?? -1} which does not belong to the given group.`,
  );
  return null;
}

function registered(given: ProcessGroup): ProcessGroup {
  if (members.has(given)) return given;
  throw new TorchError('Invalid process group specified', 'ValueError');
}

function checkBackend(backend: string): void {
  const known = backend.toLowerCase();
  if (known === 'gloo' || known === 'cpu:gloo' || known === 'undefined') return;
  const name = ['nccl', 'mpi', 'ucc', 'xccl'].find((each) => known.split(/[:,]/).includes(each));
  const about =
    name === 'mpi'
      ? '. MPI is only included if you build PyTorch from source on a host that has MPI installed.'
      : '';
  throw name
    ? new TorchError(
        `Distributed package doesn't have ${name.toUpperCase()} built in${about}`,
        'RuntimeError',
      )
    : new TorchError(`Unknown c10d backend type ${backend.toUpperCase()}`, 'AssertionError');
}

function checkTimeout(timeout: unknown): number {
  if (timeout === null || timeout === undefined) return defaultPgTimeout;
  if (typeof timeout === 'number' && timeout > 0) return Math.ceil(timeout);
  throw new TorchError(
    `Expected timeout argument to be a positive number of milliseconds, got ${String(timeout)}`,
    'TypeError',
  );
}

function create(
  backend: string,
  store: Store,
  ranks: readonly number[],
  rank: number,
  timeout: number,
  description: string,
  name = String(count++),
): ProcessGroup {
  const globalRanks = world ? ranks : [];
  const { handle } = store;
  const created = native.createProcessGroup(
    handle,
    rank,
    ranks.length,
    timeout,
    name,
    description,
    globalRanks,
  );
  const made = new ProcessGroup(created, ranks, rank, name, description);
  members.set(made, { backend, store });
  return made;
}

export interface InitOptions {
  /** Only `'gloo'`, which is the default, is there. */
  backend?: string | null;
  /** `env://` by default, `tcp://host:port` or `file:///path`. */
  initMethod?: string | null;
  /** Milliseconds after which a collective that others have not joined fails. Default: 30 minutes. */
  timeout?: number | null;
  worldSize?: number;
  rank?: number;
  store?: Store | null;
  groupName?: string;
  pgOptions?: null;
  deviceId?: Device | number | null;
  _ranks?: null;
}

/**
 * Makes the group of all processes (`torch.distributed.init_process_group`): each calls it, and waits for the others. Under
 * torchrun the environment has all that is needed. Throws TorchError where a part is missing, and where there is a
 * group already.
 */
export function initProcessGroup(...args: Args<'init_process_group', unknown, InitOptions>): void {
  const { backend, initMethod, timeout, worldSize, rank, store } = bind<Required<InitOptions>>(
    'init_process_group',
    args,
  );
  if (world) {
    throw new TorchError('trying to initialize the default process group twice!', 'ValueError');
  }
  if (store && initMethod) {
    throw new TorchError('Cannot specify both init_method and store.', 'AssertionError');
  }
  checkBackend(backend ?? 'undefined');
  const most = checkTimeout(timeout);
  let meeting = { store: store as Store, rank, worldSize };
  if (store) {
    if (!(worldSize > 0)) {
      throw new TorchError('world_size must be positive if using store', 'AssertionError');
    }
    if (!(rank >= 0)) {
      throw new TorchError('rank must be non-negative if using store', 'AssertionError');
    }
  } else {
    meeting = rendezvous(initMethod ?? 'env://', rank, worldSize, most);
    meeting.store.setTimeout(most);
  }
  const own = new PrefixStore('default_pg', meeting.store);
  const ranks = Array.from({ length: meeting.worldSize }, (_, i) => i);
  world = create(backend ?? 'undefined', own, ranks, meeting.rank, most, 'default_pg');
}

/** Ends a group, or all of them (`torch.distributed.destroy_process_group`). */
export function destroyProcessGroup(given: Group = null): void {
  if (given === nonGroupMember) return;
  const ended = given ?? world;
  if (!ended) throw new TorchError('Process group cannot be None', 'AssertionError');
  registered(ended);
  const all = ended === world ? [...members.keys()].reverse() : [ended];
  for (const each of all) {
    members.delete(each);
    native.destroyProcessGroup(each.handle);
  }
  if (ended !== world) return;
  world = null;
  count = 0;
}

export interface NewGroupOptions {
  /** Ranks among all processes. Default: all of them. */
  ranks?: readonly number[] | null;
  timeout?: number | null;
  backend?: string | null;
  pgOptions?: null;
  useLocalSynchronization?: boolean;
  groupDesc?: string | null;
  deviceId?: Device | null;
  sortRanks?: boolean;
}

/**
 * Makes a group of some processes (`torch.distributed.new_group`). All processes call it, in the same order; those that are not
 * in it get `GroupMember.NON_GROUP_MEMBER`.
 */
export function newGroup(
  ...args: Args<'new_group', unknown, NewGroupOptions>
): ProcessGroup | typeof nonGroupMember {
  const options = bind<Required<NewGroupOptions>>('new_group', args);
  const all = defaultGroup();
  const { backend: defaultBackend, store } = members.get(all)!;
  const backend = options.backend ?? defaultBackend;
  checkBackend(backend);
  const timeout = checkTimeout(options.timeout);
  const given = options.ranks ?? all.ranks;
  const ranks = options.sortRanks === false ? [...given] : [...given].sort((a, b) => a - b);
  if (new Set(ranks).size !== ranks.length) {
    throw new TorchError(
      `ranks list must not contain duplicate entries, got [${ranks.join(', ')}]`,
      'ValueError',
    );
  }
  if (ranks.length > all.size()) {
    throw new TorchError(
      "the new group's world size should be less or equal to the world size set by init_process_group",
      'ValueError',
    );
  }
  const odd = ranks.find((rank) => !(rank >= 0 && rank < all.size()));
  if (odd !== undefined) {
    throw new TorchError(
      `Rank ${odd} is out of range. Valid ranks are 0 to ${all.size() - 1} (world_size=${all.size()})`,
      'ValueError',
    );
  }
  const rank = ranks.indexOf(all.rank());
  const name = String(count++);
  if (rank < 0) return nonGroupMember;
  return create(backend, store, ranks, rank, timeout, options.groupDesc ?? 'undefined', name);
}

/** This process's number in a group, in that of all processes by default; -1 where it is not in it. */
export function getRank(given: Group = null): number {
  return given === nonGroupMember ? -1 : registered(given ?? defaultGroup()).rank();
}

/**
 * This process's number on its machine, as torchrun gives it. Throws TorchError (RuntimeError) without torchrun, if no
 * other number is given.
 */
export function getNodeLocalRank(fallbackRank: number | null = null): number {
  const rank = process.env.LOCAL_RANK ?? fallbackRank;
  if (rank !== null) return Number(rank);
  throw new TorchError(
    'LOCAL_RANK is not in the environment. Consider passing fallback_rank to allow `get_node_local_rank` to work, ' +
      'assuming you are not running in a multi-device context and want the code to run locally instead.',
    'RuntimeError',
  );
}

/** The number of processes in a group; -1 where this process is not in it. */
export function getWorldSize(given: Group = null): number {
  return given === nonGroupMember ? -1 : registered(given ?? defaultGroup()).size();
}

export function getBackend(given: Group = null): string {
  if (given === nonGroupMember) {
    throw new TorchError('Invalid process group specified', 'ValueError');
  }
  return members.get(registered(given ?? defaultGroup()))!.backend;
}

/** The rank in a group of one among all processes. Throws TorchError (ValueError) if it is not in the group. */
export function getGroupRank(given: ProcessGroup, globalRank: number): number {
  if (given === world) return globalRank;
  const rank = registered(given).ranks.indexOf(globalRank);
  if (rank >= 0) return rank;
  throw new TorchError(
    `Global rank ${globalRank} is not part of group ${given.groupName}`,
    'ValueError',
  );
}

/** The rank among all processes of one in a group. Throws TorchError (ValueError) if there is none. */
export function getGlobalRank(given: ProcessGroup, groupRank: number): number {
  if (given === world) return groupRank;
  const rank = registered(given).ranks[groupRank];
  if (rank !== undefined) return rank;
  throw new TorchError(
    `Group rank ${groupRank} is not part of group ${given.groupName}`,
    'ValueError',
  );
}

export const getProcessGroupRanks = (given: ProcessGroup | null = null): number[] => [
  ...registered(given ?? defaultGroup()).ranks,
];
