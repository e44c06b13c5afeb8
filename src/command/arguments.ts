import { type ParseArgsConfig, parseArgs } from 'node:util';
import { commandLine } from './command-line';
import { UserError } from './errors';

/**
 * A command's arguments (`util.parseArgs`).
 * @throws UserError that leads to the help of the command for what it doesn't take.
 */
export function readArguments<T extends ParseArgsConfig>(
  command: string,
  config: T,
): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    const [what] = (error as Error).message.split(/\.\s|\n/);
    throw new UserError(`${what}. See ${commandLine(command, '--help')}.`);
  }
}

/** The value of an option that counts. @throws UserError for anything but a whole number from `least`. */
export function wholeNumber(option: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new UserError(`--${option} is '${text}', but must be a whole number from ${least}.`);
}
