import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { TorchError } from './errors';
import { collectGarbage } from './garbage';

/** An opaque pointer of the addon: a tensor or a generator. */
export type Handle = { readonly __native: unique symbol };

type NativeResult = Handle | number | bigint | boolean | string | null | undefined | object;

/** A stream: its device, and its number there. */
export type StreamParts = [device: string, id: number | bigint];

/** Counts of PyTorch's allocator for GPUs, by its own names, nested. */
export interface MemoryStats {
  readonly [name: string]: number | MemoryStats;
}

/** How {@link Binding.createReducer} reduces gradients. */
export interface ReducerOptions {
  readonly bucketBytes: number;
  readonly firstBucketBytes: number;
  readonly bucketBytesList: readonly number[];
  readonly findUnused: boolean;
  readonly gradientAsBucketView: boolean;
  readonly staticGraph: boolean;
  readonly skipUnused: boolean;
  readonly batchedCopy: boolean;
  readonly moduleName: string;
  readonly syncBuffers: boolean;
}

/** The addon's functions; see native/*.cc. */
export interface Binding {
  /** Its one element tells how the last call has ended: see {@link settled}, {@link gaveTensor} and {@link gaveNamed}. */
  readonly outcome: Uint8Array;
  packet(name: string, overloads: readonly string[]): number;
  overloads(name: string): string[];
  schemas(): string[];
  optionId(name: string): number;
  resultNames(number: number): string[];
  /** `id` is a packet's number times 4, plus 1 with options, plus 2 where the result is not wanted. */
  call(id: number, options: unknown[] | undefined, ...args: unknown[]): NativeResult;

  libtorchVersion(): string;
  deviceCount(kind: string): number;
  hasCuda(): boolean;
  isCudaInitialized(): boolean;
  initDevice(kind: string): void;
  currentDevice(device: string): number;
  exchangeDevice(device: string): number;
  synchronizeDevice(device: string): void;
  cudaProperties(device: string): object;
  canAccessPeer(device: string, peer: string): boolean;
  cudaConfig(): string;
  cudnnVersion(): number;
  currentStream(device: string): StreamParts;
  defaultStream(device: string): StreamParts;
  newStream(device: string, priority: number): StreamParts;
  setStream(...stream: StreamParts): void;
  queryStream(...stream: StreamParts): boolean;
  synchronizeStream(...stream: StreamParts): void;
  recordStream(tensor: Handle, ...stream: StreamParts): void;
  makeEvent(kind: string, timing: boolean): Handle;
  recordEvent(event: Handle, ...stream: StreamParts): void;
  waitEvent(event: Handle, ...stream: StreamParts): void;
  queryEvent(event: Handle): boolean;
  synchronizeEvent(event: Handle): void;
  elapsedTime(start: Handle, end: Handle): number;
  eventId(event: Handle): number | bigint;
  memoryStats(device: string): MemoryStats;
  resetPeakStats(device: string): void;
  resetAccumulatedStats(device: string): void;
  emptyCache(kind: string): void;
  memoryInfo(device: string): number[];
  hasLibrary(name: string): boolean;
  getSwitch(name: string): boolean;
  setSwitch(name: string, on: boolean): void;
  matmulPrecision(): string;
  setMatmulPrecision(name: string): void;
  cpuCapability(): string;
  borrowArray(array: ArrayBufferView, shape: readonly number[], dtype: string): Handle;
  rememberIndices(codes: Float64Array): number;
  getKnownItem(tensor: Handle, indices: number): Handle;
  getItem(tensor: Handle, codes: Float64Array, tensors: readonly Handle[]): Handle;
  setItem(tensor: Handle, codes: Float64Array, tensors: readonly Handle[], value: unknown): void;

