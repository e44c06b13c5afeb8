/** Why an operator's samples are not all identical; `name*` matches all names with that prefix. */
interface Reason {
  readonly names: readonly string[];
  /** Only for calls that the operator should refuse. */
  readonly refused?: true;
  readonly why: string;
}

export const reasons: readonly Reason[] = [
  {
    names: ['linalg.lstsq', 'linalg.lstsq (grad_oriented)'],
    why: "Some samples of the driver `gelsy`: PyTorch hands LAPACK's column order over without setting it, so Python's own result changes from call to call. The other drivers are identical.",
  },
  {
    names: [
      'nn.functional.linear_cross_entropy (chunked)',
      'nn.functional.linear_cross_entropy (chunked_none)',
    ],
    why: 'These samples split the work by an options object of Python; `F.linearCrossEntropy` has no chunks.',
  },
  {
    names: ['cat'],
    refused: true,
    why: 'Two calls that should be refused write into memory of NumPy, which JavaScript does not have.',
  },
  {
    names: ['__r*'],
    refused: true,
    why: "Calls that should be refused: Python's operators with a number for the tensor; in TypeScript they are methods of the tensor.",
  },
  {
    names: ['masked.*'],
    why: 'The prototype `torch.masked` is not offered.',
  },
  {
    names: ['jiterator_*'],
    why: 'Compiles CUDA code at run time; Python refuses it on the CPU, too.',
  },
];

const stands = (known: string, name: string): boolean =>
  known.endsWith('*') ? name.startsWith(known.slice(0, -1)) : name === known;

/** The reason for a name, if there is one. */
export const reasonOf = (name: string, refused = false): string | undefined =>
  reasons.find(
    (reason) => (refused || !reason.refused) && reason.names.some((known) => stands(known, name)),
  )?.why;

/** The reasons as a Markdown table, as docs/torch-operators.md has it. */
export const reasonTable = (): string =>
  [
    '| operators | why |',
    '|---|---|',
    ...reasons.map(
      ({ names, why }) => `| ${names.map((name) => `\`${name}\``).join(', ')} | ${why} |`,
    ),
  ].join('\n');
