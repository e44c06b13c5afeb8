/** tslab's public API, which cells import as 'tslab'. Its displays go through the kernel. */
import { kernel } from '../../src/notebook/kernel';

const jupyter: { lastWriteDisplayData: (content: object, update: boolean) => void } =
  require('tslab/dist/jupyter');
jupyter.lastWriteDisplayData = (content, update) => kernel()?.display(content, update);

export * from 'tslab/dist/public';
