import type { History } from '../training/history';
import { pytorchRecipe, tensorflowRecipe } from '../training/recipe';
import { recipeDifferences } from './recipes';

export type Verdict = 'holds' | 'does not hold' | 'cannot be tested';

/** A claim of the article, and what the measurements say of it. */
export interface ClaimResult {
  readonly claim: string;
  readonly verdict: Verdict;
  /** The figures that decide, in a sentence. */
  readonly evidence: string;
}

const digits = (value: number) => value.toFixed(3);
const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
const rises = (values: readonly number[]) =>
  values.filter((value, i) => i > 0 && value > values[i - 1]!).length;

/** Share of a curve's whole fall that happens from the first to the second epoch. */
function earlyFall(values: readonly number[]): number {
  const [first = 0, second = 0] = values;
  return (first - second) / (first - values.at(-1)!);
}

/** Distance of validation from training after the last epoch, as a share of the training loss. */
function finalGap({ loss, valLoss }: History): number {
  return Math.abs(valLoss.at(-1)! - loss.at(-1)!) / loss.at(-1)!;
}

const verdict = (holds: boolean): Verdict => (holds ? 'holds' : 'does not hold');

/** The article's claims, tested on one run of each of its recipes. */
export function testClaims(tensorflow: History, pytorch: History): ClaimResult[] {
  const differences = recipeDifferences(tensorflowRecipe, pytorchRecipe);
  const third = tensorflow.valLoss[2]!;
  const later = tensorflow.valLoss.slice(3);
  const highest = Math.max(...later);
  const rising = { tensorflow: rises(tensorflow.loss), pytorch: rises(pytorch.loss) };
  return [
    {
      claim: 'Both models have the same layers and hyper-parameters.',
      verdict: verdict(differences.length === 0),
      evidence: `They differ in ${differences.length} choices: ${differences.map(({ field }) => field).join(', ')}.`,
    },
    {
      claim: 'The TensorFlow curve is steep.',
      verdict: verdict(earlyFall(tensorflow.loss) > earlyFall(pytorch.loss)),
      evidence: `From the first to the second epoch TensorFlow's training loss makes ${percent(earlyFall(tensorflow.loss))} of its fall, PyTorch's ${percent(earlyFall(pytorch.loss))}.`,
    },
    {
      claim: "After the third epoch TensorFlow's validation loss seems to rise.",
      verdict: later.length === 0 ? 'cannot be tested' : verdict(highest > third),
      evidence:
        later.length === 0
          ? 'This profile stops before the fourth epoch.'
          : `It is ${digits(third)} after the third epoch and ${later.map(digits).join(', ')} after the next.`,
    },
    {
      claim: "PyTorch's training is smoother than TensorFlow's.",
      verdict: verdict(rising.pytorch < rising.tensorflow),
      evidence: `From epoch to epoch the training loss rises ${rising.pytorch} times in PyTorch and ${rising.tensorflow} times in TensorFlow.`,
    },
    {
      claim: "PyTorch's validation loss follows its training loss.",
      verdict: verdict(finalGap(pytorch) < finalGap(tensorflow)),
      evidence: `After the last epoch they are ${percent(finalGap(pytorch))} of the training loss apart, in TensorFlow ${percent(finalGap(tensorflow))}.`,
    },
    {
      claim: 'TensorFlow is easier for beginners.',
      verdict: 'cannot be tested',
      evidence:
        'A training run says nothing of it; the two notebooks before show the same steps in both.',
    },
  ];
}
