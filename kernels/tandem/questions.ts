import { UserError } from '../../src/errors';

declare global {
  /**
   * Asks the person a question below the cell and resolves to the answer, or to `fallback` where
   * that is empty. Rejects with UserError where nobody is there to ask, as in a headless run.
   *
   * @example
   * const name = await prompt('Your name?', 'nobody');
   */
  function prompt(message?: string, fallback?: string): Promise<string>;
  /** Asks the person a yes-or-no question; anything but `y` or `yes` is a no. Rejects as `prompt` does. */
  function confirm(message?: string): Promise<boolean>;
}

/** Questions that cells ask the person in front of the notebook. */
export class Questions {
  #asked = 0;
  readonly #waiting = new Map<number, (text: string | undefined) => void>();

  constructor(private readonly send: (question: number, prompt: string) => void) {}

  #ask(prompt: string): Promise<string> {
    // Made here, where its stack still leads to the cell.
    const refusal = new UserError(`Nobody is there to answer '${prompt.trim()}'.`);
    return new Promise((resolve, reject) => {
      const question = ++this.#asked;
      this.#waiting.set(question, (text) => (text === undefined ? reject(refusal) : resolve(text)));
      this.send(question, prompt);
    });
  }

  /** Without a text, nobody could be asked. */
  answer(question: number, text: string | undefined): void {
    this.#waiting.get(question)?.(text);
    this.#waiting.delete(question);
  }

  readonly globals = {
    prompt: async (message = 'Prompt', fallback = ''): Promise<string> =>
      (await this.#ask(`${message} `)) || fallback,
    confirm: async (message = 'Confirm'): Promise<boolean> =>
      /^y(es)?$/i.test((await this.#ask(`${message} [y/N] `)).trim()),
  } satisfies Pick<typeof globalThis, 'prompt' | 'confirm'>;
}
