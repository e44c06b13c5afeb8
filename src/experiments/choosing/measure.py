"""The Python counterpart of measure.ts: `measure.py FRAMEWORK PLAN` starts the framework, trains its
program, makes its mistakes, and prints the measurements."""

import importlib
import json
import re
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "programs"))


def memory(line):
    """A line of /proc/self/status in MB (2²⁰ bytes)."""
    return int(re.search(rf"{line}:\s+(\d+)", Path("/proc/self/status").read_text())[1]) / 1024


def made(mistake):
    try:
        result = mistake()
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}", "loss": None}
    return {"error": None, "loss": getattr(result, "history", {}).get("loss", [None])[0]}


def main(framework, plan):
    program = importlib.import_module(f"{framework}_model")
    import numpy as np

    program.prepare(np.zeros(784, np.float32), np.zeros(1, np.uint8))
    if framework == "tensorflow":
        import tensorflow

        tensorflow.zeros(1)
    start_up = time.time() - plan["started"]
    start_memory = memory("VmRSS")

    def read(name):
        folder = Path(plan["folder"])
        pixels = np.fromfile(folder / f"{name}.images", np.uint8)
        labels = np.fromfile(folder / f"{name}.labels", np.uint8)
        return lambda start, end: program.prepare(
            pixels[784 * start : 784 * end].astype(np.float32) / np.float32(255),
            labels[start:end],
        )

    if framework == "tensorflow":
        import keras

        keras.utils.set_random_seed(plan["seed"])
    else:
        import torch

        torch.manual_seed(plan["seed"])
    model = program.build()
    training = read("training")
    validation = read("validation")(0, plan["validationImages"])
    size = plan["chunkImages"]
    chunks = []
    for chunk in range(plan["chunks"]):
        data = training(chunk * size, (chunk + 1) * size)
        start = time.perf_counter()
        program.train(model, data)
        seconds = time.perf_counter() - start
        chunks.append({"seconds": seconds, "accuracy": program.accuracy(model, validation)})
        if chunks[-1]["accuracy"] >= plan["goal"] and len(chunks) >= plan["leastChunks"]:
            break
    peak_memory = memory("VmHWM")
    found = {}
    if plan["mistakes"]:
        mistakes = importlib.import_module(f"{framework}_mistakes")
        found = {name: made(getattr(mistakes, name)) for name in plan["mistakes"]}
    print(
        json.dumps({
            "startUp": start_up,
            "startMemory": start_memory,
            "peakMemory": peak_memory,
            "chunks": chunks,
            "mistakes": found,
            "processor": time.process_time(),
        })
    )


main(sys.argv[1], json.loads(sys.argv[2]))
