import { runPython, torchPython } from '../python';
import type { Suite, SuiteResult } from '../suite';
import { missingNames, paths } from './modules';
import { type Reason, reasonOf } from './reasons';

/** What is missing from one module, by the reason. */
export interface Surface {
  readonly module: string;
  readonly names: number;
  readonly missing: readonly { readonly name: string; readonly reason: Reason | undefined }[];
}

/** The public names of PyTorch's modules and classes against ours, for the torch that the addon is built against. */
export async function compareNames(): Promise<Surface[]> {
  const input = JSON.stringify(paths);
  const options = { input, python: torchPython() };
  const public_ = await runPython<Record<string, string[]>>('names.py', [], options);
  return Object.entries(public_).map(([module, names]) => ({
    module,
    names: names.length,
    missing: missingNames(module, names).map((name) => ({
      name,
      reason: reasonOf(`${module}.${name}`),
    })),
  }));
}

const toDo = ({ missing }: Surface) => missing.filter(({ reason }) => reason?.toDo);
const unexplained = ({ missing }: Surface) => missing.filter(({ reason }) => !reason);

/** Every public name of PyTorch: whether it is here, to be written, or left out and why. */
export const names: Suite = async ({ only, log }) => {
  const texts = only?.split(',') ?? [''];
  const all = await compareNames();
  const chosen = all.filter(({ module }) => texts.some((text) => module.includes(text)));
  return chosen.map((surface): SuiteResult => {
    const { module, names: count, missing } = surface;
    for (const { name } of unexplained(surface)) log(`${module}.${name}: missing without a reason`);
    return {
      suite: 'names',
      ok: unexplained(surface).length === 0,
      module,
      names: count,
      here: count - missing.length,
      toDo: toDo(surface).map(({ name }) => name),
      leftOut: missing
        .filter(({ reason }) => reason && !reason.toDo)
        .map(({ name, reason }) => ({ name, why: reason!.why })),
      unexplained: unexplained(surface).map(({ name }) => name),
    };
  });
};
