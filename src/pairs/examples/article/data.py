"""Pictures of 28×28 pixels from 0 to 255, and their labels: what both halves of the article begin with."""
import numpy as np

rng = np.random.default_rng(0)
inputs = rng.integers(0, 256, (64, 28, 28, 1)).astype("float32")
labels = rng.integers(0, 10, 64)
