/** What tfjs-node 4.22 still calls of node:util, and Node 23 no longer has. */
import util from 'node:util';

const legacy = util as unknown as Record<string, unknown>;
legacy.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
legacy.isArray ??= Array.isArray;
