import { readFileSync } from 'node:fs';
import { askPython } from '../python';

/** A float32 tensor's numbers and shape. */
export interface Numbers {
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
}

/**
 * The environment that the tests were started with. What Tandem may have set since is not there, so
 * that Python runs as it does for anybody.
 */
export const environment = (): Record<string, string> =>
  Object.fromEntries(
    readFileSync('/proc/self/environ', 'utf8')
      .split('\0')
      .filter((entry) => entry.includes('='))
      .map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  );

/**
 * Evaluates Python expressions that give float32 tensors, with `tf` at hand and `x`, the list of the
 * given tensors. Returns the bytes' numbers of each.
 */
export function python(
  expressions: readonly string[],
  x: readonly Numbers[],
): readonly Float32Array[] {
  const script = `
import base64, json, sys
import numpy as np, tensorflow as tf
def decode(a):
    return tf.constant(np.frombuffer(base64.b64decode(a["data"]), np.float32).reshape(a["shape"]))
def encode(y):
    return base64.b64encode(np.ascontiguousarray(y, np.float32).tobytes()).decode()
job = json.load(sys.stdin)
scope = {"tf": tf, "x": [decode(a) for a in job["x"]]}
print(json.dumps([encode(eval(e, scope)) for e in job["expressions"]]))`;
  const encode = (data: ArrayLike<number>) =>
    Buffer.from(Float32Array.from(data).buffer).toString('base64');
  const inputs = x.map(({ data, shape }) => ({ data: encode(data), shape }));
  const input = JSON.stringify({ expressions, x: inputs });
  const call = { input, env: environment(), framework: 'tensorflow' } as const;
  const out = askPython(['-c', script], call);
  return (JSON.parse(out) as string[]).map(
    (text) => new Float32Array(Uint8Array.from(Buffer.from(text, 'base64')).buffer),
  );
}
