/** Protocol Buffers' wire format, as far as TensorBoard's messages need it: fields in the order in which they are given. */

const wire = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

function varint(value: number | bigint): Buffer {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  do {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Buffer.from(bytes);
}

const key = (field: number, kind: number): Buffer => varint((field << 3) | kind);

function doubles(values: ArrayLike<number>): Buffer {
  const bytes = Buffer.alloc(8 * values.length);
  for (let i = 0; i < values.length; i++) bytes.writeDoubleLE(values[i]!, 8 * i);
  return bytes;
}
function floats(values: ArrayLike<number>): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (let i = 0; i < values.length; i++) bytes.writeFloatLE(values[i]!, 4 * i);
  return bytes;
}

/** Text, bytes or a message. */
export const bytes = (field: number, value: string | Uint8Array): Buffer => {
  const content = typeof value === 'string' ? Buffer.from(value) : value;
  return Buffer.concat([key(field, wire.bytes), varint(content.length), content]);
};
/** A whole number, boolean or enum; 0 is left out, since it is the default, unless `always`. */
export const integer = (field: number, value: number | bigint, always = false): Buffer =>
  value || always ? Buffer.concat([key(field, wire.varint), varint(value)]) : Buffer.alloc(0);
/** A double; 0 is left out unless `always`. */
export const double = (field: number, value: number, always = false): Buffer =>
  value !== 0 || always
    ? Buffer.concat([key(field, wire.fixed64), doubles([value])])
    : Buffer.alloc(0);
/** A float, also where it is 0. */
export const float = (field: number, value: number): Buffer =>
  Buffer.concat([key(field, wire.fixed32), floats([value])]);

const packed = (field: number, content: Buffer): Buffer =>
  content.length > 0 ? bytes(field, content) : content;

export const packedDoubles = (field: number, values: ArrayLike<number>): Buffer =>
  packed(field, doubles(values));
export const packedFloats = (field: number, values: ArrayLike<number>): Buffer =>
  packed(field, floats(values));
export const packedIntegers = (field: number, values: readonly (number | bigint)[]): Buffer =>
  packed(field, Buffer.concat(values.map(varint)));

/** A message of fields. */
export const message = (...fields: readonly Buffer[]): Buffer => Buffer.concat(fields);
