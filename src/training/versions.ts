import { readFileSync } from 'node:fs';
import { inProject } from '../files/paths';
import type { Framework } from './recipe';

const pinned = (packageName: string): string => {
  const pin = new RegExp(`^${packageName}==(\\S+)$`, 'm');
  return pin.exec(readFileSync(inProject('requirements.txt'), 'utf8'))?.[1] ?? 'unknown';
};

/** Versions of a framework's native library and of the runtime, as a history records them. */
export function versions(framework: Framework): Record<string, string> {
  const library: Record<string, string> =
    framework === 'pytorch'
      ? { torch: pinned('torch') }
      : { tensorflow: pinned('tensorflow-cpu'), tfjs: tfjsVersion() };
  return { ...library, node: process.versions.node };
}

const tfjsVersion = (): string =>
  JSON.parse(readFileSync(require.resolve('@tensorflow/tfjs-node/package.json'), 'utf8')).version;
