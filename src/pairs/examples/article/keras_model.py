"""The article's classifier in Keras, as its TensorFlow half has it."""
import keras
import numpy as np
from data import labels
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

transform = layers.Rescaling(1 / 255)
targets = np.eye(10, dtype="float32")[labels]
batch_size, shuffle, validation_split = 32, True, 0.3
