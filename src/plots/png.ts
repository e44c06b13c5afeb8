import { crc32, deflateSync } from 'node:zlib';

/** Channels of a pixel by PNG's colour types. */
const colourTypes = { 1: 0, 2: 4, 3: 2, 4: 6 } as const;

/** Pixels of one byte a channel, `[height, width, channels]`: grey, grey + alpha, RGB, or RGB + alpha. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly channels: keyof typeof colourTypes;
  readonly bytes: Uint8Array;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

/** Encodes a picture as a PNG file. */
export function encodePng({ width, height, channels, bytes }: Pixels): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, colourTypes[channels], 0, 0, 0], 8);
  const stride = width * channels;
  // Each row begins with the number of its filter: none.
  const rows = Buffer.alloc(height * (stride + 1));
  for (let y = 0; y < height; y++) {
    rows.set(bytes.subarray(y * stride, (y + 1) * stride), y * (stride + 1) + 1);
  }
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** The same as a data URL for an `<img>` or a plot. */
export const pngAddress = (pixels: Pixels): string =>
  `data:image/png;base64,${encodePng(pixels).toString('base64')}`;
