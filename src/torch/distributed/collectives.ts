import { type Callable, named, typeName } from '../arguments';
import { TorchError } from '../errors';
import { viewAsReal } from '../generated/functions';
import { type Handle, native } from '../native';
import { Tensor } from '../tensor';
import type { DType } from '../types';
import {
  defaultGroup,
  defaultPgTimeout,
  type Group,
  getBackend,
  getGlobalRank,
  getGroupRank,
  memberOf,
  type ProcessGroup,
} from './process-group';
import { Work } from './work';

/** How a reduction joins elements (`torch.distributed.ReduceOp`). */
export const ReduceOp = {
  SUM: 0,
  AVG: 1,
  PRODUCT: 2,
  MIN: 3,
  MAX: 4,
  BAND: 5,
  BOR: 6,
  BXOR: 7,
} as const;
export type ReduceOp = (typeof ReduceOp)[keyof typeof ReduceOp];

/** Where a collective takes part, and whether it goes on beside this thread: it gives its {@link Work} then. */
interface Options {
  group?: Group;
  asyncOp?: boolean;
}
/** Null where it has ended, and where this process is not in the group. */
type Result = Work | null;

const work = (handle: Handle | null): Result => handle && new Work(handle);

const refuse = (message: string, code = 'ValueError') => new TorchError(message, code);

const className = (value: unknown) => (value instanceof Tensor ? 'torch.Tensor' : typeName(value));

function checkTensor(value: unknown, name: string): void {
  if (value instanceof Tensor) return;
  throw refuse(
    `Invalid function argument. Expected parameter \`${name}\` of type torch.Tensor\n` +
      `             but got <class '${className(value)}'> instead.`,
    'TypeError',
  );
}

function checkList(value: unknown, name: string): void {
  if (Array.isArray(value) && value.every((item) => item instanceof Tensor)) return;
  throw refuse(
    `Invalid function argument. Expected parameter \`${name}\` of type List[torch.Tensor]\n` +
      `             but got <class '${className(value)}'> instead.`,
    'TypeError',
  );
}

/** The dtype that is sent: complex numbers go as pairs. */
const sent = (dtype: DType): DType =>
  dtype === 'complex64' ? 'float32' : dtype === 'complex128' ? 'float64' : dtype;

function checkDtypes(...tensors: readonly Tensor[]): void {
  const first = tensors[0] && sent(tensors[0].dtype);
  const other = tensors.find(({ dtype }) => sent(dtype) !== first);
  if (!other) return;
  throw refuse(
    `Invalid usage of tensors with different dtypesFound torch.${first} and  torch.${other.dtype}`,
  );
}

const real = (tensor: Tensor): Tensor => (tensor.isComplex() ? viewAsReal(tensor) : tensor);
const handles = (tensors: readonly Tensor[]): Handle[] => tensors.map((each) => real(each).handle);

/** A rank in the group, which is given as one among all processes or as that. */
function rankIn(
  group: ProcessGroup,
  globalRank: number | null | undefined,
  groupRank: number | null | undefined,
): number {
  if (groupRank !== null && groupRank !== undefined) {
    if (globalRank === null || globalRank === undefined) return groupRank;
    throw refuse("Can't specify both group_rank and global_rank");
  }
  if (globalRank === null || globalRank === undefined) {
    throw refuse('Must specify global_rank or group_rank');
  }
  return getGroupRank(group, globalRank);
}

function checkOther(group: ProcessGroup, rank: number, what: string): void {
  if (group.rank() !== rank) return;
  throw refuse(
    `Invalid ${what} rank: ${what} rank should not be the same as the rank of the current process.`,
  );
}

/** The root alone gives a list. */
function checkRootList(name: string, list: readonly Tensor[], isRoot: boolean, root: string): void {
  if (isRoot === list.length > 0) return;
  const rule = isRoot ? `be specified on ${root} rank` : `NOT be specified on non-${root} ranks`;
  throw refuse(`Argument \`\`${name}\`\` must ${rule}.`);
}

interface TensorNeeded {
  tensor: Tensor;
}
interface Source {
  /** A rank among all processes, or in the group. */
  src?: number | null;
  groupSrc?: number | null;
}
interface Destination {
  dst?: number | null;
  groupDst?: number | null;
}

