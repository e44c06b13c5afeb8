import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { device as deviceOf } from '../device';
import { TorchError } from '../errors';
import { type Handle, native } from '../native';
import type { FileLike } from '../serialization/byte-source';
import type { Device } from '../types';
import { ScriptModule } from './script-module';

/** The path of a file that is there; Python's ValueError for any other. */
export function existingPath(file: string | URL): string {
  const path = file instanceof URL ? fileURLToPath(file) : file;
  if (existsSync(path)) return path;
  throw new TorchError(`The provided filename ${path} does not exist`, 'ValueError');
}

/** What `read` gives, or its error in one line that names the file. */
export function readModel<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof TorchError)) throw error;
    const [line] = error.message.split('\n').filter((text) => text.trim());
    // What follows is advice about the library that reads archives.
    const [problem] = line!.split('. This is an internal miniz error');
    const message = `${name} isn't a model that can be loaded: ${problem}`;
    throw new TorchError(message, error.code, undefined, { cause: error });
  }
}

/**
 * Loads a model of TorchScript (`torch.jit.load`) from a file, or from its bytes, onto `mapLocation` or where it
 * was. Its program runs as Python would run it; it can do nothing but compute. Throws TorchError for what is no such file or is damaged.
 *
 * @example
 * const net = torch.jit.load('model.pt');
 * const { logits } = net.eval().call(torch.randn(1, 3, 224, 224));
 */
export function load(file: FileLike, mapLocation: Device | null = null): ScriptModule {
  const source = file instanceof Uint8Array ? file : existingPath(file);
  const name = file instanceof Uint8Array ? 'the bytes' : String(source);
  const device = mapLocation === null ? null : String(deviceOf(mapLocation));
  return new ScriptModule(readModel<Handle>(name, () => native.scriptLoad(source, device)));
}
