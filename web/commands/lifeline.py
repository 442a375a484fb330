"""A process ends with the one that started it, whatever kills that one.

On Linux the kernel sees to it. Elsewhere, and for the moment before, a pipe shows it that only the
other process holds open.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
from multiprocessing.connection import wait
from threading import Thread

PR_SET_PDEATHSIG = 1
"""prctl(2): the signal that a process gets when its parent ends."""


def end_with_parent(lifeline: int) -> None:
    """End this process at once when its parent ends. `lifeline`: the end of a pipe that can be read
    when the parent is gone. Nothing is lost by it: what is not committed is rolled back."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    Thread(target=_end_after, args=(lifeline,), name="lifeline", daemon=True).start()


def end_with_server() -> None:
    """The same for a web process, which the server has started with a pipe of its own."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        end_with_parent(parent.sentinel)


def _end_after(lifeline: int) -> None:
    wait([lifeline])
    os.kill(os.getpid(), signal.SIGKILL)
