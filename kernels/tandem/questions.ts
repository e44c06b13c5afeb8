import { UserError } from '../../src/command/errors';

declare global {
  /**
   * Asks the user a question below the cell and resolves to the answer, or to `fallback` where
   * that is empty. Rejects with UserError if nobody can be asked, as in a headless run.
   *
   * @example
   * const name = await prompt('Your name?', 'nobody');
   */
  function prompt(message?: string, fallback?: string): Promise<string>;
  /** Asks the user a yes-or-no question; anything but `y` or `yes` is a no. Rejects as `prompt` does. */
  function confirm(message?: string): Promise<boolean>;
}

/** Questions that cells ask the notebook's user. */
export class Questions {
  #asked = 0;
  readonly #waiting = new Map<number, (text: string | undefined) => void>();

  constructor(private readonly send: (question: number, prompt: string) => void) {}

  #ask(prompt: string): Promise<string> {
    // Created here, where its stack still contains the cell.
    const refusal = new UserError(`Nobody is there to answer '${prompt.trim()}'.`);
    return new Promise((resolve, reject) => {
      const question = ++this.#asked;
      this.#waiting.set(question, (text) => (text === undefined ? reject(refusal) : resolve(text)));
      this.send(question, prompt);
    });
  }

  /** No text means that nobody could be asked. */
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
