/** How often each true class (row) got each answer (column), `[classes][classes]`. */
export function confusionCounts(
  labels: ArrayLike<number>,
  answers: ArrayLike<number>,
  classes: number,
): number[][] {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < answers.length; i++) counts[labels[i]!]![answers[i]!]!++;
  return counts;
}
