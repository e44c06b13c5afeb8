import { TorchError } from '../errors';

/** The classes that Python has for refusals of the system; anything else is OSError. */
const classes: Readonly<Record<string, string>> = {
  ENOENT: 'FileNotFoundError',
  EISDIR: 'IsADirectoryError',
  ENOTDIR: 'NotADirectoryError',
  EACCES: 'PermissionError',
  EPERM: 'PermissionError',
};

/** A file that the system refused; `can't be …` says what was tried. */
export const fileError = (path: string, tried: 'read' | 'written', error: unknown): TorchError => {
  const { message, code = '' } = error as NodeJS.ErrnoException;
  return new TorchError(
    `${path} can't be ${tried}: ${message}`,
    classes[code] ?? 'OSError',
    undefined,
    {
      cause: error,
    },
  );
};
