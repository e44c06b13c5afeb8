/** torchvision's transforms, over whole batches of images at once. */
export { Compose, Lambda } from './compose';
export { Normalize, ToTensor } from './conversion';
export { CenterCrop, Pad, type Padding, RandomCrop } from './crop';
export { RandomHorizontalFlip, RandomVerticalFlip } from './flip';
export { Resize } from './resize';
