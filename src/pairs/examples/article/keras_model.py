"""The article's classifier in Keras, as its TensorFlow half has it."""
import keras
import numpy as np
from keras import layers

model = keras.Sequential([
    keras.Input((28, 28, 1)),
    layers.Conv2D(32, 3, activation="relu"),
    layers.Conv2D(64, 3, activation="relu"),
    layers.MaxPooling2D(2),
    layers.Flatten(),
    layers.Dense(1024, activation="relu"),
    layers.Dense(10, activation="softmax"),
])
optimizer = keras.optimizers.SGD(0.01)
loss = keras.losses.CategoricalCrossentropy()

# Pixels from 0 to 255, divided by 255; labels one-hot.
rng = np.random.default_rng(0)
inputs = (rng.integers(0, 256, (32, 28, 28, 1)) / 255).astype("float32")
targets = np.eye(10, dtype="float32")[rng.integers(0, 10, 32)]
