import { mean } from 'simple-statistics';
import type { History } from '../training/history';
import { pytorchRecipe, tensorflowRecipe } from '../training/recipe';
import { type ChangesRecord, explain, risesOf, runsOf } from './changes';
import { type ChoosingRecord, figuresOf, mistakeNames } from './choosing';
import { factorNames } from './factor-names';
import { counted, list, percent, points, withInterval } from './format';
import { recipeDifferences } from './recipes';

export type Verdict = 'holds' | 'does not hold' | 'cannot be tested';

/** A claim of the article, and the verdict of the measurements. */
export interface ClaimResult {
  readonly claim: string;
  readonly verdict: Verdict;
  /** The figures that decide, in a sentence. */
  readonly evidence: string;
}

/** The curves that the claims are about. */
interface Curves {
  readonly loss: readonly number[];
  readonly valLoss: readonly number[];
}

const digits = (value: number) => value.toFixed(3);
const whole = (share: number) => percent(share, 0);
const rises = (values: readonly number[]) =>
  values.filter((value, i) => i > 0 && value > values[i - 1]!).length;

/** Share of a curve's whole fall that happens from the first to the second epoch. */
function earlyFall({ loss }: Curves): number {
  const [first = 0, second = 0] = loss;
  return (first - second) / (first - loss.at(-1)!);
}

/** Distance of validation from training after the last epoch, as a share of the training loss. */
function finalGap({ loss, valLoss }: Curves): number {
  return Math.abs(valLoss.at(-1)! - loss.at(-1)!) / loss.at(-1)!;
}

const verdict = (holds: boolean): Verdict => (holds ? 'holds' : 'does not hold');

function sameLayers(): ClaimResult {
  const differences = recipeDifferences(tensorflowRecipe, pytorchRecipe);
  return {
    claim: 'Both models have the same layers and hyper-parameters.',
    verdict: verdict(differences.length === 0),
    evidence: `They differ in ${differences.length} choices: ${list(differences.map(({ field }) => factorNames[field]))}.`,
  };
}

function risingValidation(runs: readonly Curves[], record?: ChangesRecord): ClaimResult {
  const claim = "After the third epoch TensorFlow's validation loss seems to rise.";
  const long = runs.filter(({ valLoss }) => valLoss.length > 3);
  if (long.length === 0) {
    const evidence = 'This profile stops before the fourth epoch.';
    return { claim, verdict: 'cannot be tested', evidence };
  }
  const rising = long.filter(({ valLoss }) => Math.max(...valLoss.slice(3)) > valLoss[2]!);
  const [first] = long;
  const after = first!.valLoss.slice(3).map(digits).join(', ');
  const epochs = record && risesOf(record).long;
  const more = epochs
    ? ` With ${counted(epochs.epochs, 'epoch')} of fewer images it does in ${epochs.rising} of ${counted(epochs.runs, 'run')}.`
    : '';
  return {
    claim,
    verdict: verdict(rising.length > long.length / 2),
    evidence:
      long.length === 1
        ? `It is ${digits(first!.valLoss[2]!)} after the third epoch, then ${after}.`
        : `It is later above the third epoch's in ${rising.length} of ${counted(long.length, 'run')}; in the mean it falls from ${digits(mean(long.map(({ valLoss }) => valLoss[2]!)))} to ${digits(mean(long.map(({ valLoss }) => valLoss.at(-1)!)))}.${more}`,
  };
}

function frameworkDecides(record: ChangesRecord | undefined): ClaimResult {
  const claim = 'Similar models differ in their results because of the framework.';
  if (!record) {
    const evidence = 'One run of each recipe cannot tell the framework from the recipe.';
    return { claim, verdict: 'cannot be tested', evidence };
  }
  const { gap, framework } = explain(record, 'accuracy');
  return {
    claim,
    verdict: verdict(Math.abs(framework) > Math.abs(gap.mean - framework)),
    evidence: `Of the gap of ${withInterval(gap, points)} points the framework makes ${percent(framework / gap.mean)}, the recipe ${percent(1 - framework / gap.mean)}.`,
  };
}