/** Reduces a tensor over all processes, in place (`torch.distributed.all_reduce`). */
export const allReduce = named<
  Callable<'all_reduce', TensorNeeded, Options & { op?: ReduceOp }, Result>
>('all_reduce', (tensor: Tensor, op: ReduceOp = ReduceOp.SUM, group: Group, async: boolean) => {
  checkTensor(tensor, 'tensor');
  const own = memberOf(group, 'all_reduce');
  if (!own) return null;
  if (tensor.isComplex() && op !== ReduceOp.SUM && op !== ReduceOp.AVG) {
    const name = Object.keys(ReduceOp).find((key) => ReduceOp[key as keyof typeof ReduceOp] === op);
    throw refuse(`all_reduce does not support RedOpType.${name} on complex tensors`);
  }
  return work(native.allReduce(own.handle, real(tensor).handle, op, async));
});

/** Copies one process's tensor into those of the others (`torch.distributed.broadcast`). */
export const broadcast = named<Callable<'broadcast', TensorNeeded, Options & Source, Result>>(
  'broadcast',
  (tensor: Tensor, src: number | null, group: Group, async: boolean, groupSrc: number | null) => {
    const own = memberOf(group, 'broadcast');
    if (!own) return null;
    const root = rankIn(own, src, groupSrc);
    return work(native.broadcast(own.handle, real(tensor).handle, root, async));
  },
);

/** Reduces a tensor over all processes into one's (`torch.distributed.reduce`). */
export const reduce = named<
  Callable<'reduce', TensorNeeded, Options & Destination & { op?: ReduceOp }, Result>
>(
  'reduce',
  (
    tensor: Tensor,
    dst: number | null,
    op: ReduceOp = ReduceOp.SUM,
    group: Group,
    async: boolean,
    groupDst: number | null,
  ) => {
    const own = memberOf(group, 'reduce');
    if (!own) return null;
    const root = rankIn(own, dst, groupDst);
    return work(native.reduce(own.handle, tensor.handle, root, op, async));
  },
);

/** Copies all processes' tensors into a list, one for each (`torch.distributed.all_gather`). */
export const allGather = named<
  Callable<'all_gather', TensorNeeded & { tensorList: Tensor[] }, Options, Result>
>('all_gather', (tensorList: Tensor[], tensor: Tensor, group: Group, async: boolean) => {
  checkList(tensorList, 'tensor_list');
  checkTensor(tensor, 'tensor');
  checkDtypes(...tensorList, tensor);
  const own = memberOf(group, 'all_gather');
  return own && work(native.allGather(own.handle, handles(tensorList), real(tensor).handle, async));
});

/** The same into one tensor, whose first dimension holds all (`torch.distributed.all_gather_into_tensor`). */
export const allGatherIntoTensor = named<
  Callable<'all_gather_into_tensor', { outputTensor: Tensor; inputTensor: Tensor }, Options, Result>
>('all_gather_into_tensor', (output: Tensor, input: Tensor, group: Group, async: boolean) => {
  checkTensor(input, 'input_tensor');
  checkTensor(output, 'output_tensor');
  const own = memberOf(group, 'all_gather_into_tensor');
  return (
    own &&
    work(native.allGatherIntoTensor(own.handle, real(output).handle, real(input).handle, async))
  );
});

/** Copies all processes' tensors into a list of one process (`torch.distributed.gather`). */
export const gather = named<
  Callable<'gather', TensorNeeded, Options & Destination & { gatherList?: Tensor[] | null }, Result>
>(
  'gather',
  (
    tensor: Tensor,
    gatherList: Tensor[] | null,
    dst: number | null,
    group: Group,
    async: boolean,
    groupDst: number | null,
  ) => {
    const list = gatherList ?? [];
    checkList(list, 'gather_list');
    checkDtypes(tensor, ...list);
    const own = memberOf(group, 'gather');
    if (!own) return null;
    const root = rankIn(own, dst === null && groupDst === null ? 0 : dst, groupDst);
    const isRoot = root === own.rank();
    checkRootList('gather_list', list, isRoot, 'destination');
    const outputs = isRoot ? list.map(({ handle }) => handle) : null;
    return work(native.gather(own.handle, outputs, tensor.handle, root, async));
  },
);

/** Copies the tensors of one process's list to the processes, one to each (`torch.distributed.scatter`). */
export const scatter = named<
  Callable<'scatter', TensorNeeded, Options & Source & { scatterList?: Tensor[] | null }, Result>
