import { type Args, bind } from '../../arguments';
import {
  Function as AutogradFunction,
  type FunctionContext,
  isGradEnabled,
  noGrad,
} from '../../autograd';
import { tensor as makeTensor } from '../../creation';
import { allReduce, ReduceOp } from '../../distributed/collectives';
import { type JoinConfig, joinOthers, notifyJoinContext } from '../../distributed/join';
import { defaultGroup, type ProcessGroup } from '../../distributed/process-group';
import type { Work } from '../../distributed/work';
import { TorchError } from '../../errors';
import { ones, zeros } from '../../generated/functions';
import { type Handle, native } from '../../native';
import { Tensor } from '../../tensor';
import { warn } from '../functional/warning';
import { Module } from '../module';
import { Embedding, EmbeddingBag } from '../modules/embedding';
import type { Parameter } from '../parameter';
import { findTensors, replaceTensors } from './output-tensors';

const megabyte = 1024 * 1024;
const defaultBucketMb = 25;
const defaultFirstBucketBytes = megabyte;
/** Of parameters and buffers that are broadcast at once. */
const broadcastBytes = 250 * megabyte;

interface Needed<M extends Module> {
  module: M;
}
export interface DistributedDataParallelOptions {
  deviceIds?: null;
  outputDevice?: null;
  dim?: number;
  /** Whether buffers follow rank 0's at each forward, and at first. */
  broadcastBuffers?: boolean | null;
  /** Whether all start with rank 0's parameters. */
  initSync?: boolean;
  processGroup?: ProcessGroup | null;
  /** Mebibytes of gradients that are reduced together. */
  bucketCapMb?: number | null;
  /** Whether parameters may stay without a gradient, which is looked for in the graph at each forward. */
  findUnusedParameters?: boolean;
  checkReduction?: boolean;
  /** Whether gradients lie where they are reduced, which saves a copy. */
  gradientAsBucketView?: boolean;
  /** Whether the same parameters are used at each step, in the same order. */
  staticGraph?: boolean;
  delayAllReduceNamedParams?: null;
  paramToHookAllReduce?: null;
  mixedPrecision?: null;
  deviceMesh?: null;
  skipAllReduceUnusedParams?: boolean;
  bucketCapMbList?: number[] | null;
  batchedGradCopy?: boolean;
  forwardSyncBuffers?: boolean | null;
}

export interface JoinOptions {
  /** Whether gradients are divided by the number of all processes, or of those that still have inputs. */
  divideByInitialWorldSize?: boolean;
  enable?: boolean;
  throwOnEarlyTermination?: boolean;
}

/** Calls back at the start of each backward (`torch.nn.parallel.distributed._DDPSink`). */
class DDPSink extends AutogradFunction {
  static forward(
    ctx: FunctionContext & { start?: () => void },
    start: () => void,
    ...inputs: Tensor[]
  ) {
    ctx.setMaterializeGrads(false);
    ctx.start = start;
    return inputs.map((input) => input.clone());
  }
  static backward(ctx: FunctionContext & { start?: () => void }, ...gradients: Tensor[]) {
    ctx.start!();
    return [null, ...gradients];
  }
}

function* trained(root: Module): Generator<[Module, string, Parameter]> {
  const seen = new Set<Parameter>();
  for (const [prefix, module] of root.namedModules()) {
    for (const [name, parameter] of module.namedParameters({ recurse: false })) {
      if (!parameter.requiresGrad || seen.has(parameter)) continue;
      seen.add(parameter);
      yield [module, `${prefix}.${name}`, parameter];
    }
  }
}

const givesSparse = (module: Module): boolean =>
  (module instanceof Embedding || module instanceof EmbeddingBag) && module.sparse;

const handles = (tensors: readonly Tensor[]): Handle[] => tensors.map(({ handle }) => handle);

/**
 * A module that trains in several processes, each on its part of the data (`torch.nn.parallel.DistributedDataParallel`):
 * all start with the parameters of rank 0, and each backward averages the gradients over the processes while it runs,
 * by PyTorch's own reducer. Each process makes the same module, and calls forward and backward as often.
 *
 * Throws TorchError where the processes' parameters differ in number or shape, and where none requires a gradient.
 *
 * @example
 * torch.distributed.initProcessGroup();
 * const net = new nn.parallel.DistributedDataParallel(new Net());
 */
export class DistributedDataParallel<M extends Module = Module> extends Module {
  readonly module: M;
  readonly processGroup: ProcessGroup;
  readonly findUnusedParameters: boolean;
  readonly staticGraph: boolean;
  forwardSyncBuffers: boolean;
  readonly #reducer: Handle;
  #requireBackwardGradSync = true;
  #requireForwardParamSync = true;
  #isDelayed = false;
  #join: JoinConfig = { enable: false, throwOnEarlyTermination: false };
  #divideByInitialWorldSize = true;

