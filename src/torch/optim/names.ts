/** PyTorch's names that are not all lower case. */
const special: Readonly<Record<string, string>> = { hDiag: 'H_diag' };

/** PyTorch's name of a setting: `weight_decay` for `weightDecay`. */
export const snake = (name: string): string =>
  special[name] ?? name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Our name of a setting: `weightDecay` for `weight_decay`. */
export const camel = (name: string): string =>
  name === special.hDiag ? 'hDiag' : name.replace(/_([a-z])/g, (_, l: string) => l.toUpperCase());
