import { readFileSync } from 'node:fs';
import { inProject } from '../../src/paths';
import { type Content, protocolVersion } from './wire';

const versionOf = (manifest: string): string => JSON.parse(readFileSync(manifest, 'utf8')).version;

/** What the kernel is, for a `kernel_info_request`. */
export function kernelInfo(): Content {
  const tandem = versionOf(inProject('package.json'));
  const tslabManifest = require.resolve('tslab/package.json');
  const tslab = versionOf(tslabManifest);
  const compiler = '@tslab/typescript-for-tslab/package.json';
  const typescript = versionOf(require.resolve(compiler, { paths: [tslabManifest] }));
  const { node } = process.versions;
  return {
    protocol_version: protocolVersion,
    implementation: 'tandem',
    implementation_version: tandem,
    language_info: {
      name: 'typescript',
      version: typescript,
      mimetype: 'text/typescript',
      file_extension: '.ts',
      pygments_lexer: 'typescript',
      codemirror_mode: { name: 'javascript', mode: 'typescript', typescript: true },
      nbconvert_exporter: 'script',
    },
    banner: `Tandem ${tandem}: PyTorch and TensorFlow in TypeScript ${typescript} (tslab ${tslab}, Node ${node})`,
    debugger: false,
    supported_features: [],
    help_links: [
      { text: 'PyTorch', url: 'https://docs.pytorch.org/docs/stable/' },
      { text: 'TensorFlow.js', url: 'https://js.tensorflow.org/api/latest/' },
      { text: 'TypeScript', url: 'https://www.typescriptlang.org/docs/' },
    ],
  };
}