  fromBytes(data: ArrayBufferView, shape: readonly number[], dtype: string): Handle;
  byteLength(tensor: Handle): number;
  copyBytes(tensor: Handle, buffer: ArrayBuffer): void;
  shape(tensor: Handle): number[];
  strides(tensor: Handle): number[];
  storageOffset(tensor: Handle): number;
  storageId(tensor: Handle): number;
  storageSize(tensor: Handle): number;
  shareTensor(tensor: Handle): SharedArrayBuffer;
  sharedTensor(id: number): Handle;
  storageBytes(tensor: Handle, begin: number, length: number): ArrayBuffer;
  ndim(tensor: Handle): number;
  numel(tensor: Handle): number;
  dtype(tensor: Handle): string;
  device(tensor: Handle): string;
  layout(tensor: Handle): string;
  itemsize(tensor: Handle): number;
  isContiguous(tensor: Handle, memoryFormat: string): boolean;
  item(tensor: Handle): number | bigint | boolean | { re: number; im: number };
  dataPtr(tensor: Handle): number | bigint;
  outputNr(tensor: Handle): number;
  isSame(a: Handle, b: Handle): boolean;
  dispose(tensor: Handle): void;
  isDisposed(tensor: Handle): boolean;
  setCollector(collect: () => void): void;
  setWarner(warn: (message: string, place: string) => void): void;
  heldBytes(): number;

  manualSeed(seed: number | bigint): void;
  defaultGenerator(device: string): Handle;
  createGenerator(device: string): Handle;
  generatorDevice(generator: Handle): string;
  drawGeneratorSeed(generator: Handle): bigint;
  cloneGenerator(generator: Handle): Handle;
  generatorOffset(generator: Handle): number;
  setGeneratorOffset(generator: Handle, offset: number): void;
  generatorSeed(generator: Handle, seed: number | bigint): void;
  generatorInitialSeed(generator: Handle): bigint;
  generatorState(generator: Handle): Handle;
  setGeneratorState(generator: Handle, state: Handle): void;

  backward(
    tensors: Handle[],
    gradients: (Handle | null)[],
    retainGraph: boolean,
    createGraph: boolean,
    inputs: Handle[] | null,
  ): void;
  grad(
    outputs: Handle[],
    inputs: Handle[],
    gradOutputs: (Handle | null)[],
    retainGraph: boolean,
    createGraph: boolean,
    allowUnused: boolean,
  ): (Handle | null)[];
  requiresGrad(tensor: Handle): boolean;
  setRequiresGrad(tensor: Handle, value: boolean): void;
  getGrad(tensor: Handle): Handle | null;
  setGrad(tensor: Handle, gradient: Handle | null): void;
  isLeaf(tensor: Handle): boolean;
  gradFn(tensor: Handle): Handle | null;
  graphTask(): number;
  willExecute(node: Handle): boolean;
  gradEdge(tensor: Handle): [Handle, number];
  nodeName(node: Handle): string;
  nodeId(node: Handle): number;
  nextNodes(node: Handle): [Handle | null, number][];
  nodeVariable(node: Handle): Handle | null;
  setTracer(stack: () => string): void;
  setDetectAnomaly(enabled: boolean, checkNan: boolean): void;
  isAnomalyEnabled(): boolean;
  isAnomalyCheckNanEnabled(): boolean;
  version(tensor: Handle): number;
  retainGrad(tensor: Handle): void;
  retainsGrad(tensor: Handle): boolean;
  getData(tensor: Handle): Handle;
  setData(tensor: Handle, other: Handle): void;
  isGradEnabled(): boolean;
  setGradEnabled(value: boolean): void;
  enterMode(grad: boolean, inference: boolean): void;
  leaveMode(): void;
  isInferenceMode(): boolean;
  isInference(tensor: Handle): boolean;

  registerHook(tensor: Handle, hook: (gradient: Handle) => Handle | undefined): Handle;
  registerPostAccumulateGradHook(tensor: Handle, hook: (tensor: Handle) => undefined): Handle;
  registerNodeHook(
    node: Handle,
    hook: (inputs: (Handle | null)[], outputs: (Handle | null)[]) => (Handle | null)[] | undefined,
  ): Handle;
  registerNodePrehook(
    node: Handle,
    hook: (outputs: (Handle | null)[]) => (Handle | null)[] | undefined,
  ): Handle;
  removeHook(remover: Handle): void;
  loosenHooks(): void;
  tightenHooks(): void;

