"""Answers programs' calls in forks of one process in which the frameworks are loaded already.

Called as `python-server.py <folder> <module>…`. A call is a line in the folder's pipe `calls`: a folder with `call.json`, which has
the arguments after `python` and the folder to run in, and with `input`. The output goes to `out` and `err` there, the exit code, last,
to `code`.
After the import the only other threads are OpenBLAS's, which it starts again in a fork by itself.
"""

import atexit
import ctypes
import importlib
import json
import os
import runpy
import shutil
import signal
import sys
import threading
import traceback
import types


def run(args, cwd):
    os.chdir(cwd)
    if args[0] == "-c":
        sys.argv, sys.path[0] = ["-c", *args[2:]], ""
        main = sys.modules["__main__"] = types.ModuleType("__main__")
        exec(compile(args[1], "<string>", "exec"), main.__dict__)
    else:
        sys.argv, sys.path[0] = args, os.path.dirname(args[0])
        runpy.run_path(args[0], run_name="__main__")


def answer(folder):
    """In a fork of its own: what Python would do with these arguments, to the end."""
    end_with_parent(signal.SIGKILL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    for name, flags, descriptor in [("input", os.O_RDONLY, 0), ("out", os.O_WRONLY | os.O_CREAT, 1), ("err", os.O_WRONLY | os.O_CREAT, 2)]:
        os.dup2(os.open(f"{folder}/{name}", flags), descriptor)
    with open(f"{folder}/call.json", encoding="utf-8") as file:
        end_with(exit_code_of(json.load(file)))


def exit_code_of(call):
    try:
        run(**call)
        return 0
    except SystemExit as error:
        if error.code is None or isinstance(error.code, int):
            return error.code or 0
        print(error.code, file=sys.stderr)
        return 1
    except BaseException:
        traceback.print_exc()
        return 1


def end_with(code):
    """Ends without taking the frameworks' modules apart, which takes most of a second."""
    threading._shutdown()
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def end_with_parent(by):
    ctypes.CDLL(None).prctl(1, by)


def end(*_):
    shutil.rmtree(sys.argv[1], ignore_errors=True)
    os._exit(0)


signal.signal(signal.SIGTERM, end)
end_with_parent(signal.SIGTERM)
if os.getppid() != int(sys.argv[1].rpartition("-")[2]):
    end()
for module in sys.argv[2:]:
    importlib.import_module(module)
# Open for writing as well, so that it never ends.
with os.fdopen(os.open(f"{sys.argv[1]}/calls", os.O_RDWR), encoding="utf-8", buffering=1) as calls:
    while folder := calls.readline().rstrip("\n"):
        child = os.fork()
        if child == 0:
            answer(folder)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        with open(f"{folder}/code.tmp", "w") as file:
            file.write(str(code))
        os.rename(f"{folder}/code.tmp", f"{folder}/code")
