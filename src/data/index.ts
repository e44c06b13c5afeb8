export { classCounts, countClasses, sampleTable } from './frames';
export { type ImageDataset, type ImageSet, slice } from './image-set';
export { type LoadOptions, loadFashionMnist, loadMnist } from './mnist';
