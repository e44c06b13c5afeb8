/** What tfjs-node 4.22 calls of node:util: deprecated with a warning in Node 22, gone in Node 23. */
import util from 'node:util';

Object.assign(util, {
  isNullOrUndefined: (value: unknown) => value === null || value === undefined,
  isArray: Array.isArray,
});
