"""Processes that must not outlive their parent, even if it is killed."""

import ctypes
import os
import signal

PR_SET_PDEATHSIG = 1
_prctl = ctypes.CDLL(None).prctl


def end_with_parent(by: int = signal.SIGKILL) -> None:
    """Makes the system end this process with a signal as soon as its parent ends."""
    expected = os.environ.get("TANDEM_PARENT")
    _prctl(PR_SET_PDEATHSIG, by)
    if expected and os.getppid() != int(expected):
        os.kill(os.getpid(), by)


def end_kernel_with(parent: int):
    """The same for a kernel: returns the function to run between fork and exec."""

    def between_fork_and_exec() -> None:
        _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)

    return between_fork_and_exec
