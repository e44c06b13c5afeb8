"""What one side of a workload reports; see src/bench/outcome.ts."""

import hashlib
import time


def timed(work) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def digest_of(*tensors) -> str:
    digest = hashlib.sha256()
    for tensor in tensors:
        digest.update(tensor.detach().numpy().tobytes())
    return digest.hexdigest()
