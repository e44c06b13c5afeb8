import { deserialize, serialize } from 'node:v8';
import { type Callable, named } from '../arguments';
import { tensor as makeTensor } from '../creation';
import { TorchError } from '../errors';
import { cat, empty, zeros } from '../generated/functions';
import type { Tensor } from '../tensor';
import { allGather, broadcast, gather, scatter } from './collectives';
import { type Group, getGroupRank, memberOf, type ProcessGroup } from './process-group';

/**
 * Plain values between processes. What goes over the wire is Node's structured clone, where Python has its pickles: so these
 * work between processes of Node alone.
 */
const toBytes = (value: unknown): Tensor =>
  makeTensor(new Uint8Array(serialize(value)), { dtype: 'uint8' });

const fromBytes = (bytes: Tensor, size: number): unknown =>
  deserialize(bytes.narrow(0, 0, size).toTypedArray() as Uint8Array);

/** A tensor of a length that all processes have. */
function padded(bytes: Tensor, size: number): Tensor {
  const missing = size - bytes.size(0);
  return missing > 0 ? cat([bytes, zeros(missing, { dtype: 'uint8' })]) : bytes;
}

const emptyBytes = (size: number): Tensor => empty([size], { dtype: 'uint8' });
const numberTensor = (value: number): Tensor => makeTensor([value], { dtype: 'int64' });

const rootIn = (own: ProcessGroup, global: number | null, inGroup: number | null): number =>
  inGroup ?? getGroupRank(own, global ?? 0);

/** All processes' sizes, in the order of their ranks. */
function sizesOf(own: ProcessGroup, bytes: Tensor): number[] {
  const sizes = Array.from({ length: own.size() }, () => numberTensor(0));
  allGather(sizes, numberTensor(bytes.size(0)), { group: own });
  return sizes.map((size) => size.item());
}

/** Copies one process's list of values into those of the others (`torch.distributed.broadcast_object_list`). */
export const broadcastObjectList = named<
  Callable<
    'broadcast_object_list',
    { objectList: unknown[] },
    { src?: number | null; group?: Group; groupSrc?: number | null; device?: null },
    void
  >
>(
  'broadcast_object_list',
  (list: unknown[], src: number | null, group: Group, _: null, groupSrc: number | null) => {
    const own = memberOf(group, 'broadcast_object_list');
    if (!own) return;
    const root = rootIn(own, src, groupSrc);
    const isRoot = own.rank() === root;
    const parts = isRoot ? list.map(toBytes) : [];
    const sizes = makeTensor(isRoot ? parts.map((part) => part.size(0)) : list.map(() => 0), {
      dtype: 'int64',
    });
    broadcast(sizes, { group: own, groupSrc: root });
    const lengths = sizes.toArray() as number[];
    const total = lengths.reduce((sum, length) => sum + length, 0);
    const bytes = isRoot ? cat(parts) : emptyBytes(total);
    broadcast(bytes, { group: own, groupSrc: root });
    if (isRoot) return;
    let begin = 0;
    lengths.forEach((length, i) => {
      list[i] = fromBytes(bytes.narrow(0, begin, length), length);
      begin += length;
    });
  },
);

/** Gathers a value of each process into a list (`torch.distributed.all_gather_object`). */
export const allGatherObject = named<
  Callable<'all_gather_object', { objectList: unknown[]; obj: unknown }, { group?: Group }, void>
>('all_gather_object', (list: unknown[], value: unknown, group: Group) => {
  const own = memberOf(group, 'all_gather_object');
  if (!own) return;
  const bytes = toBytes(value);
  const sizes = sizesOf(own, bytes);
  const most = Math.max(...sizes);
  const outputs = sizes.map(() => emptyBytes(most));
  allGather(outputs, padded(bytes, most), { group: own });
  outputs.forEach((output, i) => {
    list[i] = fromBytes(output, sizes[i]!);
  });
});

/** Gathers a value of each process into a list of one of them (`torch.distributed.gather_object`). */
export const gatherObject = named<
  Callable<
    'gather_object',
    { obj: unknown },
    {
      objectGatherList?: unknown[] | null;
      dst?: number | null;
      group?: Group;
      groupDst?: number | null;
    },
    void
  >
>(
  'gather_object',
  (
    value: unknown,
    list: unknown[] | null,
    dst: number | null,
    group: Group,
    groupDst: number | null,
  ) => {
    const own = memberOf(group, 'gather_object');
    if (!own) return;
    const root = rootIn(own, dst, groupDst);
    const isRoot = own.rank() === root;
    if (isRoot !== Boolean(list)) {
      const [must, where] = isRoot
        ? ['must', 'destination rank']
        : ['must NOT', 'non-destination ranks'];
      throw new TorchError(
        `Argument \`\`gather_list\`\` ${must} be specified on ${where}.`,
        'ValueError',
      );
    }
    const bytes = toBytes(value);
    const sizes = sizesOf(own, bytes);
    const most = Math.max(...sizes);
    const outputs = isRoot ? sizes.map(() => emptyBytes(most)) : null;
    gather(padded(bytes, most), { gatherList: outputs, group: own, groupDst: root });
    outputs?.forEach((output, i) => {
      list![i] = fromBytes(output, sizes[i]!);
    });
  },
);

/** Gives each process one of the values in one's list, as the first of its own (`torch.distributed.scatter_object_list`). */
export const scatterObjectList = named<
  Callable<
    'scatter_object_list',
    { scatterObjectOutputList: unknown[] },
    {
      scatterObjectInputList?: unknown[] | null;
      src?: number | null;
      group?: Group;
      groupSrc?: number | null;
    },
    void
  >
>(
  'scatter_object_list',
  (
    outputs: unknown[],
    inputs: unknown[] | null,
    src: number | null,
    group: Group,
    groupSrc: number | null,
  ) => {
    const own = memberOf(group, 'scatter_object_list');
    if (!own) return;
    const root = rootIn(own, src, groupSrc);
    const isRoot = own.rank() === root;
    if (isRoot && !inputs) {
      throw new TorchError(
        'source rank must provide non-None scatter_object_input_list',
        'ValueError',
      );
    }
    const parts = isRoot ? inputs!.map(toBytes) : null;
    const most = numberTensor(Math.max(0, ...(parts ?? []).map((part) => part.size(0))));
    broadcast(most, { group: own, groupSrc: root });
    const options = { group: own, groupSrc: root };
    const output = emptyBytes(most.item());
    scatter(output, {
      ...options,
      scatterList: parts?.map((part) => padded(part, most.item())) ?? null,
    });
    const size = numberTensor(0);
    const sizes = parts?.map((part) => numberTensor(part.size(0))) ?? null;
    scatter(size, { ...options, scatterList: sizes });
    outputs[0] = fromBytes(output, size.item());
  },
);