  constructor(...args: Args<'DistributedDataParallel', Needed<M>, DistributedDataParallelOptions>) {
    super();
    const options = bind<Needed<M> & Required<DistributedDataParallelOptions>>(
      'DistributedDataParallel',
      args,
    );
    const { module, processGroup, broadcastBuffers, forwardSyncBuffers, initSync } = options;
    refuseUnsupported(options);
    const parameters = [...trained(module)];
    if (parameters.length === 0) {
      throw new TorchError(
        "DistributedDataParallel is not needed when a module doesn't have any parameter that requires a gradient.",
        'RuntimeError',
      );
    }
    this.processGroup = processGroup ?? defaultGroup();
    this.module = module;
    this.findUnusedParameters = options.findUnusedParameters;
    this.staticGraph = options.staticGraph;
    this.forwardSyncBuffers = forwardSyncBuffers ?? broadcastBuffers ?? true;
    const { handle: group } = this.processGroup;
    const tensors = handles(parameters.map(([, , parameter]) => parameter));
    if (initSync) {
      native.verifyParameters(group, tensors);
      this.#syncState(0, forwardSyncBuffers !== null || (broadcastBuffers ?? true));
    }
    const list = (options.bucketCapMbList ?? []).map((mb) => Math.trunc(mb * megabyte));
    const most =
      list.length > 0 ? Math.max(...list) : (options.bucketCapMb ?? defaultBucketMb) * megabyte;
    const isDefault = list.length === 0 && (options.bucketCapMb ?? null) === null;
    this.#reducer = native.createReducer(
      group,
      tensors,
      parameters.map(([owner]) => givesSparse(owner)),
      parameters.map(([, name]) => name),
      {
        bucketBytes: Math.trunc(most),
        firstBucketBytes: isDefault ? defaultFirstBucketBytes : Math.trunc(most),
        bucketBytesList: list,
        findUnused: this.findUnusedParameters,
        gradientAsBucketView: options.gradientAsBucketView,
        staticGraph: this.staticGraph,
        skipUnused: options.skipAllReduceUnusedParams ?? false,
        batchedCopy: options.batchedGradCopy ?? false,
        moduleName: module.constructor.name,
        syncBuffers: this.forwardSyncBuffers,
      },
    );
    if (!this.staticGraph) return;
    native.setStaticGraph(this.#reducer);
    if (this.findUnusedParameters) {
      warn(
        'You passed find_unused_parameters=true to DistributedDataParallel, `_set_static_graph` will detect unused parameters ' +
          'automatically, so you do not need to set find_unused_parameters=true, just be sure these unused parameters will not ' +
          'change during training loop while calling `_set_static_graph`.',
      );
    }
  }

  override forward(...inputs: Parameters<M['forward']>): ReturnType<M['forward']> {
    this.#beforeForward();
    return this.#afterForward(this.module.call(...inputs)) as ReturnType<M['forward']>;
  }

  /**
   * Runs `fn` without reducing gradients: they add up, and are reduced by the first forward and backward after it. The forward
   * must run in it too.
   */
  noSync<T>(fn: () => T): T {
    const before = this.#requireBackwardGradSync;
    this.#requireBackwardGradSync = false;
    return afterwards(fn, () => {
      this.#requireBackwardGradSync = before;
    });
  }

