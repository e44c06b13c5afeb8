import { existsSync, readFileSync, statSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { joined, type MimeBundle, type Notebook } from '../notebook';

/** Pictures as data addresses, by the path that Markdown names them with. */
export type Pictures = Record<string, string>;

const types: Readonly<Record<string, string>> = {
  '.avif': 'image/avif',
  '.bmp': 'image/bmp',
  '.gif': 'image/gif',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.webp': 'image/webp',
};

/** Where Markdown and HTML name a picture: in line, as a reference, as an element. */
const places = [
  /!\[[^\]]*\]\(\s*(<[^>\n]+>|[^\s)]+)/g,
  /^\s*\[[^\]\n]+\]:\s*(<[^>\n]+>|\S+)/gm,
  /<img\b[^>]*?\bsrc\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi,
];

/**
 * An executed notebook that contains the pictures which its Markdown and HTML name by a path from `folder`, the
 * notebook's own: its page can be made again after that folder has changed.
 */
export function withPictures(notebook: Notebook, folder: string): Notebook {
  const pictures: Pictures = {};
  for (const text of textsOf(notebook)) {
    for (const [, target = ''] of places.flatMap((place) => [...text.matchAll(place)])) {
      const path = localPath(target.replace(/^<(.*)>$|^"(.*)"$|^'(.*)'$/, '$1$2$3'));
      const type = path && types[extname(path).toLowerCase()];
      if (!type || pictures[path]) continue;
      const file = resolve(folder, path);
      if (!existsSync(file) || !statSync(file).isFile()) continue;
      pictures[path] = `data:${type};base64,${readFileSync(file, 'base64')}`;
    }
  }
  if (Object.keys(pictures).length === 0) return notebook;
  const tandem = { ...(notebook.metadata.tandem as object | undefined), pictures };
  return { ...notebook, metadata: { ...notebook.metadata, tandem } };
}

const textsOf = ({ cells }: Notebook): string[] =>
  cells.flatMap(({ cell_type, source, outputs = [] }) =>
    cell_type === 'markdown'
      ? [joined(source)]
      : outputs.flatMap(({ data }) =>
          ['text/markdown', 'text/html'].map((type) =>
            joined((data as MimeBundle | undefined)?.[type]),
          ),
        ),
  );

/** A decoded relative path; undefined for any other address. */
const localPath = (target: string): string | undefined => {
  if (/^([a-z][a-z\d+.-]*:|\/|#)/i.test(target)) return undefined;
  const [path = ''] = target.split(/[?#]/);
  try {
    return decodeURIComponent(path).replace(/^(\.\/)+/, '');
  } catch {
    return path; // A literal per cent sign.
  }
};
