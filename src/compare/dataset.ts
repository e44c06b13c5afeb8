import { type ImageDataset, loadFashionMnist, loadMnist } from '../data';
import { UserError } from '../errors';

const loaders: Readonly<Record<string, () => Promise<ImageDataset>>> = {
  mnist: loadMnist,
  'fashion-mnist': loadFashionMnist,
};

/**
 * The data that experiments run on: `mnist`, or what TANDEM_DATA has in its place, or
 * `fashion-mnist`. Throws UserError for another name.
 */
export function loadDataset(name: string): Promise<ImageDataset> {
  const load = loaders[name];
  if (!load) {
    throw new UserError(`There is no data '${name}': take ${Object.keys(loaders).join(', ')}.`);
  }
  return load();
}
