export { type ClaimResult, testClaims, type Verdict } from './claims';
export { type Difference, recipeDifferences } from './recipes';
