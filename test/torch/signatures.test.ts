/**
 * Every public signature of the wheel's modules against ours: which it is, by what ours answers to an
 * argument that is not there, and its order, names and defaults.
 */
import { readFileSync } from 'node:fs';
import * as torch from 'tandem-torch';
import { inProject } from '../../src/files/paths';
import { signatures } from '../../src/torch/generated/signatures';
import { python } from './python';

const camel = (name: string) =>
  name.replace(/(?<=[^_])_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

const modules: Record<string, object> = {
  'torch.nn': torch.nn,
  'torch.optim': torch.optim,
  'torch.optim.lr_scheduler': torch.optim.lrScheduler,
  'torch.nn.init': torch.nn.init,
  'torch.nn.functional': torch.nn.functional,
  'torch.utils.data': torch.utils.data,
  ...('distributions' in torch ? { 'torch.distributions': torch.distributions as object } : {}),
};

type Public = [name: string, key: string, signature: string];

const wheel = JSON.parse(
  python(
    [`json.dumps({m: public(m) for m in ${JSON.stringify(Object.keys(modules))}})`],
    `import importlib
sys.path.insert(0, ${JSON.stringify(inProject('src/torch/generated'))})
import signatures
def public(module):
    found = []
    for name, value in signatures.members(importlib.import_module(module)):
        entry = signatures.described(value)
        if entry and not signatures.NOT_FOR_USERS.match(entry[0]):
            found.append((name, entry[0], signatures.text(*entry)))
    return found`,
  )[0]!,
) as Record<string, Public[]>;

/** What ours says that it is, when it is called with an argument that no signature has. */
function answer(ours: (new (...args: unknown[]) => unknown) & ((...args: unknown[]) => unknown)) {
  // Behind another argument where the only one may be a record.
  for (const args of [[{ notThere: 1 }], [torch.zeros([1]), { notThere: 1 }]]) {
    try {
      if (/^class /.test(String(ours))) new ours(...args);
      else ours(...args);
    } catch (error) {
      const refused = /^(\w+?)(?:\.__init__)?\(\) got an unexpected keyword argument 'notThere'/;
      const found = refused.exec((error as Error).message);
      if (found) return found[1];
    }
  }
  return undefined;
}

test.each(Object.entries(wheel))(
  '%s: nothing differs without a reason in the docs',
  (module, all) => {
    const docs = readFileSync(inProject('docs/torch.md'), 'utf8');
    const reasons = docs.slice(docs.indexOf('### What differs'), docs.indexOf('## Exceptions'));
    const ours = modules[module] as Record<string, never>;
    const differs = all.filter(([name, key, signature]) => {
      const own = ours[name] ?? ours[camel(name)];
      return own === undefined || answer(own) !== key || signatures[key] !== signature;
    });
    const unexplained = differs
      .map(([name]) => name)
      .filter((name) => !reasons.includes(`\`${name}\``));
    expect(all.length).toBeGreaterThan(10);
    expect(unexplained).toEqual([]);
  },
);
