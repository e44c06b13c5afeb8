"""The article's classifier in TensorFlow, from Python."""

import keras
from keras import layers


def prepare(pixels, labels):
    return pixels.reshape(-1, 28, 28, 1), labels


def build():
    model = keras.Sequential([
        keras.Input((28, 28, 1)),
        layers.Conv2D(32, 3, activation="relu"),
        layers.Conv2D(64, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(1024, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ])
    model.compile(
        optimizer=keras.optimizers.SGD(0.1),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


def train(model, data):
    images, labels = data
    model.fit(images, labels, batch_size=32, verbose=0)


def accuracy(model, data):
    images, labels = data
    return model.evaluate(images, labels, batch_size=100, verbose=0)[1]
