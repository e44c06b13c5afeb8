"""Five mistakes in TensorFlow, from Python."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers


def classifier():
    model = keras.Sequential([keras.Input((784,)), layers.Dense(10, activation="softmax")])
    model.compile(optimizer="sgd", loss="sparse_categorical_crossentropy")
    return model


def features():
    return classifier().predict(np.zeros((32, 64)), verbose=0)


def label():
    return classifier().fit(np.zeros((1, 784)), np.array([10]), verbose=0)


def decimals():
    return classifier().fit(np.zeros((1, 784)), np.array([3.5]), verbose=0)


def option():
    return layers.Conv2D(32, 3, paddding="same")


def shapes():
    return tf.ones((2, 3)) + tf.ones((4,))
