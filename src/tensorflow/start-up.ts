import { writeSync } from 'node:fs';
import { inProject } from '../files/paths';

/** TensorFlow's log of what is not a problem, and the line that announces it. */
export const startUpNotice =
  /^(I\d{4} |To enable the following instructions|WARNING: All log messages before absl|\d{4}-\d\d-\d\d .*: I )/;

interface StartUp {
  hold(): boolean;
  release(): string;
  blockSignals(): void;
}

const startUp = (): StartUp =>
  require(inProject('src/tensorflow/native/build/Release/start_up.node'));

/**
 * Has signals handled by other threads than this one and those that it starts from now on: during a product of
 * TensorFlow's they would end the process.
 */
export const blockSignals = (): void => startUp().blockSignals();

/**
 * Loads TensorFlow's library without its start-up notice, which it writes past Node before its log
 * settings take effect. Anything else that is written to stderr meanwhile follows afterwards.
 */
export function withoutNotice<Library>(load: () => Library): Library {
  const stderr = startUp();
  if (!stderr.hold()) return load();
  try {
    return load();
  } finally {
    const lines = stderr.release().split(/(?<=\n)/);
    const said = lines.filter((line) => !startUpNotice.test(line)).join('');
    if (said !== '') writeSync(2, said);
  }
}
