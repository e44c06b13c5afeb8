/** A number in the largest unit of a list in which another, the row's first, has enough digits. */
function scaled(
  value: number,
  measure: number,
  units: readonly string[],
  step: number,
  most: number,
) {
  let [number, size, unit] = [value, measure, units[0]!];
  for (const larger of units.slice(1)) {
    if (size < most) break;
    unit = larger;
    number = Math.floor(number / step);
    size /= step;
  }
  return { number, unit };
}

type Format = (value: number, measure: number) => string;

const size: Format = (value, measure) => {
  const units = ['B  ', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  const { number, unit } = scaled(value, measure, units, 1024, 768 * 1024);
  return `${String(number).padStart(6)} ${unit}`;
};
const count: Format = (value, measure) => {
  const { number, unit } = scaled(value, measure, [' ', 'K', 'M'], 1000, 750 * 1000);
  return `${String(number).padStart(7)} ${unit} `;
};

const pools: readonly [string, string, Format][] = [
  ['allocated_bytes', 'Allocated memory', size],
  ['active_bytes', 'Active memory', size],
  ['requested_bytes', 'Requested memory', size],
  ['reserved_bytes', 'GPU reserved memory', size],
  ['inactive_split_bytes', 'Non-releasable memory', size],
  ['allocation', 'Allocations', count],
  ['active', 'Active allocs', count],
  ['segment', 'GPU reserved segments', count],
  ['inactive_split', 'Non-releasable allocs', count],
];

const columns = ['current', 'peak', 'allocated', 'freed'] as const;

/** The counts of a GPU's memory as `torch.cuda.memory_summary` prints them. */
export function summary(
  stats: ReadonlyMap<string, number>,
  index: number,
  abbreviated: boolean,
): string {
  const line = (character: string) => character.repeat(75);
  const row = (label: string, key: string, format: Format, measures: readonly number[] = []) => {
    const values = columns.map((column) => stats.get(`${key}.${column}`) ?? 0);
    const cells = values.map((value, i) => format(value, measures[i] ?? value));
    return { text: ` ${label.padEnd(21)} | ${cells.join(' | ')} `, values };
  };
  const at = (name: string, width: number) => String(stats.get(name) ?? 0).padEnd(width);
  const lines = [
    line('='),
    ` ${' '.repeat(16)} PyTorch CUDA memory summary, device ID ${String(index).padEnd(17)} `,
    line('-'),
    `  ${' '.repeat(9)} CUDA OOMs: ${at('num_ooms', 12)} | ${' '.repeat(6)} cudaMalloc retries: ${at('num_alloc_retries', 8)}  `,
    line('='),
    '        Metric         | Cur Usage  | Peak Usage | Tot Alloc  | Tot Freed  ',
  ];
  for (const [key, label, format] of pools) {
    const all = row(label, `${key}.all`, format);
    lines.push(line('-'), all.text);
    if (abbreviated) continue;
    for (const pool of ['large', 'small']) {
      lines.push(row(`      from ${pool} pool`, `${key}.${pool}_pool`, format, all.values).text);
    }
  }
  for (const [key, label] of [
    ['oversize_allocations', 'Oversize allocations'],
    ['oversize_segments', 'Oversize GPU segments'],
  ] as const) {
    lines.push(line('-'), row(label, key, count).text);
  }
  return `|${[...lines, line('=')].join('|\n|')}|\n`;
}
