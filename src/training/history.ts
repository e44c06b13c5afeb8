import type { Framework, Recipe } from './recipe';

/** What a training run left: one entry an epoch in each column, whichever framework ran it. */
export interface History {
  readonly framework: Framework;
  readonly recipe: Recipe;
  readonly seed: number;
  /** What it was trained on: the data set's name and the SHA-256 of its images and labels. */
  readonly data: { readonly name: string; readonly sha256: string };
  /** Mean training loss over the epoch's batches, as the model was at each of them. */
  readonly loss: number[];
  /** Share of the epoch's training images classified correctly, 0 to 1. */
  readonly accuracy: number[];
  /** Loss on the validation data after each epoch. */
  readonly valLoss: number[];
  readonly valAccuracy: number[];
  /** Wall-clock seconds of each epoch, validation included. */
  readonly seconds: number[];
  /** Loss of every training batch, in order, over all epochs. */
  readonly batchLoss: number[];
  /** Loss and accuracy on the test images after the last epoch; absent while a run is unfinished. */
  test?: { readonly loss: number; readonly accuracy: number };
  /** Versions of the framework and runtime, e.g. `{ torch: '2.13.0', node: '20.20.2' }`. */
  readonly versions: Readonly<Record<string, string>>;
  /** ISO date and time of the start. */
  readonly startedAt: string;
}

/** Where a run stands; a fit loop reports one of these after each batch and each epoch. */
export interface Progress {
  readonly epoch: number;
  readonly epochs: number;
  readonly step: number;
  readonly stepsPerEpoch: number;
  readonly loss: number;
  /** The columns so far; grows at the end of each epoch. */
  readonly history: History;
  /** True for the event that ends an epoch. */
  readonly epochEnd: boolean;
}

/** What every fit loop takes besides recipe and data. */
export interface FitOptions {
  /** Seed of weights and shuffling. Default 0. */
  readonly seed?: number;
  readonly onProgress?: (progress: Progress) => void;
  /** Stops between two batches; the fit then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}
