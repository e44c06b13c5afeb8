import { UserError } from '../command/errors';
import { digestOf, type ImageDataset } from '../data/image-set';
import type { History, Progress } from './history';
import type { Framework, Recipe } from './recipe';
import { versions } from './versions';

/** Loss and accuracy over some images. */
export interface Metrics {
  readonly loss: number;
  /** 0 to 1. */
  readonly accuracy: number;
}

/** What a run is, before it starts. */
export interface Run {
  readonly framework: Framework;
  readonly recipe: Recipe;
  readonly dataset: ImageDataset;
  readonly seed: number;
  readonly stepsPerEpoch: number;
}

/**
 * Gathers a {@link History} while a fit loop runs, whichever framework's, and reports progress.
 * Losses are means over images, as both Keras and an honest PyTorch loop report them.
 */
export class HistoryRecorder {
  readonly history: History;
  #step = 0;
  #sum = 0;
  #correct = 0;
  #count = 0;
  #epochStart = performance.now();

  constructor(
    private readonly run: Run,
    private readonly onProgress: (progress: Progress) => void = () => {},
  ) {
    const { framework, recipe, dataset, seed } = run;
    this.history = {
      framework,
      recipe,
      seed,
      data: { name: dataset.name, sha256: digestOf(dataset) },
      loss: [],
      accuracy: [],
      valLoss: [],
      valAccuracy: [],
      seconds: [],
      batchLoss: [],
      versions: versions(framework),
      startedAt: new Date().toISOString(),
    };
  }

  /** Notes one training batch. Throws UserError if its loss is not a finite number. */
  batch({ loss, correct, size }: { loss: number; correct: number; size: number }): void {
    this.#step++;
    this.#refuseNoNumber(
      loss,
      `The loss became ${loss} in epoch ${this.#epoch}, step ${this.#step}`,
    );
    this.history.batchLoss.push(loss);
    this.#sum += loss * size;
    this.#correct += correct;
    this.#count += size;
    this.#report(loss, false);
  }

  /** Ends an epoch with what the validation data gave. Throws UserError as {@link batch} does. */
  epoch(validation: Metrics): void {
    const { history } = this;
    const after = `The validation loss became ${validation.loss} after epoch ${this.#epoch}`;
    this.#refuseNoNumber(validation.loss, after);
    const loss = this.#sum / this.#count;
    history.loss.push(loss);
    history.accuracy.push(this.#correct / this.#count);
    history.valLoss.push(validation.loss);
    history.valAccuracy.push(validation.accuracy);
    const now = performance.now();
    history.seconds.push((now - this.#epochStart) / 1000);
    this.#epochStart = now;
    this.#report(loss, true);
    this.#step = this.#sum = this.#correct = this.#count = 0;
  }

  /** Ends the run with what the test images gave. */
  end(test: Metrics): History {
    this.history.test = test;
    return this.history;
  }

  /** The epoch under way, from 1. */
  get #epoch(): number {
    return this.history.loss.length + 1;
  }

  #refuseNoNumber(loss: number, what: string): void {
    if (Number.isFinite(loss)) return;
    const { learningRate } = this.run.recipe;
    throw new UserError(`${what}: lower the learning rate, which is ${learningRate}.`, 1);
  }

  #report(loss: number, epochEnd: boolean): void {
    const { history } = this;
    const { recipe, stepsPerEpoch } = this.run;
    this.onProgress({
      epoch: epochEnd ? history.loss.length : this.#epoch,
      epochs: recipe.epochs,
      step: this.#step,
      stepsPerEpoch,
      loss,
      history,
      epochEnd,
    });
  }
}
