"""What one side of a workload reports; see src/bench/outcome.ts."""

import hashlib
import time


def timed(work) -> dict:
    start, before = time.perf_counter(), time.process_time()
    work()
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "processor": time.process_time() - before}


def digest_of(*tensors) -> str:
    digest = hashlib.sha256()
    for tensor in tensors:
        digest.update(tensor.detach().numpy().tobytes())
    return digest.hexdigest()
