"""The article's TensorFlow recipe in Keras: writes the initial weights, trains on the batches of
order.json, prints the loss of each."""

import argparse
import json
from pathlib import Path

import keras
import numpy as np
from keras import layers

import mnist


def build(seed: int) -> keras.Model:
    keras.utils.set_random_seed(seed)
    return keras.Sequential([
        keras.Input((28, 28, 1)),
        layers.Conv2D(32, (3, 3), activation="relu"),
        layers.Conv2D(64, (3, 3), activation="relu"),
        layers.MaxPooling2D((2, 2)),
        layers.Flatten(),
        layers.Dense(1024, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ])


def train(model: keras.Model, x, y, batch: int, eager: bool) -> list[float]:
    model.compile(optimizer="sgd", loss="categorical_crossentropy", run_eagerly=eager)
    losses = []
    for start in range(0, len(x), batch):
        model.reset_metrics()
        losses.append(float(model.train_on_batch(x[start:start + batch], y[start:start + batch])))
    return losses


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--folder", type=Path, required=True)
    args = parser.parse_args()
    model = build(args.seed)
    weights = []
    for i, value in enumerate(model.get_weights()):
        value.astype("<f4").tofile(args.folder / f"weight-{i}.bin")
        weights.append({"shape": list(value.shape), "file": f"weight-{i}.bin"})
    order = np.array(json.loads((args.folder / "order.json").read_text()))
    x = mnist.images("train-images-idx3-ubyte")[order].astype("float32")[..., None] / 255.0
    y = keras.utils.to_categorical(mnist.labels("train-labels-idx1-ubyte")[order], 10)
    print(json.dumps({
        "losses": train(model, x, y, args.batch, eager=True),
        "graphLosses": train(build(args.seed), x, y, args.batch, eager=False),
        "weights": weights,
    }))


if __name__ == "__main__":
    main()
