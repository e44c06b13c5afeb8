/** Jupyter counts positions in code in Unicode characters, JavaScript in UTF-16 units. */
export const toUnits = (code: string, characters: number): number =>
  [...code].slice(0, characters).join('').length;

export const toCharacters = (code: string, units: number): number =>
  [...code.slice(0, units)].length;
