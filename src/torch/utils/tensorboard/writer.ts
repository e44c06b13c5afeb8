import { writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { type Args, bind } from '../../arguments';
import { asTensor } from '../../creation';
import { isOptions } from '../../dispatch';
import { TorchError } from '../../errors';
import { Tensor } from '../../tensor';
import { type Embedding, writeEmbedding } from './embedding';
import { EventFile, now, type Queue } from './event-file';
import { type Bins, histogramMessage, histogramOf } from './histogram';
import { bytes, integer } from './message';
import * as summaries from './summary';

interface WriterOptions {
  /** The folder of the files; `runs/<time>_<host><comment>` by default. */
  logDir?: string | null;
  /** Ends the default folder's name. */
  comment?: string;
  /** Has TensorBoard forget what an earlier run wrote from this step on. */
  purgeStep?: number | null;
  /** How many events may wait to be written. Default 10. */
  maxQueue?: number;
  /** How long they may, in seconds. Default 120. */
  flushSecs?: number;
  filenameSuffix?: string;
}
interface At {
  /** The step of the training. */
  globalStep?: number | null;
  /** Seconds since 1970; now by default. */
  walltime?: number | null;
}
type Values = Tensor | number | readonly unknown[];
/** Bound arguments: all are there. */
type All<T> = Required<T>;

const asValues = (values: unknown): Tensor =>
  values instanceof Tensor ? values : asTensor(values as never);

/** `Nov27_04-26-12`, as Python's `strftime('%b%d_%H-%M-%S')` gives it. */
function timeText(time: Date): string {
  const two = (part: number) => String(part).padStart(2, '0');
  const month = time.toLocaleString('en-US', { month: 'short' });
  return `${month}${two(time.getDate())}_${two(time.getHours())}-${two(time.getMinutes())}-${two(time.getSeconds())}`;
}

/**
 * Writes figures, histograms, pictures, sounds and texts of a training into files that TensorBoard reads
 * (`torch.utils.tensorboard.SummaryWriter`): `tensorboard --logdir runs`. Steps and times are those of each call. Events
 * wait for one another until `flush`, `close`, the end of a `using` block or of the process. Throws TorchError with
 * Python's messages for what can't be written, and after `close`, where a new file can't be made.
 *
 * @example
 * const writer = new torch.utils.tensorboard.SummaryWriter('runs/first');
 * writer.addScalar('loss/train', loss, step);
 * writer.close();
 */
export class SummaryWriter {
  readonly logDir: string;
  private readonly queue: Queue;
  private purgeStep: number | null;
  /** By folder: the writer's own, and one for each curve of `addScalars`. */
  private readonly files = new Map<string, EventFile>();
  private projector = '';

  constructor(...args: Args<'SummaryWriter', unknown, WriterOptions>) {
    const options = bind<All<WriterOptions>>('SummaryWriter', args);
    const { maxQueue, flushSecs, filenameSuffix } = options;
    this.queue = { maxQueue, flushSecs, filenameSuffix };
    this.purgeStep = options.purgeStep;
    this.logDir =
      options.logDir || join('runs', `${timeText(new Date())}_${hostname()}${options.comment}`);
    this.own();
  }

  private file(folder: string): EventFile {
    let file = this.files.get(folder);
    if (!file) {
      file = new EventFile(folder, this.queue);
      this.files.set(folder, file);
    }
    return file;
  }

  /** The writer's own file, made again after `close`, as in Python. */
  private own(): EventFile {
    const file = this.file(this.logDir);
    if (this.purgeStep !== null) {
      const at = { step: this.purgeStep, walltime: null };
      this.purgeStep = null;
      file.add(bytes(3, 'brain.Event:2'), at);
      file.add(bytes(7, integer(1, 1)), at);
    }
    return file;
  }

  private write(summary: Buffer, { globalStep, walltime }: All<At>): void {
    this.own().add(summary, { step: globalStep, walltime });
  }

  /** The folder of the files. */
  getLogdir(): string {
    return this.logDir;
  }

  /** A number, or a tensor of one element, of float32's precision unless `newStyle` and `doublePrecision`. */
  addScalar(
    ...args: Args<
      'SummaryWriter.add_scalar',
      { tag: string; scalarValue: Tensor | number },
      At & { newStyle?: boolean; doublePrecision?: boolean }
    >
  ): void {
    const given = bind<
      All<At> & { tag: string; scalarValue: unknown; newStyle: boolean; doublePrecision: boolean }
    >('SummaryWriter.add_scalar', args);
    const { tag, scalarValue, newStyle, doublePrecision } = given;
    this.write(summaries.scalar(tag, scalarValue, newStyle, doublePrecision), given);
  }

  /** Several curves in one chart, each in a file of its own. */
  addScalars(
    ...args: Args<
      'SummaryWriter.add_scalars',
      { mainTag: string; tagScalarDict: Record<string, Tensor | number> },
      At
    >
  ): void {
    const given = bind<All<At> & { mainTag: string; tagScalarDict: Record<string, unknown> }>(
      'SummaryWriter.add_scalars',
      args,
    );
    const { mainTag, tagScalarDict, globalStep } = given;
    const walltime = given.walltime ?? now();
    for (const [tag, scalar] of Object.entries(tagScalarDict)) {
      const folder = `${this.logDir}/${mainTag.replaceAll('/', '_')}_${tag}`;
      const summary = summaries.scalar(mainTag, scalar, false, false);
      this.file(folder).add(summary, { step: globalStep, walltime });
    }
  }

  /** A tensor as it is. Throws TorchError for a dtype that TensorFlow hasn't. */
  addTensor(...args: Args<'SummaryWriter.add_tensor', { tag: string; tensor: Tensor }, At>): void {
    const given = bind<All<At> & { tag: string; tensor: Tensor }>('SummaryWriter.add_tensor', args);
    this.write(summaries.tensor(given.tag, given.tensor), given);
  }

  /**
   * How values are spread. `bins`: TensorBoard's own limits, a number of bins of one size, or the limits; `maxBins`: how
   * many are kept. Throws TorchError for no values, and for NumPy's ways to choose bins.
   */
  addHistogram(
    ...args: Args<
      'SummaryWriter.add_histogram',
      { tag: string; values: Values },
      At & { bins?: Bins; maxBins?: number | null }
    >
  ): void {
    const given = bind<
      All<At> & { tag: string; values: unknown; bins: Bins; maxBins: number | null }
    >('SummaryWriter.add_histogram', args);
    const histogram = histogramOf(asValues(given.values), given.bins, given.maxBins);
    this.write(
      summaries.summary(summaries.value(given.tag, bytes(5, histogramMessage(histogram)))),
      given,
    );
  }

  /** A histogram that is counted already: upper limits of the bins and how many values each has. */
  addHistogramRaw(
    ...args: Args<
      'SummaryWriter.add_histogram_raw',
      {
        tag: string;
        min: number;
        max: number;
        num: number;
        sum: number;
        sumSquares: number;
        bucketLimits: readonly number[];
        bucketCounts: readonly number[];
      },
      At
    >
  ): void {
    const given = bind<All<At> & { tag: string } & Parameters<typeof histogramMessage>[0]>(
      'SummaryWriter.add_histogram_raw',
      args,
    );
    if (given.bucketLimits.length !== given.bucketCounts.length) {
      throw new TorchError(
        'len(bucket_limits) != len(bucket_counts), see the document.',
        'ValueError',
      );
    }
    this.write(
      summaries.summary(summaries.value(given.tag, bytes(5, histogramMessage(given)))),
      given,
    );
  }

  /** A picture of bytes, or of floats from 0 to 1: `[C, H, W]`, or as `dataformats` says (`HWC`, `HW`). */
  addImage(
    ...args: Args<
      'SummaryWriter.add_image',
      { tag: string; imgTensor: Tensor },
      At & { dataformats?: string }
    >
  ): void {
    const given = bind<All<At> & { tag: string; imgTensor: Tensor; dataformats: string }>(
      'SummaryWriter.add_image',
      args,
    );
    this.write(summaries.image(given.tag, given.imgTensor, given.dataformats), given);
  }

  /** Pictures in a grid: `[N, C, H, W]`, or as `dataformats` says. */
  addImages(
    ...args: Args<
      'SummaryWriter.add_images',
      { tag: string; imgTensor: Tensor },
      At & { dataformats?: string }
    >
  ): void {
    const given = bind<All<At> & { tag: string; imgTensor: Tensor; dataformats: string }>(
      'SummaryWriter.add_images',
      args,
    );
    this.write(summaries.image(given.tag, given.imgTensor, given.dataformats), given);
  }

  /** A sound `[L]` from -1 to 1. */
  addAudio(
    ...args: Args<
      'SummaryWriter.add_audio',
      { tag: string; sndTensor: Tensor },
      At & { sampleRate?: number }
    >
  ): void {
    const given = bind<All<At> & { tag: string; sndTensor: Tensor; sampleRate: number }>(
      'SummaryWriter.add_audio',
      args,
    );
    this.write(summaries.audio(given.tag, given.sndTensor, given.sampleRate), given);
  }

  /** A text in Markdown. */
  addText(...args: Args<'SummaryWriter.add_text', { tag: string; textString: string }, At>): void {
    const given = bind<All<At> & { tag: string; textString: string }>(
      'SummaryWriter.add_text',
      args,
    );
    this.write(summaries.text(given.tag, given.textString), given);
  }

  /**
   * A run's hyperparameters and what it reached, as a run of its own in the folder `runName` inside the writer's.
   * Throws TorchError for values that are no numbers, texts or booleans.
   */
  addHparams(
    ...args: Args<
      'SummaryWriter.add_hparams',
      { hparamDict: Record<string, summaries.HParam>; metricDict: Record<string, Tensor | number> },
      {
        hparamDomainDiscrete?: summaries.HParamDomains | null;
        runName?: string | null;
        globalStep?: number | null;
      }
    >
  ): void {
    const given = bind<{
      hparamDict: Record<string, summaries.HParam>;
      metricDict: Record<string, Tensor | number>;
      hparamDomainDiscrete: summaries.HParamDomains | null;
      runName: string | null;
      globalStep: number | null;
    }>('SummaryWriter.add_hparams', args);
    const { hparamDict, metricDict, hparamDomainDiscrete, runName, globalStep } = given;
    if (!isOptions(hparamDict) || !isOptions(metricDict)) {
      throw new TorchError('hparam_dict and metric_dict should be dictionary.', 'TypeError');
    }
    const parts = summaries.hparams(hparamDict, metricDict, hparamDomainDiscrete ?? {});
    const run = new SummaryWriter(join(this.logDir, runName || String(now())));
    for (const part of parts) run.write(part, { globalStep, walltime: null });
    for (const [name, value] of Object.entries(metricDict)) run.addScalar(name, value, globalStep);
    run.close();
  }

  /**
   * Vectors `[N, D]` for the projector, with a label and a picture `[N, C, H, W]` for each. Throws TorchError where
   * their numbers differ.
   */
  addEmbedding(
    ...args: Args<
      'SummaryWriter.add_embedding',
      { mat: Tensor },
      {
        metadata?: readonly unknown[] | null;
        labelImg?: Tensor | null;
        globalStep?: number | null;
        tag?: string;
        metadataHeader?: readonly string[] | null;
      }
    >
  ): void {
    const given = bind<Omit<Embedding, 'globalStep'> & { globalStep: number | null }>(
      'SummaryWriter.add_embedding',
      args,
    );
    this.projector += writeEmbedding(this.logDir, { ...given, globalStep: given.globalStep ?? 0 });
    writeFileSync(join(this.logDir, 'projector_config.pbtxt'), this.projector);
  }

  /** Precision over recall of predictions from 0 to 1 for labels of 0 and 1, at up to 127 thresholds. */
  addPrCurve(
    ...args: Args<
      'SummaryWriter.add_pr_curve',
      { tag: string; labels: Values; predictions: Values },
      At & { numThresholds?: number; weights?: Values | null }
    >
  ): void {
    const given = bind<
      All<At> & {
        tag: string;
        labels: unknown;
        predictions: unknown;
        numThresholds: number;
        weights: unknown;
      }
    >('SummaryWriter.add_pr_curve', args);
    const { tag, labels, predictions, numThresholds, weights } = given;
    const [truth, guesses] = [asValues(labels), asValues(predictions)];
    this.write(summaries.prCurve(tag, truth, guesses, numThresholds, weights), given);
  }

  /** The same, counted already: a number for each threshold. */
  addPrCurveRaw(
    ...args: Args<
      'SummaryWriter.add_pr_curve_raw',
      {
        tag: string;
        truePositiveCounts: Values;
        falsePositiveCounts: Values;
        trueNegativeCounts: Values;
        falseNegativeCounts: Values;
        precision: Values;
        recall: Values;
      },
      At & { numThresholds?: number; weights?: Values | null }
    >
  ): void {
    const given = bind<All<At> & Record<string, unknown> & { tag: string; numThresholds: number }>(
      'SummaryWriter.add_pr_curve_raw',
      args,
    );
    const rows = [
      given.truePositiveCounts,
      given.falsePositiveCounts,
      given.trueNegativeCounts,
      given.falseNegativeCounts,
      given.precision,
      given.recall,
    ];
    this.write(summaries.prCurveRaw(given.tag, rows, given.numThresholds), given);
  }

  /** Charts of scalars by category and title: `{ losses: { both: ['Multiline', ['loss/train', 'loss/test']] } }`. */
  addCustomScalars(layout: summaries.Layout): void {
    this.write(summaries.customScalars(layout), { globalStep: null, walltime: null });
  }
  addCustomScalarsMultilinechart(
    tags: readonly string[],
    category = 'default',
    title = 'untitled',
  ): void {
    this.addCustomScalars({ [category]: { [title]: ['Multiline', tags] } });
  }
  /** A curve between two others: `[value, lower, upper]`. */
  addCustomScalarsMarginchart(
    tags: readonly string[],
    category = 'default',
    title = 'untitled',
  ): void {
    if (tags.length !== 3) {
      throw new TorchError(`Expected 3 tags, got ${tags.length}.`, 'AssertionError');
    }
    this.addCustomScalars({ [category]: { [title]: ['Margin', tags] } });
  }

  /** Throws TorchError: TensorBoard draws TensorFlow's graphs, of which a TypeScript model has none. */
  addGraph(..._: unknown[]): never {
    throw new TorchError(
      'SummaryWriter.addGraph is not supported: print the model by String(net), or save it by torch.jit.trace for Python',
      'NotImplementedError',
    );
  }

  /** Writes what waits. */
  flush(): void {
    for (const file of this.files.values()) file.flush();
  }
  /** Writes what waits and closes the files. */
  close(): void {
    for (const file of this.files.values()) file.close();
    this.files.clear();
  }
  [Symbol.dispose](): void {
    this.close();
  }
}
