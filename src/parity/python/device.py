"""The device on which the comparisons run, made deterministic as far as PyTorch can."""

import torch


def use(name: str) -> None:
    """As src/parity/device.ts does; the environment with cuBLAS's setting is handed on."""
    if name.startswith("cuda"):
        torch.use_deterministic_algorithms(True, warn_only=True)
        torch.backends.cudnn.benchmark = False
