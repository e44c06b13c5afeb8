/** `torch.distributed`: several processes that compute together, on libtorch's own process groups. */
export * from './collectives';
export * from './objects';
export {
  defaultPgTimeout,
  destroyProcessGroup,
  type Group,
  GroupMember,
  getBackend,
  getGlobalRank,
  getGroupRank,
  getNodeLocalRank,
  getPgCount,
  getProcessGroupRanks,
  getRank,
  getWorldSize,
  group,
  type InitOptions,
  initProcessGroup,
  isAvailable,
  isBackendAvailable,
  isGlooAvailable,
  isInitialized,
  isMpiAvailable,
  isNcclAvailable,
  isTorchelasticLaunched,
  isUccAvailable,
  isXcclAvailable,
  type NewGroupOptions,
  newGroup,
  ProcessGroup,
} from './process-group';
export {
  FileStore,
  HashStore,
  PrefixStore,
  Store,
  TCPStore,
  type TCPStoreOptions,
} from './store';
export { Work } from './work';
