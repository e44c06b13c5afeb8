import { Socket } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { type Command, commandsDescriptor, decoder } from './cell-protocol';
import { Interrupter } from './interrupter';
import { RunState } from './run-state';

// A separate thread receives an interrupt while a cell keeps the main thread busy.
const interrupter = new Interrupter(new RunState(workerData as SharedArrayBuffer));
const commands = new Socket({ fd: commandsDescriptor, readable: true, writable: false });
commands.on(
  'data',
  decoder<Command>((command) => {
    if (command.type === 'execute') interrupter.begin();
    if (command.type === 'interrupt') interrupter.interrupt();
    parentPort!.postMessage(command);
  }),
);
// Without its kernel the process is useless, whatever its main thread is doing.
commands.on('close', () => process.kill(process.pid, 'SIGKILL'));