/** Counts related to ease of use; whether it is easier, only people could say. */
function easierForBeginners(record: ChoosingRecord | undefined): ClaimResult {
  const claim = 'TensorFlow is easier for beginners.';
  const verdict = 'cannot be tested';
  if (!record) {
    return { claim, verdict, evidence: 'There is no record of the countable part yet.' };
  }
  const [tensorflow, pytorch] = (['tensorflow-python', 'pytorch-python'] as const).map((stack) =>
    figuresOf(record, stack),
  );
  const asked = Object.keys(mistakeNames).length;
  return {
    claim,
    verdict,
    evidence:
      'No beginner was asked. What can be counted: the same model in Python takes ' +
      `${counted(tensorflow!.lines, 'line')} and ${counted(tensorflow!.concepts, 'name')} in TensorFlow, ` +
      `${counted(pytorch!.lines, 'line')} and ${counted(pytorch!.concepts, 'name')} in PyTorch; ` +
      `of ${counted(asked, 'mistake')} TensorFlow reports ${tensorflow!.told}, PyTorch ${pytorch!.told}.`,
  };
}

/** Both article recipes, each in its own framework, over the seeds of a record. */
function articleRuns(record: ChangesRecord): { tensorflow: Curves[]; pytorch: Curves[] } {
  const [walk] = record.walks;
  return {
    tensorflow: runsOf(record, 'tensorflow', walk!.recipes[0]!),
    pytorch: runsOf(record, 'pytorch', walk!.recipes.at(-1)!),
  };
}

/**
 * The article's claims, tested on the runs of a record over its seeds; without one, on one run of
 * each of the article's recipes. What can be counted of ease comes from the third record.
 */
export function testClaims(
  tensorflow: History,
  pytorch: History,
  record?: ChangesRecord,
  choosing?: ChoosingRecord,
): ClaimResult[] {
  const runs = record ? articleRuns(record) : { tensorflow: [tensorflow], pytorch: [pytorch] };
  const over = (of: (run: Curves) => number) => ({
    tensorflow: mean(runs.tensorflow.map(of)),
    pytorch: mean(runs.pytorch.map(of)),
  });
  const fall = over(earlyFall);
  const gap = over(finalGap);
  const rising = {
    tensorflow: runs.tensorflow.reduce((sum, { loss }) => sum + rises(loss), 0),
    pytorch: runs.pytorch.reduce((sum, { loss }) => sum + rises(loss), 0),
  };
  const count = runs.tensorflow.length;
  const seeds = count > 1 ? ` (means of ${count} seeds)` : '';
  const each = count > 1 ? ` over ${count} seeds` : '';
  return [
    sameLayers(),
    {
      claim: 'The TensorFlow curve is steep.',
      verdict: verdict(fall.tensorflow > fall.pytorch),
      evidence: `From the first to the second epoch TensorFlow's training loss falls by ${whole(fall.tensorflow)} of its total fall, PyTorch's ${whole(fall.pytorch)}${seeds}.`,
    },
    risingValidation(runs.tensorflow, record),
    {
      claim: "PyTorch's training is smoother than TensorFlow's.",
      verdict: verdict(rising.pytorch < rising.tensorflow),
      evidence:
        rising.pytorch + rising.tensorflow === 0
          ? `From epoch to epoch the training loss never rises in either of them${each}.`
          : `From epoch to epoch the training loss rises ${counted(rising.pytorch, 'time')} in PyTorch and ${counted(rising.tensorflow, 'time')} in TensorFlow${each}.`,
    },
    {
      claim: "PyTorch's validation loss follows its training loss.",
      verdict: verdict(gap.pytorch < gap.tensorflow),
      evidence: `After the last epoch they are ${whole(gap.pytorch)} of the training loss apart, in TensorFlow ${whole(gap.tensorflow)}${seeds}.`,
    },
    frameworkDecides(record),
    easierForBeginners(choosing),
  ];
}
