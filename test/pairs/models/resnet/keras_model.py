"""A residual network after He et al. (2015), arranged as keras.applications does it, at small size."""
import keras
from keras import layers


def block(x, filters, stride=1, conv_shortcut=True):
    if conv_shortcut:
        shortcut = layers.Conv2D(4 * filters, 1, strides=stride)(x)
        shortcut = layers.BatchNormalization(axis=3, epsilon=1.001e-5)(shortcut)
    else:
        shortcut = x
    x = layers.Conv2D(filters, 1, strides=stride)(x)
    x = layers.BatchNormalization(axis=3, epsilon=1.001e-5)(x)
    x = layers.Activation("relu")(x)
    x = layers.Conv2D(filters, 3, padding="same")(x)
    x = layers.BatchNormalization(axis=3, epsilon=1.001e-5)(x)
    x = layers.Activation("relu")(x)
    x = layers.Conv2D(4 * filters, 1)(x)
    x = layers.BatchNormalization(axis=3, epsilon=1.001e-5)(x)
    x = layers.Add()([shortcut, x])
    return layers.Activation("relu")(x)


def stack(x, filters, blocks, stride):
    x = block(x, filters, stride=stride)
    for _ in range(blocks - 1):
        x = block(x, filters, conv_shortcut=False)
    return x


inputs = keras.Input((32, 32, 3))
x = layers.ZeroPadding2D(((3, 3), (3, 3)))(inputs)
x = layers.Conv2D(8, 7, strides=2)(x)
x = layers.BatchNormalization(axis=3, epsilon=1.001e-5)(x)
x = layers.Activation("relu")(x)
x = layers.ZeroPadding2D(((1, 1), (1, 1)))(x)
x = layers.MaxPooling2D(3, strides=2)(x)
x = stack(x, 4, 2, 1)
x = stack(x, 8, 2, 2)
x = layers.GlobalAveragePooling2D()(x)
model = keras.Model(inputs, layers.Dense(10, activation="softmax")(x))
optimizer = keras.optimizers.SGD(0.01, momentum=0.9)
loss = keras.losses.SparseCategoricalCrossentropy()
