/** Makes a call with arguments by position and by name. */
export type Call = (args: unknown[], options: Record<string, unknown>) => unknown;

/** Calls as a person would write it: the options last, if any. */
export const called = (call: unknown, args: unknown[], options: Record<string, unknown>): unknown =>
  (call as (...all: unknown[]) => unknown)(
    ...args,
    ...(Object.keys(options).length > 0 ? [options] : []),
  );

/** A method of the first argument, or a property such as `x.T`. */
export const member =
  (name: string): Call =>
  ([self, ...args], options) => {
    const found = (self as Record<string, unknown>)[name];
    return typeof found === 'function' ? called(found.bind(self), args, options) : found;
  };
