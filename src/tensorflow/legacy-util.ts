/** Functions of node:util that tfjs-node 4.22 calls: deprecated in Node 22, removed in Node 23. */
import util from 'node:util';

Object.assign(util, {
  isNullOrUndefined: (value: unknown) => value === null || value === undefined,
  isArray: Array.isArray,
});
