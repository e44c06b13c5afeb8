/** The parts as a table, and a last line that sums them up. */
function table(parts, ok) {
  const rows = parts.map((part) => {
    const state = part.optional && part.state !== 'ok' ? `${part.state}, optional` : part.state;
    return [part.name, part.version, state, part.fix];
  });
  const head = ['part', 'version', 'state', 'fix'];
  const widths = head.map((_, column) =>
    Math.max(...[head, ...rows].map((row) => row[column].length)),
  );
  const line = (row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd();
  const faulty = parts.filter((part) => part.state !== 'ok' && !part.optional).length;
  const sum = ok ? 'Everything is in order.' : `${faulty} of ${parts.length} parts need attention.`;
  return [...[head, ...rows].map(line), '', sum].join('\n');
}

module.exports = { table };
