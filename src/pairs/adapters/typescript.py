"""Programs in TypeScript: a process of Node says what they are made of, and Python makes the same."""

import atexit
import ctypes
import inspect
import json
import os
import signal
import subprocess

import numpy as np
import protocol
from protocol import ProgramError, little

ENDINGS = (".ts", ".mts", ".cts", ".js", ".mjs", ".cjs", ".json")


def written(path):
    """Whether a program is TypeScript, JavaScript, or a layers model of TensorFlow.js."""
    return path.endswith(ENDINGS)


class Node:
    """The process that holds TypeScript programs, one after another."""

    def __init__(self):
        to, answers = os.pipe(), os.pipe()

        def arrange():
            # Both ends are moved away first, since each may stand on 3 or 4 already.
            own, other = os.dup(to[0]), os.dup(answers[1])
            own, other = os.dup2(own, 100), os.dup2(other, 101)
            os.dup2(own, 3)
            os.dup2(other, 4)
            ctypes.CDLL(None).prctl(1, signal.SIGKILL)

        script = os.environ["TANDEM_TYPESCRIPT"]
        self.process = subprocess.Popen(
            [os.environ.get("TANDEM_NODE", "node"), "--no-warnings", script], stdin=subprocess.DEVNULL,
            preexec_fn=arrange, close_fds=False)
        os.close(to[0])
        os.close(answers[1])
        self.requests, self.answers = os.fdopen(to[1], "wb"), os.fdopen(answers[0], "rb")
        atexit.register(self.process.kill)

    def ask(self, what, arrays=(), **content):
        arrays = {name: little(np.asarray(array)) for name, array in dict(arrays).items()}
        listed = [{"name": n, "dtype": a.dtype.name, "shape": a.shape, "bytes": a.nbytes} for n, a in arrays.items()]
        self.requests.write(json.dumps({"do": what, **content, "arrays": listed}).encode() + b"\n")
        for array in arrays.values():
            self.requests.write(array.tobytes())
        self.requests.flush()
        line = self.answers.readline()
        if not line:
            code = self.process.wait()
            raise ProgramError(f"it ended its process ({f'signal {-code}' if code < 0 else f'exit code {code}'})")
        answer = json.loads(line)
        found = {
            e["name"]: np.frombuffer(self.answers.read(e["bytes"]), dtype=e["dtype"]).reshape(e["shape"])
            for e in answer["arrays"]
        }
        if "error" in answer:
            raise ProgramError(answer["error"]["message"], answer["error"].get("place"))
        return answer["result"], found


node = None


def ask(what, arrays=(), **content):
    global node
    if node is None or node.process.poll() is not None:
        node = Node()
    return node.ask(what, arrays, **content)


def load(path, framework):
    path = os.path.abspath(path)
    protocol.program_folder = os.path.dirname(path)
    return ask("load", path=path, framework=framework)


def parameters(kind):
    """What the constructor of a class takes, with that of its base where it hands everything on."""
    known = set()
    for base in kind.__mro__:
        if "__init__" not in vars(base):
            continue
        own = inspect.signature(base.__init__).parameters.values()
        known |= {p.name for p in own}
        if not any(p.kind is p.VAR_KEYWORD for p in own):
            break
    return known


def settings(kind, config):
    """Those of a module's settings that its constructor takes."""
    known = parameters(kind) - {"self", "device", "dtype", "bias", "_freeze"}
    return {name: value for name, value in config.items() if name in known and (name, value) != ("proj_size", 0)}
