const given = new Set<string>();

/** Python's warnings become Node's, each text once. */
export function warn(message: string): void {
  if (given.has(message)) return;
  given.add(message);
  process.emitWarning(message, 'TorchWarning');
}