  makeFunctionNode(
    name: string,
    inputs: Handle[],
    backward: (gradients: (Handle | null)[]) => (Handle | null)[],
  ): Handle;
  wrapOutputs(
    node: Handle | null,
    inputs: (Handle | null)[],
    outputs: (Handle | null)[],
    nonDifferentiable: (Handle | null)[],
    dirty: (Handle | null)[],
    saved: (Handle | null)[],
    materialize: boolean,
    hasSetup: boolean,
  ): { outputs: (Handle | null)[]; node: Handle | null };
  savedTensors(node: Handle): (Handle | null)[];

  scriptLoad(source: string | Uint8Array, device: string | null): Handle;
  scriptSave(module: Handle, path: string | null): ArrayBuffer | undefined;
  scriptName(object: Handle): string;
  scriptIdentity(object: Handle): number;
  scriptSlots(object: Handle): unknown[];
  scriptConstants(object: Handle): string[];
  scriptGet(object: Handle, name: string): unknown;
  scriptSet(object: Handle, name: string, value: unknown): void;
  scriptMethods(object: Handle): unknown[];
  scriptRun(
    object: Handle,
    method: string,
    args: unknown[],
    names: string[],
    values: unknown[],
  ): unknown;
  scriptText(object: Handle, method: string): string;
  scriptCopy(module: Handle): Handle;
  scriptFreeze(module: Handle, preserved: readonly string[], optimizeNumerics: boolean): Handle;
  scriptTrace(
    structure: object,
    inputs: unknown,
    run: (...inputs: unknown[]) => unknown,
    names: readonly string[],
    strict: boolean,
    isModule: boolean,
  ): Handle;
  isTracing(): boolean;
  enterScope(name: string): void;
  leaveScope(): void;
  enterAutocast(device: string, enabled: boolean, dtype: string, cache: boolean): void;
  leaveAutocast(): void;
  isAutocastEnabled(device: string): boolean;
  setAutocastEnabled(device: string, enabled: boolean): void;
  getAutocastDtype(device: string): string;
  setAutocastDtype(device: string, dtype: string): void;
  isAutocastCacheEnabled(): boolean;
  setAutocastCacheEnabled(enabled: boolean): void;
  clearAutocastCache(): void;

  enterTransform(kind: 'vmap' | 'grad' | 'jvp', batchSize?: number, randomness?: string): number;
  leaveTransform(): void;
  currentTransform(): {
    kind: 'vmap' | 'grad' | 'jvp';
    level: number;
    batchSize: number;
    randomness: string;
    mode: boolean;
  } | null;
  popTransform(): void;
  pushTransform(): void;
  wrapForGrad(tensor: Handle, level: number): Handle;
  unwrapForGrad(tensor: Handle, level: number): Handle;
  addBatchDim(tensor: Handle, dim: number, level: number): Handle;
  removeBatchDim(tensor: Handle, level: number, batchSize: number, dim: number): Handle;
  wrapperOf(
    tensor: Handle,
  ): [kind: 'batched' | 'grad', level: number, dim: number, value: Handle] | null;
  enterDualLevel(): number;
  exitDualLevel(level: number): void;
  setForwardGradEnabled(on: boolean): boolean;

  makeSavedHooks(pack: (tensor: Handle) => Handle, unpack: (number: Handle) => Handle): Handle;
  enterSavedHooks(hooks: Handle | null): void;
  leaveSavedHooks(): void;
  deadSaved(hooks: Handle): number[];

  startProfiler(shapes: boolean, memory: boolean, flops: boolean): void;
  stopProfiler(): Handle;
  saveProfile(profile: Handle, path: string): void;
  profileEvents(profile: Handle): unknown[];
  enterRange(name: string): void;
  leaveRange(): void;

