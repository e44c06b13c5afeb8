import type { Origin } from './results';

/** The origin of a record, in a sentence: machine, versions, date, and the command that repeats it. */
export function provenance({ command, machine, versions, recordedAt, data }: Origin): string {
  const parts = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return (
    `Recorded on ${recordedAt.slice(0, 10)} from ${data.name} (${machine}; ${parts.join(', ')}); ` +
    `\`${command}\` reproduces it.`
  );
}

/**
 * Chooses the record that a page shows: the committed full one if there is one, else its own, with a
 * sentence that says so.
 */
export function chooseRecord<T extends Origin>(
  full: T | undefined,
  own: T,
): { readonly shown: T; readonly note: string } {
  if (full) {
    return {
      shown: full,
      note: `At full size. ${provenance(full)} This page's own run, profile ${own.profile}, is shown as well.`,
    };
  }
  const command = own.command.replace(`--profile ${own.profile}`, '--profile full');
  return {
    shown: own,
    note: `There is **no record of a full run** yet: \`${command}\` makes one. These are the figures of this page's own small run, profile ${own.profile}.`,
  };
}
