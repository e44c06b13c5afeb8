import { type Runtime, Session } from 'node:inspector';
import { setImmediate } from 'node:timers/promises';
import { cellNames, defineForCells } from './cell-names';

/** What a cell threw. */
export class Thrown {
  constructor(readonly error: unknown) {}
}

const objectGroup = 'cell';

/**
 * Runs scripts as V8's own REPL does, through an inspector in the same process: their variables live in one scope,
 * in which each script sees what the others declare, change and declare again, and `await` may stand anywhere.
 */
export class Evaluator {
  #session!: Session;
  #running = false;
  #taken: unknown;
  /** The inspector's name of the function that takes a value. */
  #taker: string | undefined;

  constructor() {
    this.#connect();
    defineForCells(cellNames.take, (value: unknown) => {
      this.#taken = value;
    });
  }

  #connect(): void {
    this.#session = new Session();
    this.#session.connect();
    this.#taker = undefined;
  }

  #post(method: string, parameters: object): Promise<Runtime.EvaluateReturnType> {
    let settle!: (error: Error | null, result?: object) => void;
    const answer = new Promise<Runtime.EvaluateReturnType>((resolve, reject) => {
      settle = (error, result) =>
        error ? reject(error) : resolve(result as Runtime.EvaluateReturnType);
    });
    // Terminating a script also terminates its caller, which then never awaits the answer.
    answer.catch(() => {});
    this.#session.post(method, parameters, settle);
    return answer;
  }

  /**
   * Stops listening to a script that has not ended. For a terminated script V8 would report that its promise was
   * collected, during the collection, when JavaScript can't be called. That ends Node 24.
   */
  leave(): void {
    if (!this.#running) return;
    this.#running = false;
    this.#session.disconnect();
    this.#connect();
  }

  /**
   * Runs a script to its end and gives the value of its last statement. Rejects with Thrown.
   * `entered` is called before and after the part of the script that runs at once.
   */
  async run(script: string, entered: (inside: boolean) => void): Promise<{ value: unknown }> {
    // Terminating a script also terminates its caller.
    await setImmediate();
    entered(true);
    this.#running = true;
    const ended = this.#post('Runtime.evaluate', {
      ...{ expression: script, objectGroup },
      ...{ replMode: true, awaitPromise: true, silent: true },
    });
    entered(false);
    const { result, exceptionDetails } = await ended;
    this.#running = false;
    if (!exceptionDetails) return this.#take(result);
    const { exception, text } = exceptionDetails;
    throw new Thrown(exception ? (await this.#take(exception)).value : new Error(text));
  }

  /** The value itself of what the inspector describes; a promise stays one. */
  async #take({
    objectId,
    value,
    unserializableValue,
  }: Runtime.RemoteObject): Promise<{ value: unknown }> {
    if (!objectId && !unserializableValue) return { value };
    this.#taker ??= (
      await this.#post('Runtime.evaluate', { expression: cellNames.take })
    ).result.objectId;
    await this.#post('Runtime.callFunctionOn', {
      objectId: this.#taker,
      functionDeclaration: 'function (value) { this(value); }',
      arguments: [objectId ? { objectId } : { unserializableValue }],
    });
    const taken = this.#taken;
    this.#taken = undefined;
    await this.#post('Runtime.releaseObjectGroup', { objectGroup });
    return { value: taken };
  }
}
