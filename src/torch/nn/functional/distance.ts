/** Distances between vectors. */
export { cosineSimilarity, pairwiseDistance, pdist } from '../../generated/functions';
