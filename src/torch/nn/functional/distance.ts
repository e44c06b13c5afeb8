/** How far apart vectors are. */
export { cosineSimilarity, pairwiseDistance, pdist } from '../../generated/functions';