>(
  'scatter',
  (
    tensor: Tensor,
    scatterList: Tensor[] | null,
    src: number | null,
    group: Group,
    async: boolean,
    groupSrc: number | null,
  ) => {
    const list = scatterList ?? [];
    checkList(list, 'scatter_list');
    checkDtypes(tensor, ...list);
    const own = memberOf(group, 'scatter');
    if (!own) return null;
    const root = rankIn(own, src === null && groupSrc === null ? 0 : src, groupSrc);
    const isRoot = root === own.rank();
    checkRootList('scatter_list', list, isRoot, 'source');
    const inputs = isRoot ? handles(list) : null;
    return work(native.scatter(own.handle, real(tensor).handle, inputs, root, async));
  },
);

/** Reduces lists over all processes, and gives each the tensor at its rank (`torch.distributed.reduce_scatter`). */
export const reduceScatter = named<
  Callable<
    'reduce_scatter',
    { output: Tensor; inputList: Tensor[] },
    Options & { op?: ReduceOp },
    Result
  >
>(
  'reduce_scatter',
  (
    output: Tensor,
    inputList: Tensor[],
    op: ReduceOp = ReduceOp.SUM,
    group: Group,
    async: boolean,
  ) => {
    checkTensor(output, 'output');
    checkList(inputList, 'input_list');
    checkDtypes(output, ...inputList);
    const own = memberOf(group, 'reduce_scatter');
    if (!own) return null;
    const inputs = inputList.map(({ handle }) => handle);
    return work(native.reduceScatter(own.handle, output.handle, inputs, op, async));
  },
);

/** The same of one tensor's parts along the first dimension (`torch.distributed.reduce_scatter_tensor`). */
export const reduceScatterTensor = named<
  Callable<
    'reduce_scatter_tensor',
    { output: Tensor; input: Tensor },
    Options & { op?: ReduceOp },
    Result
  >
>(
  'reduce_scatter_tensor',
  (output: Tensor, input: Tensor, op: ReduceOp = ReduceOp.SUM, group: Group, async: boolean) => {
    checkTensor(output, 'output');
    checkTensor(input, 'input');
    const own = memberOf(group, 'reduce_scatter_tensor');
    return (
      own && work(native.reduceScatterTensor(own.handle, output.handle, input.handle, op, async))
    );
  },
);

/** Sends a list's tensors to the processes, one to each, and takes one from each (`torch.distributed.all_to_all`). */
export const allToAll = named<
  Callable<'all_to_all', { outputTensorList: Tensor[]; inputTensorList: Tensor[] }, Options, Result>
>('all_to_all', (outputs: Tensor[], inputs: Tensor[], group: Group, async: boolean) => {
  const own = memberOf(group, 'all_to_all');
  if (!own) return null;
  checkList(outputs, 'output_tensor_list');
  checkList(inputs, 'input_tensor_list');
  checkDtypes(...outputs, ...inputs);
  return work(native.allToAll(own.handle, handles(outputs), handles(inputs), async));
});

/** The same of one tensor's parts along the first dimension (`torch.distributed.all_to_all_single`). */
export const allToAllSingle = named<
  Callable<
    'all_to_all_single',
    { output: Tensor; input: Tensor },
    Options & { outputSplitSizes?: number[] | null; inputSplitSizes?: number[] | null },
    Result
  >
>(
  'all_to_all_single',
  (
    output: Tensor,
    input: Tensor,
    outputSplits: number[] | null,
    inputSplits: number[] | null,
    group: Group,
    async: boolean,
  ) => {
    const own = memberOf(group, 'all_to_all_single');
    if (!own) return null;
    checkTensor(output, 'output');
    checkTensor(input, 'input');
    checkDtypes(output, input);
    const [to, from] = [real(output).handle, real(input).handle];
    return work(
      native.allToAllSingle(own.handle, to, from, outputSplits ?? [], inputSplits ?? [], async),
    );
  },
);

/** Waits until all processes have come here (`torch.distributed.barrier`). */
export const barrier = named<
  Callable<
    'barrier',
    unknown,
    Options & { deviceIds?: number[] | null; timeout?: number | null },
    Result
  >
>('barrier', (group: Group, async: boolean, _: number[] | null, timeout: number | null) => {
  const own = memberOf(group, 'barrier');
  return own && work(native.barrier(own.handle, timeout ?? -1, async));
});

