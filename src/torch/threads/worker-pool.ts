import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { TorchError } from '../errors';
import { native } from '../native';
import { type Answer, type Request, type Setting, unpackError } from './messages';
import { fromShared, share } from './share';

export interface WorkerPoolOptions {
  /** Threads in the pool, each of which runs one call at a time. Default: as many as one operator uses here. */
  size?: number;
  /** Threads that one operator may use in each of them. Default: this thread's, divided among them. */
  numThreads?: number;
}

/** A call that waits for a thread, or for its answer. */
interface Task {
  readonly request: Request;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** One thread, and the call that it runs. */
interface Member {
  readonly worker: Worker;
  /** Calls that only this thread may run, before the pool's. */
  readonly own: Task[];
  task: Task | undefined;
}

type Run = (...args: never[]) => unknown;

/**
 * Threads that run a module's functions beside this one, which goes on meanwhile: to train while a server answers, or to
 * let several inferences use the cores. Arguments and results are copied as `postMessage` does, but for tensors,
 * which are shared; see {@link share}. Threads that have nothing to do don't keep the process alive.
 *
 * @example
 * const pool = new torch.WorkerPool<typeof import('./model')>(require.resolve('./model'), { size: 4 });
 * await pool.each('load', net.stateDict());
 * const y = await pool.call('predict', x);
 * await pool.close();
 */
export class WorkerPool<M extends object = Record<string, Run>> {
  readonly #members = new Set<Member>();
  readonly #queue: Task[] = [];
  #end = 'its thread ended';

  /** @param module the path or URL of the module. Throws TorchError for a size that is no positive number. */
  constructor(module: string | URL, options: WorkerPoolOptions = {}) {
    const available = native.getNumThreads();
    const { size = available, numThreads = Math.max(1, Math.floor(available / size)) } = options;
    for (const [name, count] of Object.entries({ size, numThreads })) {
      if (Number.isInteger(count) && count > 0) continue;
      throw new TorchError(
        `WorkerPool: ${name} must be a positive integer, not ${count}`,
        'ValueError',
      );
    }
    const url = String(module).startsWith('file:')
      ? String(module)
      : pathToFileURL(String(module)).href;
    for (let i = 0; i < size; i++) this.#start({ module: url, numThreads });
  }

  /** Runs an exported function in the next thread that is free. Rejects with what it throws. */
  call<K extends keyof M & string>(
    name: K,
    ...args: M[K] extends Run ? Parameters<M[K]> : never
  ): Promise<M[K] extends Run ? Awaited<ReturnType<M[K]>> : never> {
    return this.#ask(name, args, this.#queue) as never;
  }

  /** Runs an exported function once in each thread, such as one that loads a model there. */
  each<K extends keyof M & string>(
    name: K,
    ...args: M[K] extends Run ? Parameters<M[K]> : never
  ): Promise<(M[K] extends Run ? Awaited<ReturnType<M[K]>> : never)[]> {
    const asked = Array.from(this.#members, ({ own }) => this.#ask(name, args, own));
    return Promise.all(asked) as never;
  }

  /** Ends the threads at once. Calls that have not been answered are rejected. */
  async close(): Promise<void> {
    this.#end = 'the pool was closed';
    await Promise.all(Array.from(this.#members, ({ worker }) => worker.terminate()));
  }
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #start(workerData: Setting): void {
    const worker = new Worker(join(__dirname, 'pool-worker.js'), { workerData });
    const member: Member = { worker, own: [], task: undefined };
    this.#members.add(member);
    worker.unref();
    worker.on('message', (answer: Answer) => {
      const { task } = member;
      member.task = undefined;
      worker.unref();
      if ('error' in answer) task?.reject(unpackError(answer.error));
      else task?.resolve(fromShared(answer.value));
      this.#next();
    });
    worker.on('error', (error) => {
      this.#end = `its thread ended with ${error}`;
    });
    worker.on('exit', () => {
      this.#members.delete(member);
      const lost = [...(member.task ? [member.task] : []), ...member.own.splice(0)];
      if (this.#members.size === 0) lost.push(...this.#queue.splice(0));
      for (const task of lost) task.reject(this.#ended());
    });
  }

  #ended(): TorchError {
    return new TorchError(`WorkerPool: ${this.#end} before the call was answered`, 'RuntimeError');
  }

  #ask(name: string, args: unknown[], queue: Task[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#members.size === 0) throw this.#ended();
      queue.push({ request: { name, args: share(args) as unknown[] }, resolve, reject });
      this.#next();
    });
  }

  #next(): void {
    for (const member of this.#members) {
      if (member.task) continue;
      const task = member.own.shift() ?? this.#queue.shift();
      if (!task) continue;
      try {
        member.worker.postMessage(task.request);
      } catch (error) {
        // What can't be copied, such as a function.
        task.reject(error);
        this.#next();
        return;
      }
      member.task = task;
      member.worker.ref();
    }
  }
}
