"""An encoder after Vaswani et al. (2017), with a layer of one's own, as Keras' example of a text classifier has it."""
import keras
from keras import layers, ops


class TransformerBlock(layers.Layer):
    def __init__(self, size, heads, hidden, rate=0.1):
        super().__init__()
        self.att = layers.MultiHeadAttention(num_heads=heads, key_dim=size // heads)
        self.ffn = keras.Sequential([layers.Dense(hidden, activation="relu"), layers.Dense(size)])
        self.norm1 = layers.LayerNormalization(epsilon=1e-6)
        self.norm2 = layers.LayerNormalization(epsilon=1e-6)
        self.dropout1 = layers.Dropout(rate)
        self.dropout2 = layers.Dropout(rate)

    def call(self, inputs):
        x = self.norm1(inputs + self.dropout1(self.att(inputs, inputs)))
        return self.norm2(x + self.dropout2(self.ffn(x)))


class TokenAndPosition(layers.Layer):
    def __init__(self, length, vocabulary, size):
        super().__init__()
        self.words = layers.Embedding(vocabulary, size)
        self.places = layers.Embedding(length, size)

    def call(self, x):
        return self.words(x) + self.places(ops.arange(0, ops.shape(x)[-1]))


inputs = keras.Input((12,), dtype="int32")
x = TokenAndPosition(12, 100, 16)(inputs)
x = TransformerBlock(16, 2, 32)(x)
x = layers.GlobalAveragePooling1D()(x)
x = layers.Dropout(0.1)(x)
x = layers.Dense(20, activation="relu")(x)
model = keras.Model(inputs, layers.Dense(3)(x))
optimizer = keras.optimizers.Adam(1e-3)
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
