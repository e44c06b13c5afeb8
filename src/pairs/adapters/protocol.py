"""What the adapters of both frameworks share: the pipe to Tandem, loading a program, sharing masks.

A message is one line of JSON, followed by the bytes of the arrays that its `arrays` lists. Requests
come on descriptor 3 and answers go to 4, so that whatever a program prints can't disturb them.
"""

import ast
import contextlib
import ctypes
import faulthandler
import gc
import importlib.util
import json
import os
import signal
import sys
import traceback

import numpy as np


class ProgramError(Exception):
    """What is wrong with the program itself, in one line; `place` is `file:line` where it is known."""

    def __init__(self, message, place=None):
        super().__init__(message)
        self.place = place


def serve(handlers):
    """Answers requests until the pipe closes."""
    faulthandler.register(signal.SIGUSR1, all_threads=False)
    # What the imports left stays: without it a collection, which Keras asks for at each model, looks at ten times less.
    gc.collect()
    gc.freeze()
    end_with_parent()
    handlers = {"ready": lambda *_: ({}, {}), **handlers}
    requests, answers = os.fdopen(3, "rb"), os.fdopen(4, "wb")
    os.set_inheritable(3, False)
    os.set_inheritable(4, False)
    while line := requests.readline():
        request = json.loads(line)
        given = {
            entry["name"]: np.frombuffer(
                requests.read(entry["bytes"]), dtype=entry["dtype"]
            ).reshape(entry["shape"])
            for entry in request.pop("arrays", [])
        }
        try:
            result, arrays = handlers[request.pop("do")](request, given)
            answer = {"result": result}
        except BaseException as error:  # noqa: BLE001 - a program may raise anything, SystemExit included
            answer, arrays = {"error": described(error)}, {}
        arrays = {name: little(array) for name, array in arrays.items()}
        answer["arrays"] = [
            {"name": name, "dtype": array.dtype.name, "shape": array.shape, "bytes": array.nbytes}
            for name, array in arrays.items()
        ]
        answers.write(json.dumps(answer, default=plain).encode() + b"\n")
        for array in arrays.values():
            answers.write(array.data if array.ndim else array.tobytes())
        answers.flush()


def end_with_parent():
    """A program that never returns must not outlive Tandem."""
    try:
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    except (OSError, AttributeError):
        pass


def little(array):
    """As a float32, float64, int32 or uint8 array in C order."""
    array = np.asarray(array)
    if array.dtype == np.bool_:
        array = array.astype("uint8")
    if array.dtype.kind in "iu" and array.dtype != np.uint8:
        array = array.astype("int32")
    if array.dtype.kind == "f" and array.dtype.itemsize < 4 or array.dtype.name == "bfloat16":
        array = array.astype("float32")
    return np.ascontiguousarray(array) if array.ndim else array


def plain(value):
    """What JSON doesn't know: numbers of NumPy, tuples of sizes, names of everything else."""
    if hasattr(value, "item") and getattr(value, "size", None) == 1:
        return value.item()
    if isinstance(value, (set, frozenset, tuple)):
        return list(value)
    return getattr(value, "__name__", None) or str(value)


def described(error):
    if isinstance(error, ProgramError):
        return {"message": str(error), "place": error.place}
    if isinstance(error, SyntaxError):
        return {"message": f"SyntaxError: {error.msg}", "place": f"{error.filename}:{error.lineno}"}
    if isinstance(error, SystemExit):
        return {"message": f"it calls exit({'' if error.code is None else error.code})", "place": place_of(error)}
    lines = [line for line in str(error).splitlines() if line.strip()]
    text = lines[0] if lines else ""
    return {
        "message": f"{type(error).__name__}: {text}" if text else type(error).__name__,
        "place": place_of(error),
        "trace": "".join(traceback.format_exception(error)),
    }


program_folder = None


def own(filename):
    """Whether a file belongs to the program and not to a package or to these adapters."""
    return (
        program_folder is not None
        and filename.startswith(program_folder + os.sep)
        and "site-packages" not in filename
        and os.path.dirname(filename) != os.path.dirname(__file__)
    )


def place_of(error):
    """The last line of the program itself that an error went through."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{frame.filename}:{frame.lineno}" for frame in frames if own(frame.filename)]
    return places[-1] if places else getattr(error, "blamed", None)


def binding(path, *names):
    """Where a program binds one of the names last, as `file:line`; None where it doesn't."""
    try:
        with open(path) as file:
            tree = ast.parse(file.read())
    except (OSError, SyntaxError, ValueError):
        return None
    lines = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id in names]
    return f"{path}:{max(lines)}" if lines else None


@contextlib.contextmanager
def blaming(*places):
    """What is thrown inside went through no line of the program: it is put down to the first place that is known."""
    try:
        yield
    except Exception as error:
        if getattr(error, "blamed", None) is None:
            error.blamed = next((place for place in places if place), None)
        raise


# The line of a TypeScript program whose call is made again.
place = None


