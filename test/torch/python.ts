import { Tensor } from 'tandem-torch';
import { askPython } from '../python';

/** Evaluates Python expressions, with torch at hand, and gives what each prints. */
export function python(expressions: readonly string[], setUp = ''): string[] {
  const script = `
import json, sys, torch
import torch.nn as nn
import torch.nn.functional as F
inf, nan = float('inf'), float('nan')
def bits(x):
    """Shape, dtype and the bytes of the elements."""
    if isinstance(x, (tuple, list)):
        return ' '.join(bits(y) for y in x)
    if not isinstance(x, torch.Tensor):
        return str(x)
    data = x.detach().contiguous().reshape(-1).view(torch.uint8).numpy().tobytes().hex()
    return f"{list(x.shape)} {str(x.dtype).removeprefix('torch.')} {data}"
job = json.load(sys.stdin)
scope = dict(globals())
exec(job['setUp'], scope)
print(json.dumps([str(eval(e, scope)) for e in job['expressions']]))`;
  const input = JSON.stringify({ expressions, setUp });
  return JSON.parse(askPython(['-c', script], { input, framework: 'torch' }));
}

/** Shape, dtype and the bytes of the elements, as `bits` in Python gives them. */
export function bits(x: unknown): string {
  if (Array.isArray(x)) return x.map(bits).join(' ');
  if (typeof x === 'boolean') return x ? 'True' : 'False';
  if (!(x instanceof Tensor)) return String(x);
  const bytes = new Uint8Array(x.detach().contiguous().toTypedArray().buffer as ArrayBuffer);
  return `[${x.shape.join(', ')}] ${x.dtype} ${Buffer.from(bytes).toString('hex')}`;
}
