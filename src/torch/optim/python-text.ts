/** A value as Python prints it: `1e-08`, `True`, `None`, `(0.9, 0.999)`. */
export function pythonText(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return numberText(value);
  if (Array.isArray(value)) {
    const quoted = value.map((item) => (typeof item === 'string' ? `'${item}'` : pythonText(item)));
    return value.some((item) => typeof item === 'string')
      ? `[${quoted.join(', ')}]`
      : `(${quoted.join(', ')})`;
  }
  return String(value);
}

/** Python's `repr` of a number: of an int where it is whole and `float` is not set. */
export function numberText(value: number, float = false): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const size = Math.abs(value);
  if (value !== 0 && (size < 1e-4 || size >= 1e16)) {
    const [digits, exponent] = value.toExponential().split('e') as [string, string];
    return `${digits}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
  }
  return float && Number.isInteger(value) ? `${value}.0` : String(value);
}
