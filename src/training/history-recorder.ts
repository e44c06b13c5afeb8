import { UserError } from '../errors';
import type { History, Progress } from './history';
import type { Framework, Recipe } from './recipe';
import { versions } from './versions';

/** Loss and accuracy over some images. */
export interface Metrics {
  readonly loss: number;
  /** 0 to 1. */
  readonly accuracy: number;
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
    framework: Framework,
    private readonly recipe: Recipe,
    seed: number,
    private readonly stepsPerEpoch: number,
    private readonly onProgress: (progress: Progress) => void = () => {},
  ) {
    this.history = {
      framework,
      recipe,
      seed,
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

  /** Notes one training batch. Throws UserError where its loss is not a finite number. */
  batch({ loss, correct, size }: { loss: number; correct: number; size: number }): void {
    this.#step++;
    if (!Number.isFinite(loss)) {
      throw new UserError(
        `The loss became ${loss} in epoch ${this.history.loss.length + 1}, step ${this.#step}: ` +
          `lower the learning rate, which is ${this.recipe.learningRate}.`,
        1,
      );
    }
    this.history.batchLoss.push(loss);
    this.#sum += loss * size;
    this.#correct += correct;
    this.#count += size;
    this.#report(loss, false);
  }

  /** Ends an epoch with what the validation data gave. */
  epoch(validation: Metrics): void {
    const { history } = this;
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

  #report(loss: number, epochEnd: boolean): void {
    const { history, recipe, stepsPerEpoch } = this;
    this.onProgress({
      epoch: history.loss.length + (epochEnd ? 0 : 1),
      epochs: recipe.epochs,
      step: this.#step,
      stepsPerEpoch,
      loss,
      history,
      epochEnd,
    });
  }
}
