import { readFileSync } from 'node:fs';
import { inProject } from '../../src/files/paths';
import { type Content, protocolVersion } from './wire';

const versionOf = (manifest: string): string => JSON.parse(readFileSync(manifest, 'utf8')).version;

const kernelVersions = {
  tandem: versionOf(inProject('package.json')),
  typescript: versionOf(require.resolve('typescript-6/package.json')),
};

/** The language of a notebook's cells. */
export type Language = 'typescript' | 'javascript';

const languages = {
  typescript: { mimetype: 'text/typescript', file_extension: '.ts' },
  javascript: { mimetype: 'text/javascript', file_extension: '.js' },
};

/** The kernel's description, for a `kernel_info_request`. */
export function kernelInfo(name: Language): Content {
  const { tandem, typescript } = kernelVersions;
  const { node } = process.versions;
  return {
    protocol_version: protocolVersion,
    implementation: 'tandem',
    implementation_version: tandem,
    language_info: {
      ...{ name, version: name === 'typescript' ? typescript : node },
      ...languages[name],
      pygments_lexer: name,
      codemirror_mode: { name: 'javascript', mode: name, typescript: name === 'typescript' },
      nbconvert_exporter: 'script',
    },
    banner: `Tandem ${tandem}: PyTorch and TensorFlow in TypeScript ${typescript} (Node ${node})`,
    debugger: false,
    supported_features: [],
    help_links: [
      { text: 'PyTorch', url: 'https://docs.pytorch.org/docs/stable/' },
      { text: 'TensorFlow.js', url: 'https://js.tensorflow.org/api/latest/' },
      { text: 'TypeScript', url: 'https://www.typescriptlang.org/docs/' },
    ],
  };
}