  packageLoad(
    path: string,
    model: string,
    singleThreaded: boolean,
    runners: number,
    device: number,
  ): Handle;
  packageRun(pack: Handle, inputs: Handle[]): Handle[];
  packageSpec(pack: Handle): string[];
  packageMetadata(pack: Handle): Record<string, string>;
  packageConstants(pack: Handle): string[];
  packageLoadConstants(
    pack: Handle,
    names: string[],
    tensors: Handle[],
    checkFullUpdate: boolean,
    userManaged: boolean,
  ): void;

  tcpStore(
    host: string,
    port: number,
    worldSize: number,
    isServer: boolean,
    timeout: number,
    waitForWorkers: boolean,
    multiTenant: boolean,
    useLibuv: boolean,
  ): Handle;
  fileStore(path: string, worldSize: number): Handle;
  hashStore(): Handle;
  prefixStore(prefix: string, store: Handle): Handle;
  storeSet(store: Handle, key: string, value: string): void;
  storeGet(store: Handle, key: string): string;
  storeAdd(store: Handle, key: string, amount: number): number;
  storeCheck(store: Handle, keys: readonly string[]): boolean;
  storeDelete(store: Handle, key: string): boolean;
  storeSize(store: Handle): number;
  storeWait(store: Handle, keys: readonly string[], timeout: number): void;
  storeTimeout(store: Handle): number;
  setStoreTimeout(store: Handle, timeout: number): void;

  createProcessGroup(
    store: Handle,
    rank: number,
    size: number,
    timeout: number,
    name: string,
    description: string,
    globalRanks: readonly number[],
  ): Handle;
  destroyProcessGroup(group: Handle): void;
  allReduce(group: Handle, tensor: Handle, op: number, async: boolean): Handle | null;
  broadcast(group: Handle, tensor: Handle, root: number, async: boolean): Handle | null;
  reduce(group: Handle, tensor: Handle, root: number, op: number, async: boolean): Handle | null;
  allGather(group: Handle, outputs: Handle[], input: Handle, async: boolean): Handle | null;
  allGatherIntoTensor(group: Handle, output: Handle, input: Handle, async: boolean): Handle | null;
  gather(
    group: Handle,
    outputs: Handle[] | null,
    input: Handle,
    root: number,
    async: boolean,
  ): Handle | null;
  scatter(
    group: Handle,
    output: Handle,
    inputs: Handle[] | null,
    root: number,
    async: boolean,
  ): Handle | null;
  reduceScatter(
    group: Handle,
    output: Handle,
    inputs: Handle[],
    op: number,
    async: boolean,
  ): Handle | null;
  reduceScatterTensor(
    group: Handle,
    output: Handle,
    input: Handle,
    op: number,
    async: boolean,
  ): Handle | null;
  allToAll(group: Handle, outputs: Handle[], inputs: Handle[], async: boolean): Handle | null;
  allToAllSingle(
    group: Handle,
    output: Handle,
    input: Handle,
    outputSplits: readonly number[],
    inputSplits: readonly number[],
    async: boolean,
  ): Handle | null;
  send(group: Handle, tensor: Handle, destination: number, tag: number): Handle | null;
  recv(group: Handle, tensor: Handle, source: number, tag: number): Handle | null;
  barrier(group: Handle, timeout: number, async: boolean): Handle | null;
  monitoredBarrier(group: Handle, timeout: number, waitAllRanks: boolean): void;
  workWait(work: Handle, timeout: number): boolean;
  workIsCompleted(work: Handle): boolean;
  workIsSuccess(work: Handle): boolean;
  workSourceRank(work: Handle): number;
  workResult(work: Handle): Handle[];

  createReducer(
    group: Handle,
    parameters: Handle[],
    expectSparse: readonly boolean[],
    names: readonly string[],
    options: ReducerOptions,
  ): Handle;
  verifyParameters(group: Handle, parameters: Handle[]): void;
  broadcastCoalesced(
    group: Handle,
    tensors: Handle[],
    bytes: number,
    root: number,
    keepVersions: boolean,
  ): void;
  prepareForForward(reducer: Handle): void;
  prepareForBackward(reducer: Handle, outputs: Handle[]): void;
  rebuildBuckets(reducer: Handle): boolean;
  setStaticGraph(reducer: Handle): void;
  delayAllReduce(reducer: Handle): void;
  setForwardWork(reducer: Handle, work: Handle, divideByInitialWorldSize: boolean): void;
  setUnevenInputs(reducer: Handle): void;
  matchBackward(reducer: Handle): void;
  localUsedMap(reducer: Handle): Handle;
  pushRebuiltParameters(reducer: Handle): void;

