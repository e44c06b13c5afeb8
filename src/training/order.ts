import { alea } from 'seedrandom';

/**
 * A random order of `count` images, the same for the same seed and epoch: the shuffle of
 * Fisher and Yates (Knuth, TAOCP 3.4.2 P) on a seeded generator.
 */
export function shuffledOrder(count: number, seed: number, epoch: number): Int32Array {
  const random = alea(`tandem ${seed} ${epoch}`);
  const order = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
