export * from './changes';
export { type ClaimResult, testClaims, type Verdict } from './claims';
export { loadDataset } from './dataset';
export * from './experiment';
export * from './pair';
export { chooseRecord, provenance } from './provenance';
export { type Difference, recipeDifferences } from './recipes';
export { type Origin, readFullResult, writeResult } from './results';