/**
 * The same, but it fails with the rank of a process that has not come in time, in milliseconds
 * (`torch.distributed.monitored_barrier`).
 */
export const monitoredBarrier = named<
  Callable<
    'monitored_barrier',
    unknown,
    { group?: Group; timeout?: number | null; waitAllRanks?: boolean },
    void
  >
>('monitored_barrier', (group: Group, timeout: number | null, waitAllRanks: boolean) => {
  const own = memberOf(group, 'monitored_barrier');
  if (own && getBackend(own) !== 'gloo') {
    throw refuse('monitored_barrier is only implemented for GLOO backend.');
  }
  if (own) native.monitoredBarrier(own.handle, timeout ?? defaultPgTimeout, waitAllRanks);
});

type PeerOptions = { group?: Group; tag?: number };

function sendTo(
  tensor: Tensor,
  dst: number | null,
  group: Group,
  tag: number,
  groupDst: number | null,
  isOther: boolean,
): Result {
  const own = memberOf(group, 'isend');
  if (!own) return null;
  const rank = rankIn(own, dst, groupDst);
  if (isOther) checkOther(own, rank, 'destination');
  return work(native.send(own.handle, real(tensor).handle, rank, tag));
}

function receiveFrom(
  tensor: Tensor,
  src: number | null,
  group: Group,
  tag: number,
  groupSrc: number | null,
): Result {
  const own = memberOf(group, 'irecv');
  if (!own) return null;
  const rank = src === null && groupSrc === null ? -1 : rankIn(own, src, groupSrc);
  return work(native.recv(own.handle, real(tensor).handle, rank, tag));
}

/** Sends a tensor to one process, and waits until it is sent (`torch.distributed.send`). */
export const send = named<Callable<'send', TensorNeeded, PeerOptions & Destination, void>>(
  'send',
  (
    ...[tensor, dst, group, tag, groupDst]: [Tensor, number | null, Group, number, number | null]
  ) => {
    sendTo(tensor, dst, group, tag, groupDst, true)?.wait();
  },
);

/** Receives a tensor from one process, or from any; gives its rank (`torch.distributed.recv`). */
export const recv = named<Callable<'recv', TensorNeeded, PeerOptions & Source, number>>(
  'recv',
  (
    ...[tensor, src, group, tag, groupSrc]: [Tensor, number | null, Group, number, number | null]
  ) => {
    const received = receiveFrom(tensor, src, group, tag, groupSrc);
    if (!received) return -1;
    received.wait();
    if (src !== null) return src;
    const own = (group as ProcessGroup | null) ?? defaultGroup();
    return getGlobalRank(own, groupSrc ?? received.sourceRank());
  },
);

/** The same as {@link send} and {@link recv}, beside this thread (`torch.distributed.isend`, `irecv`). */
export const isend = named<Callable<'isend', TensorNeeded, PeerOptions & Destination, Result>>(
  'isend',
  (...[tensor, dst, group, tag, groupDst]: [Tensor, number | null, Group, number, number | null]) =>
    sendTo(tensor, dst, group, tag, groupDst, false),
);
export const irecv = named<Callable<'irecv', TensorNeeded, PeerOptions & Source, Result>>(
  'irecv',
  (...[tensor, src, group, tag, groupSrc]: [Tensor, number | null, Group, number, number | null]) =>
    receiveFrom(tensor, src, group, tag, groupSrc),
);

/** One of several sends and receipts, of {@link isend} or {@link irecv} (`torch.distributed.P2POp`). */
export class P2POp {
  /** @internal */
  readonly start: () => Result;

  constructor(op: object, tensor: Tensor, peer: number, group: Group = null, tag = 0) {
    if (op !== isend && op !== irecv) {
      throw refuse(
        'Invalid ``op``. Expected ``op`` to be of type ``torch.distributed.isend`` or ``torch.distributed.irecv``.',
      );
    }
    checkTensor(tensor, 'tensor');
    this.start = () =>
      op === isend
        ? sendTo(tensor, peer, group, tag, null, false)
        : receiveFrom(tensor, peer, group, tag, null);
  }
}

/** Starts several sends and receipts at once (`torch.distributed.batch_isend_irecv`). */
export const batchIsendIrecv = (list: readonly P2POp[]): Work[] =>
  list.map((each) => each.start()).filter((each) => each !== null);
