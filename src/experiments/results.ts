import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { commandLine } from '../command/command-line';
import { digestOf, type ImageDataset } from '../data/image-set';
import { readCommitted } from '../files/committed-record';
import { inProject } from '../files/paths';
import { writeWhole } from '../files/whole-file';
import type { Profile } from '../training/profiles';
import { versions } from '../training/versions';

/** The origin of a result. */
export interface Origin {
  readonly profile: Profile;
  /** The command that reproduces it. */
  readonly command: string;
  /** E.g. `2 cores, linux x64, AMD EPYC`. */
  readonly machine: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly data: { readonly name: string; readonly sha256: string };
  /** ISO date and time. */
  readonly recordedAt: string;
}

/** The origin of a result made here and now. */
export function originHere(experiment: string, profile: Profile, dataset: ImageDataset): Origin {
  const model = cpus()[0]?.model.trim() || 'unknown processor';
  const { platform, arch } = process;
  const data = dataset.name === 'Fashion-MNIST' ? ' --data fashion-mnist' : '';
  return {
    profile,
    command: commandLine('experiment', `${experiment} --profile ${profile}${data}`),
    machine: `${availableParallelism()} cores, ${platform} ${arch}, ${model}`,
    versions: { ...versions('pytorch'), ...versions('tensorflow') },
    data: { name: dataset.name, sha256: digestOf(dataset) },
    recordedAt: new Date().toISOString(),
  };
}

/** The path of an experiment's result: a full one in the project, others in the cache. */
function pathOf(experiment: string, profile: Profile, dataset: ImageDataset): string {
  const data =
    dataset.name === 'MNIST' ? '' : `-${dataset.name.toLowerCase().replace(/\W+/g, '-')}`;
  return profile === 'full'
    ? inProject('data/results', `${experiment}${data}.json`)
    : inProject('data/cache/results', `${experiment}${data}-${profile}.json`);
}

const isWhole = ({ profile, command, machine, versions, data, recordedAt }: Origin): boolean =>
  [profile, command, machine, data.name, data.sha256, recordedAt].every(
    (text) => typeof text === 'string',
  ) && Object.keys(versions).length > 0;

/**
 * The committed result of an experiment at full size on this data; undefined if there is none.
 * Throws UserError if the file is damaged.
 */
export function readFullResult<T extends Origin>(
  experiment: string,
  dataset: ImageDataset,
): T | undefined {
  const result = readCommitted<T>(pathOf(experiment, 'full', dataset), isWhole);
  return result?.data.sha256 === digestOf(dataset) ? result : undefined;
}

/** Throws UserError if a committed result is damaged. */
export function checkFullResults(): void {
  const folder = inProject('data/results');
  const files = existsSync(folder) ? readdirSync(folder) : [];
  for (const file of files) {
    // The full run doesn't belong to an experiment; see `readFullRun`.
    if (file.endsWith('.json') && file !== 'full.json') readCommitted(join(folder, file), isWhole);
  }
}

/** Writes a result atomically and returns its path. */
export function writeResult(experiment: string, dataset: ImageDataset, result: Origin): string {
  const path = pathOf(experiment, result.profile, dataset);
  // Numbers of one list, and objects without inner ones, on one line.
  const text = JSON.stringify(result, null, 1)
    .replace(/\n\s+(?=-?[\d.])/g, ' ')
    .replace(/\{\n([^{}[\]]*)\}/g, (_, inner) => `{ ${inner.trim().replace(/\n\s*/g, ' ')} }`);
  writeWhole(path, `${text}\n`);
  return path;
}
