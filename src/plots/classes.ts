import { baseConfig, baseLayout, type Figure } from './figure';

/** Images of each class in one or more splits, as grouped bars. */
export function classBars(
  classes: readonly string[],
  counts: Readonly<Record<string, readonly number[]>>,
): Figure {
  const shades = ['#117733', '#88ccee', '#ddcc77'];
  const splits = Object.entries(counts);
  const all = splits.flatMap(([, values]) => values);
  return {
    data: splits.map(([name, values], i) => ({
      type: 'bar',
      name,
      x: [...classes],
      y: [...values],
      marker: { color: shades[i % shades.length] },
      hovertemplate: `class %{x}: %{y} images<extra>${name}</extra>`,
    })),
    layout: baseLayout('Images of each class', {
      xaxis: { title: { text: 'class' }, type: 'category' },
      yaxis: { title: { text: 'images' } },
      bargap: 0.25,
    }),
    config: baseConfig,
    summary: `Images of each class, from ${Math.min(...all)} to ${Math.max(...all)} in ${splits.map(([name]) => name).join(' and ')}.`,
  };
}

/**
 * A confusion matrix: row = true class, column = the model's answer, colour by the share of the row.
 * @param counts Images of each true class and answer, `[C][C]`.
 */
export function confusionMatrix(
  counts: readonly (readonly number[])[],
  classes: readonly string[],
  title = 'Confusion matrix',
): Figure {
  const shares = counts.map((row) => {
    const sum = row.reduce((total, count) => total + count, 0);
    return row.map((count) => (sum > 0 ? count / sum : 0));
  });
  let worst = { truth: 0, answer: 1, count: -1 };
  counts.forEach((row, truth) => {
    row.forEach((count, answer) => {
      if (truth !== answer && count > worst.count) worst = { truth, answer, count };
    });
  });
  const correct = counts.reduce((sum, row, i) => sum + row[i]!, 0);
  const total = counts.flat().reduce((sum, count) => sum + count, 0);
  return {
    data: [
      {
        type: 'heatmap',
        x: [...classes],
        y: [...classes],
        z: shares,
        text: counts.map((row) => row.map(String)) as unknown as string[],
        texttemplate: '%{text}',
        colorscale: 'Cividis',
        zmin: 0,
        zmax: 1,
        colorbar: {
          title: { text: 'share of the true class', side: 'right' },
          tickformat: '.0%',
          thickness: 12,
        },
        hovertemplate: 'true %{y}, answered %{x}: %{text} images (%{z:.1%})<extra></extra>',
      } as Figure['data'][number],
    ],
    layout: baseLayout(title, {
      xaxis: { title: { text: 'answer of the model' }, type: 'category', constrain: 'domain' },
      yaxis: {
        title: { text: 'true class' },
        type: 'category',
        autorange: 'reversed',
        scaleanchor: 'x',
        constrain: 'domain',
      },
      height: 520,
    }),
    config: baseConfig,
    summary:
      `${title}. ${correct} of ${total} images right; most often confused: ` +
      `${classes[worst.truth]} taken for ${classes[worst.answer]}, ${worst.count} times.`,
  };
}
