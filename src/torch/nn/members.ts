/** A dictionary of modules or parameters. */
interface Dictionary<T> {
  get(name: string): T | undefined;
  set(name: string, value: T): unknown;
}

/**
 * Makes what a dictionary holds under a name a property of the dictionary as well, as Python does. It isn't
 * enumerable: the dictionary's own order counts, where JavaScript would put numbers first.
 */
export function showMember<T>(owner: Dictionary<T>, name: string): void {
  if (Object.hasOwn(owner, name)) return;
  Object.defineProperty(owner, name, {
    configurable: true,
    get(this: Dictionary<T>) {
      return this.get(name);
    },
    set(this: Dictionary<T>, value: T) {
      this.set(name, value);
    },
  });
}

/** Gives a copied dictionary the members of the original. */
export function showSameMembers(of: object, copy: object): void {
  for (const [name, member] of Object.entries(Object.getOwnPropertyDescriptors(of))) {
    if (member.get && !member.enumerable) Object.defineProperty(copy, name, member);
  }
}
