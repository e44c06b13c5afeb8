import type { Outgoing } from './channels';

/** Milliseconds that text may wait for more of its kind. */
const delay = 20;

/**
 * Joins the text that a cell writes in quick succession into one message, since front ends drop
 * messages when there are too many; all else passes at once, behind the text that came before it.
 */
export class StreamBuffer {
  #first: Outgoing | undefined;
  #name = '';
  #text: string[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly send: (message: Outgoing) => void) {}

  add(message: Outgoing): void {
    if (message.type !== 'stream') {
      this.flush();
      this.send(message);
      return;
    }
    const { name, text } = JSON.parse(message.content) as { name: string; text: string };
    const same = this.#name === name && this.#first?.parent?.msg_id === message.parent?.msg_id;
    if (!this.#first || !same) {
      this.flush();
      this.#first = message;
      this.#name = name;
      this.#timer = setTimeout(() => this.flush(), delay);
    }
    this.#text.push(text);
  }

  flush(): void {
    clearTimeout(this.#timer);
    if (!this.#first) return;
    const content = JSON.stringify({ name: this.#name, text: this.#text.join('') });
    this.send({ ...this.#first, content });
    this.#first = undefined;
    this.#text = [];
  }
}