  setNumThreads(count: number): void;
  getNumThreads(): number;
  setDefaultDtype(dtype: string): void;
  getDefaultDtype(): string;
  useDeterministicAlgorithms(mode: boolean, warnOnly: boolean): void;
  areDeterministicAlgorithmsEnabled(): boolean;
  areDeterministicAlgorithmsWarnOnly(): boolean;
  setFlushDenormal(on: boolean): boolean;
  getNumInteropThreads(): number;
  setNumInteropThreads(count: number): void;
  showConfig(): string;
}

/** Where the addon lies for this file as it is built, and for its source. */
const places = ['..', '.'].map((folder) =>
  join(__dirname, folder, 'native/build/Release/torch.node'),
);

function load(): Binding {
  const file = places.find((place) => existsSync(place));
  if (file) return require(file) as Binding;
  throw new Error(
    `PyTorch's addon is not at ${places[0]}; build it with \`npx tandem-torch\` (some package managers, npm 12 is one, run no package's install step unasked); in Tandem's own project, run \`npm run doctor\`. If the program is bundled, leave tandem-torch out of the bundle (esbuild --external:tandem-torch, webpack externals): its addon is a file of its own`,
  );
}

const addon = load();
const { outcome } = addon;

/**
 * A result of the addon, or throws it where it is an error: the addon throws none itself, as one that
 * is on its way while V8 collects garbage would end the process.
 */
export function settled<Result>(result: Result): Result {
  if (outcome[0] !== 1) return result;
  throw result;
}

/** Whether the last call gave one tensor. */
export const gaveTensor = (): boolean => outcome[0] === 2;
/** Whether the last call gave several results and the number of their names. */
export const gaveNamed = (): boolean => outcome[0] === 3;

/** {@link settled}, which throws a TorchError. */
function checked<Result>(result: Result): Result {
  if (outcome[0] !== 1) return result;
  throw TorchError.from(result);
}

function guard(run: (...args: unknown[]) => unknown) {
  return (...args: unknown[]) => {
    try {
      return settled(run(...args));
    } catch (error) {
      throw TorchError.from(error);
    }
  };
}

/** The addon, guarded. Operators are named by their caller, who settles the result of what is called all the time. */
export const native: Binding = {
  ...Object.fromEntries(
    Object.entries(addon).map(([name, run]) => [
      name,
      typeof run === 'function' ? guard(run as never) : run,
    ]),
  ),
  call: addon.call,
  getKnownItem: addon.getKnownItem,
  // What programs of small operators call all the time: a function of its own each, which V8 can inline.
  item: (tensor) => checked(addon.item(tensor)),
  dispose: (tensor) => checked(addon.dispose(tensor)),
  getGrad: (tensor) => checked(addon.getGrad(tensor)),
  setGrad: (tensor, gradient) => checked(addon.setGrad(tensor, gradient)),
  requiresGrad: (tensor) => checked(addon.requiresGrad(tensor)),
  shape: (tensor) => checked(addon.shape(tensor)),
  ndim: (tensor) => checked(addon.ndim(tensor)),
  dtype: (tensor) => checked(addon.dtype(tensor)),
  packet: (name, overloads) => settled(addon.packet(name, overloads)),
  overloads: (name) => settled(addon.overloads(name)),
} as Binding;

const warned = new Set<string>();

/** PyTorch's warnings become Node's, once from each place. */
function warn(message: string, place: string): void {
  if (warned.has(place)) return;
  if (place) warned.add(place);
  process.emitWarning(message, 'TorchWarning');
}

native.setCollector(() => collectGarbage(native));
native.setWarner(warn);
