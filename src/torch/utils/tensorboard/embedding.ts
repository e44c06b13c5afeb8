import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TorchError } from '../../errors';
import { zeros } from '../../generated/functions';
import { numberText, pythonText } from '../../optim/python-text';
import type { Tensor } from '../../tensor';
import { asBytes, grid, png } from './image';

export interface Embedding {
  readonly mat: Tensor;
  readonly metadata: readonly unknown[] | null;
  readonly labelImg: Tensor | null;
  readonly globalStep: number;
  readonly tag: string;
  readonly metadataHeader: readonly string[] | null;
}

const refuse = (message: string) => new TorchError(message, 'AssertionError');

/** What a folder's name may not have. */
const encoded = (text: string): string =>
  text.replace(/[%/\\]/g, (letter) => `%${letter.charCodeAt(0).toString(16).padStart(2, '0')}`);

function table({ metadata, metadataHeader }: Embedding): string {
  const cell = (value: unknown) => (typeof value === 'string' ? value : pythonText(value));
  if (!metadataHeader?.length) return `${metadata!.map(cell).join('\n')}\n`;
  const rows = metadata as readonly (readonly unknown[])[];
  if (metadataHeader.length !== rows[0]?.length) {
    throw refuse('len of header must be equal to the number of columns in metadata');
  }
  return `${[metadataHeader, ...rows].map((row) => row.map(cell).join('\t')).join('\n')}\n`;
}

/** All pictures in one, as many in a row as there are rows. */
function sprite(images: Tensor): Buffer {
  const arranged = grid(images.detach(), Math.ceil(Math.sqrt(images.size(0)))).permute([1, 2, 0]);
  const [height, width] = arranged.shape as [number, number];
  const square = zeros([width, width, 3], { dtype: 'float64' });
  square.narrow(0, 0, height).copy_(arranged);
  return png(asBytes(square));
}

/**
 * Writes vectors, labels and pictures as TensorBoard's projector reads them, into a folder of their own; gives the entry
 * of its settings.
 */
export function writeEmbedding(logDir: string, embedding: Embedding): string {
  const { mat, metadata, labelImg, globalStep, tag } = embedding;
  const step = String(globalStep).padStart(5, '0');
  const subfolder = `${step}/${encoded(tag)}`;
  const folder = join(logDir, subfolder);
  if (existsSync(folder) && !statSync(folder).isDirectory()) {
    throw new TorchError(
      `Path: \`${folder}\` exists, but is a file. Cannot proceed.`,
      'NotADirectoryError',
    );
  }
  mkdirSync(folder, { recursive: true });
  if (metadata && metadata.length !== mat.size(0))
    throw refuse('#labels should equal with #data points');
  if (labelImg && labelImg.size(0) !== mat.size(0))
    throw refuse('#images should equal with #data points');
  if (mat.ndim !== 2) {
    throw refuse('mat should be 2D, where mat.size(0) is the number of data points');
  }
  const lines = [`tensor_name: "${tag}:${step}"`];
  if (metadata) {
    writeFileSync(join(folder, 'metadata.tsv'), table(embedding));
    lines.push(`metadata_path: "${subfolder}/metadata.tsv"`);
  }
  if (labelImg) {
    writeFileSync(join(folder, 'sprite.png'), sprite(labelImg));
    const [, , height, width] = labelImg.shape;
    lines.push(
      `sprite {\n    image_path: "${subfolder}/sprite.png"\n    single_image_dim: ${width}\n    single_image_dim: ${height}\n  }`,
    );
  }
  const real = mat.isFloatingPoint();
  const rows = mat.detach().to('float64').toArray() as number[][];
  const written = rows.map((row) => `${row.map((each) => numberText(each, real)).join('\t')}\n`);
  writeFileSync(join(folder, 'tensors.tsv'), written.join(''));
  lines.push(`tensor_path: "${subfolder}/tensors.tsv"`);
  return `embeddings {\n  ${lines.join('\n  ')}\n}\n`;
}
