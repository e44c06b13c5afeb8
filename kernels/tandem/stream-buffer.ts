import type { Outgoing } from './channels';

/** Milliseconds that text may wait for more of its kind. */
const delay = 20;

/**
 * Joins the text that a cell writes in quick succession into one message, since front ends drop
 * messages when there are too many. Everything else passes at once, after the text before it.
 */
export class StreamBuffer {
  #first: Outgoing | undefined;
  #text: string[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly send: (message: Outgoing) => void) {}

  add(message: Outgoing): void {
    if (message.type !== 'stream') {
      this.flush();
      this.send(message);
      return;
    }
    const first = this.#first;
    const same =
      first?.content.name === message.content.name &&
      first?.parent?.msg_id === message.parent?.msg_id;
    if (!same) {
      this.flush();
      this.#first = message;
      this.#timer = setTimeout(() => this.flush(), delay);
    }
    this.#text.push(message.content.text as string);
  }

  flush(): void {
    clearTimeout(this.#timer);
    const first = this.#first;
    if (!first) return;
    this.#first = undefined;
    this.send({ ...first, content: { ...first.content, text: this.#text.join('') } });
    this.#text = [];
  }
}
