// Explains the system's errors about files and folders.

const { accessSync, constants } = require('node:fs');
const { relative } = require('node:path');
const { root } = require('./paths');
const { SetupError } = require('./process');

const faults = {
  EROFS: "it can't be written: the file system is read-only",
  EACCES: 'there is no permission to use it',
  EPERM: 'there is no permission to use it',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'a part of this path is a file, where a folder is needed',
  EEXIST: 'it is a file, where a folder is needed',
  EISDIR: 'it is a folder, where a file is needed',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'its links form a loop',
};

/** One line for an error of the file system; undefined for any other error. */
function fileFault({ code, syscall, path }) {
  if (!syscall || !path || !faults[code]) return undefined;
  const shown = relative(root, path);
  return `${shown.startsWith('..') ? path : shown}: ${faults[code]}.`;
}

/** Throws unless the project's folder can be written, as every command needs. */
function needWritableProject() {
  try {
    accessSync(root, constants.W_OK);
  } catch (error) {
    throw new SetupError(
      `${root}: ${faults[error.code] ?? error.message}; use a clone that you can write to.`,
    );
  }
}

module.exports = { fileFault, needWritableProject };