  /**
   * Runs `fn`, a training in which processes may have different numbers of inputs: one that has ended takes part in the others'
   * collectives until all have. With `throwOnEarlyTermination` all throw instead as soon as one has ended.
   */
  join<T>(fn: () => T, options: JoinOptions = {}): T {
    const {
      divideByInitialWorldSize = true,
      enable = true,
      throwOnEarlyTermination = false,
    } = options;
    const config = { enable, throwOnEarlyTermination };
    this.#join = config;
    this.#divideByInitialWorldSize = divideByInitialWorldSize;
    if (!enable) return fn();
    native.setUnevenInputs(this.#reducer);
    const mainHook = () => this.#shadowIteration();
    const postHook = (isLast: boolean) =>
      this.#syncState(this.#commonRank(isLast), this.forwardSyncBuffers);
    const end = <R>(result: R): R => {
      joinOthers(this.processGroup, config, { mainHook, postHook });
      return result;
    };
    const run = () => {
      const result = fn();
      return result instanceof Promise ? (result.then(end) as T) : end(result);
    };
    return afterwards(run, () => {
      this.#join = { ...config, enable: false };
    });
  }

  #beforeForward(): void {
    const reducer = this.#reducer;
    const trains = isGradEnabled();
    if (trains && this.#requireBackwardGradSync) native.prepareForForward(reducer);
    const work = notifyJoinContext(this.processGroup, this.#join);
    if (work) native.setForwardWork(reducer, work.handle, this.#divideByInitialWorldSize);
    if (trains) native.rebuildBuckets(reducer);
    if (this.#willSyncBuffers()) this.#syncBuffers(this.#join.enable ? this.#commonRank(true) : 0);
    if (this.#join.enable) this.#announceSync(this.#requireBackwardGradSync);
  }

  #afterForward(output: unknown): unknown {
    const reducer = this.#reducer;
    const findsUnused = this.findUnusedParameters && !this.staticGraph;
    const syncs = isGradEnabled() && this.#requireBackwardGradSync;
    if (syncs) native.prepareForBackward(reducer, findsUnused ? handles(findTensors(output)) : []);
    this.#requireForwardParamSync = syncs;
    if (!findsUnused && !(this.staticGraph && !this.#isDelayed)) return output;
    const start = () => {
      if (!this.staticGraph || this.#isDelayed) return;
      native.delayAllReduce(reducer);
      this.#isDelayed = true;
    };
    const tensors = [...new Set(findTensors(output))].filter(({ gradFn }) => gradFn !== null);
    if (tensors.length === 0) return output;
    const passed = [DDPSink.apply(start, ...tensors)].flat() as Tensor[];
    const others = new Map(tensors.map((tensor, i) => [tensor, passed[i]!]));
    return replaceTensors(output, (tensor) => others.get(tensor) ?? tensor);
  }

  #buffers(): Tensor[] {
    return Array.from(this.module.namedBuffers(), ([, buffer]) => buffer);
  }

  #willSyncBuffers(): boolean {
    return this.#requireForwardParamSync && this.forwardSyncBuffers && this.#buffers().length > 0;
  }

  #syncBuffers(root: number): void {
    noGrad(() => {
      const { handle } = this.processGroup;
      native.broadcastCoalesced(handle, handles(this.#buffers()), broadcastBytes, root, true);
    });
  }

  /** Gives all processes one's parameters, and its buffers. */
  #syncState(root: number, buffers: boolean): void {
    const parameters = Array.from(this.module.namedParameters(), ([, parameter]) => parameter);
    const states = [...parameters, ...(buffers ? this.#buffers() : [])].map((each) =>
      each.detach(),
    );
    if (states.length === 0) return;
    const { handle } = this.processGroup;
    native.broadcastCoalesced(handle, handles(states), broadcastBytes, root, false);
  }

  /** The highest rank of those for which something holds. */
  #commonRank(holds: boolean): number {
    const rank = makeTensor([holds ? this.processGroup.rank() : -1], { dtype: 'int64' });
    allReduce(rank, { op: ReduceOp.MAX, group: this.processGroup });
    return rank.item();
  }

  /** Tells the processes that have joined whether this one reduces gradients in the backward that follows. */
  #announceSync(syncs: boolean): { work: Work | null; total: Tensor } {
    const total = (syncs ? ones : zeros)([1]);
    return { work: allReduce(total, { group: this.processGroup, asyncOp: true }), total };
  }

  /** The collectives of an iteration of those that still have inputs. */
  #shadowIteration(): void {
    const reducer = this.#reducer;
    native.rebuildBuckets(reducer);
    if (this.#willSyncBuffers()) this.#syncBuffers(this.#commonRank(false));
    const { work, total } = this.#announceSync(false);
    work?.wait();
    this.#requireForwardParamSync = total.item() !== 0;
    if (!this.#requireForwardParamSync) return;
    native.matchBackward(reducer);
    if (this.findUnusedParameters) {
      allReduce(new Tensor(native.localUsedMap(reducer)), { group: this.processGroup });
    }
    native.pushRebuiltParameters(reducer);
  }
}

/** Runs `last` when `fn` has ended, also where it is asynchronous or throws. */
function afterwards<T>(fn: () => T, last: () => void): T {
  let result: T;
  try {
    result = fn();
  } catch (error) {
    last();
    throw error;
  }
  if (result instanceof Promise) return result.finally(last) as T;
  last();
  return result;
}

function refuseUnsupported(options: Required<DistributedDataParallelOptions>): void {
  const { deviceIds, outputDevice } = options;
  if (deviceIds || outputDevice) {
    throw new TorchError(
      'DistributedDataParallel device_ids and output_device arguments only work with single-device/multiple-device GPU modules or CPU modules, ' +
        `but got device_ids [${String(deviceIds ?? '')}], output_device ${String(outputDevice)}.`,
      'ValueError',
    );
  }
  for (const name of [
    'delayAllReduceNamedParams',
    'paramToHookAllReduce',
    'mixedPrecision',
    'deviceMesh',
  ] as const) {
    if (options[name] === null || options[name] === undefined) continue;
    throw new TorchError(
      `DistributedDataParallel: ${name} is not supported`,
      'NotImplementedError',
    );
  }
}
