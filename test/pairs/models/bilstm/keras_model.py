"""A text classifier: two bidirectional LSTMs over embedded words."""
import keras
from keras import layers

model = keras.Sequential([
    keras.Input((20,), dtype="int32"),
    layers.Embedding(200, 16),
    layers.Bidirectional(layers.LSTM(12, return_sequences=True)),
    layers.Bidirectional(layers.LSTM(12)),
    layers.Dense(1, activation="sigmoid"),
])
optimizer = keras.optimizers.Adam(1e-3)
loss = "binary_crossentropy"
