import { UserError } from '../command/errors';
import { type ImageDataset, loadFashionMnist, loadMnist } from '../data';

const loaders: Readonly<Record<string, () => Promise<ImageDataset>>> = {
  mnist: loadMnist,
  'fashion-mnist': loadFashionMnist,
};

/**
 * The data for experiments: `mnist`, or TANDEM_DATA's replacement, or
 * `fashion-mnist`. Throws UserError for another name.
 */
export function loadDataset(name: string): Promise<ImageDataset> {
  const load = loaders[name];
  if (!load) {
    throw new UserError(`Unknown data '${name}'. Choose ${Object.keys(loaders).join(', ')}.`);
  }
  return load();
}