def calling_place():
    """The line of the program that is being run, as `file:line`."""
    if place is not None:
        return place
    frame = sys._getframe(1)
    while frame is not None:
        if own(frame.f_code.co_filename):
            return f"{frame.f_code.co_filename}:{frame.f_lineno}"
        frame = frame.f_back
    return None


def load_program(path):
    """Runs a program as a module and gives it; `data.py` beside it, where there is one, gives data."""
    global program_folder
    path = os.path.abspath(path)
    program_folder = os.path.dirname(path)
    sys.path.insert(0, program_folder)
    sys.argv = [path]
    # Of a program that this process held before.
    sys.modules.pop("data", None)
    module = run_file("tandem_program", path)
    return module, load_data(path)


def load_data(path):
    """`data.py` beside a program; None where there is none."""
    data_path = os.path.join(os.path.dirname(os.path.abspath(path)), "data.py")
    return run_file("data", data_path) if os.path.exists(data_path) else None


def given(*sources):
    """The inputs and targets that a program or its data.py binds; Keras' symbolic tensors are none."""
    return {
        name: getattr(source, name)
        for source in sources
        for name in ("inputs", "targets")
        if source is not None and hasattr(source, name) and "KerasTensor" not in type(getattr(source, name)).__name__
    }


def run_file(name, path):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def distance(a, b):
    """The largest difference as a share of the largest element."""
    a, b = np.asarray(a, "float64"), np.asarray(b, "float64")
    return float(np.abs(a - b).max() / max(np.abs(a).max(), 1e-30)) if a.size else 0.0


def training_of(module):
    """How a program says that it goes through its data."""
    names = {"batch_size": "batchSize", "shuffle": "shuffle", "drop_last": "dropLast", "validation_split": "validationSplit",
             "steps_per_epoch": "stepsPerEpoch"}
    return {own: getattr(module, name) for name, own in names.items() if isinstance(getattr(module, name, None), (bool, int, float))}


def steps_of(plan, count):
    """How many samples are trained on, how many make a batch, and how many batches make an epoch."""
    kept = int(count * (1 - plan.get("validationSplit", 0)))
    size = min(plan.get("batchSize", kept), kept)
    return kept, size, max(1, kept // size if plan.get("dropLast") else -(-kept // size))


# How many steps of a schedule are looked at, and how many epochs.
STEPS, EPOCHS = 10_000, 200


def by_epoch(module):
    """Whether a program says that its scheduler is stepped once in an epoch."""
    interval = getattr(module, "scheduler_interval", "step")
    if interval not in ("step", "epoch"):
        raise ProgramError(f"`scheduler_interval` must be \"step\" or \"epoch\", it is {interval!r}", binding(module.__file__, "scheduler_interval"))
    training = training_of(module)
    if interval == "epoch" and not ("batchSize" in training or "stepsPerEpoch" in training):
        raise ProgramError(
            "`scheduler_interval` is \"epoch\", and nothing says how many steps an epoch has: bind `steps_per_epoch`, or `batch_size`",
            binding(module.__file__, "scheduler_interval"))
    return interval == "epoch"


def epoch_steps(module, plan, count):
    """How many steps an epoch has; what the program says outright comes first."""
    training = training_of(module)
    return int(training.get("stepsPerEpoch") or steps_of(plan or training, count)[2])


def batch_of(plan, count, step):
    """Which samples a step gets, the first being 1; None for all of them. Both frameworks shuffle alike."""
    if not plan:
        return None
    kept, size, each = steps_of(plan, count)
    epoch, at = divmod(step - 1, each)
    order = np.random.default_rng([7, epoch]).permutation(kept) if plan.get("shuffle") else np.arange(kept)
    return order[at * size:(at + 1) * size]


def blocked(mask):
    """A mask of attention, True where a step may not look: `causal`, its rows where they are few, `other`; None where nothing is blocked."""
    if mask.ndim > 2:
        one = mask.reshape(-1, *mask.shape[-2:])
        if (one != one[0]).any():
            return "other"
        mask = one[0]
    if not mask.any():
        return None
    if (mask == np.triu(np.ones(mask.shape, bool), 1)).all():
        return "causal"
    return mask.tolist() if mask.size <= 4096 else "other"


def blocking(way, steps, seen):
    """The mask that `blocked` tells of, for so many steps that look and are seen."""
    if way == "nothing":
        return None
    return np.triu(np.ones((steps, seen), bool), 1) if way == "causal" else np.array(way)


def mask(key, step, shape, rate):
    """Which elements a dropout keeps: the same draw in both frameworks, in PyTorch's layout."""
    seed = [int.from_bytes(key.encode()[-8:], "little"), step]
    return np.random.default_rng(seed).random(shape) >= rate


def refuse_training(name):
    """What stands in the place of a training call while a program is loaded."""

    def refuse(*_, **__):
        raise ProgramError(
            f"it trains when it is imported ({name}). Put that under if __name__ == '__main__':",
            calling_place(),
        )

    return refuse
