import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';

/** The header of a message in Jupyter's protocol. */
export interface Header {
  readonly msg_id: string;
  readonly session: string;
  readonly username: string;
  readonly date: string;
  readonly msg_type: string;
  readonly version: string;
}

export type Content = Record<string, unknown>;

/** A message as it came in, with the routing identities of its sender. */
export interface Message {
  readonly identities: Uint8Array[];
  readonly header: Header;
  readonly parent: Partial<Header>;
  readonly metadata: Content;
  readonly content: Content;
}

export const protocolVersion = '5.4';
const delimiter = Buffer.from('<IDS|MSG>');

/** Replaces lone surrogates, which Python can't write to a file. */
const wellFormed = (json: string): string =>
  json.includes('\\ud')
    ? json.replace(/\\(\\|ud[89a-f][0-9a-f]{2})/g, (whole, what) =>
        what === '\\' ? whole : '\uFFFD',
      )
    : json;

/**
 * Frames and signs messages as Jupyter's wire protocol has it.
 * @see https://jupyter-client.readthedocs.io/en/stable/messaging.html#the-wire-protocol
 */
export class Wire {
  readonly #session = randomUUID();

  constructor(private readonly key: string) {}

  #sign(parts: readonly (string | Buffer)[]): string {
    if (!this.key) return '';
    const hmac = createHmac('sha256', this.key);
    for (const part of parts) hmac.update(part);
    return hmac.digest('hex');
  }

  /** Throws for frames that are not a message or whose signature is wrong. */
  decode(frames: readonly Buffer[]): Message {
    const at = frames.findIndex((frame) => frame.equals(delimiter));
    if (at < 0 || frames.length < at + 6) throw new Error('not a Jupyter message');
    const [signature, ...parts] = frames.slice(at + 1, at + 6) as [Buffer, ...Buffer[]];
    const expected = Buffer.from(this.#sign(parts));
    if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) {
      throw new Error('a message with a wrong signature');
    }
    const [header, parent, metadata, content] = parts.map((part) => JSON.parse(part.toString()));
    return { identities: frames.slice(0, at) as Buffer[], header, parent, metadata, content };
  }

  /** The frames of a message whose content is JSON already. */
  encode(
    identities: readonly (Uint8Array | string)[],
    type: string,
    content: string,
    parent?: Header,
  ): (Uint8Array | string)[] {
    const header: Header = {
      msg_id: randomUUID(),
      session: this.#session,
      username: 'kernel',
      date: new Date().toISOString(),
      msg_type: type,
      version: protocolVersion,
    };
    const parts = [JSON.stringify(header), JSON.stringify(parent ?? {}), '{}', wellFormed(content)];
    return [...identities, delimiter, this.#sign(parts), ...parts];
  }
}
