"""Work on untrusted files, in a separate process with limits on time and memory.

A parser or a check that holds the interpreter's lock stops every thread of its process; one that
takes all memory ends the process. A worker process does such work instead. The first request starts
it; it answers one request after the other and ends with its owner. If it fails, no other process
fails.
"""

from __future__ import annotations

import math
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from typing import Any, Final

from engine.deployment.examining import Examined, Files, examine
from engine.models.checks import Known
from engine.sentences.errors import Unavailable
from engine.sentences.problems import Problem
from engine.sentences.sentence import say

SECONDS: Final = 10
"""Seconds of processor time for one request: seven times the time of the slowest kind of model
within the bounds (`python -m benchmarks.scaled`)."""
MEGABYTES: Final = 1024
"""Megabytes of address space of the worker."""
PATIENCE_SECONDS: Final = 120
"""Seconds that a caller waits for an answer. More than `SECONDS`, for a busy machine."""
WAITING: Final = 3
"""Requests at one time, the running one included: each waiting request holds a thread of the
pages."""
NICE: Final = 10

TOO_MUCH: Final = Problem(
    "", "", "", 0, "error", "limit",
    say("Checking these files takes more time or memory than a check may."),
    say("Split the model into processes that call each other, and shorten its longest texts."),
)  # fmt: skip


class TooMuch(Exception):
    """The work took more time or memory than it may, and its worker has ended."""


class Apart:
    """The worker process and its line. Threads may share it."""

    def __init__(self, seconds: int = SECONDS, megabytes: int = MEGABYTES) -> None:
        self._limits = (seconds, megabytes)
        self._places = threading.BoundedSemaphore(WAITING)
        self._turn = threading.Lock()
        self._worker: subprocess.Popen[bytes] | None = None
        self._line: Connection | None = None
        self._owner = 0

    def examine(self, files: Files, deployed: Mapping[str, Files], known: Known) -> Examined:
        """`examine`, bounded: what takes too much is one finding. Raises Unavailable while too
        many others wait."""
        try:
            found: Examined = self.call(examine, files, deployed, known)
        except TooMuch:
            return Examined(problems=(TOO_MUCH,))
        return found

    def call(self, function: Callable[..., Any], *given: object) -> Any:
        """Return the result of `function(*given)`: a function of a module, with values that can be
        pickled. Raises TooMuch, RuntimeError with the traceback of the worker, and Unavailable as
        above."""
        with self._place():
            try:
                failed, answer = self._ask(function, given)
            except BaseException:
                # The next request would read an answer that this request leaves unread.
                self._end()
                raise
        if failed:
            raise RuntimeError(answer)
        return answer

    def close(self) -> None:
        """End the worker; the next call starts another."""
        with self._turn:
            self._end()

    @contextmanager
    def _place(self) -> Iterator[None]:
        if not self._places.acquire(blocking=False):
            raise Unavailable(
                say("Other models are being checked. Try again in a minute."),
                retry_after_seconds=60,
            )
        try:
            with self._turn:
                yield
        finally:
            self._places.release()

    def _ask(self, function: Callable[..., Any], given: tuple[object, ...]) -> tuple[bool, Any]:
        if self._owner != os.getpid():
            # Web processes are forked. If two processes share a line, each reads the answers of the
            # other.
            self._line = self._worker = None
        line = self._line or self._start()
        try:
            line.send((function, given))
            if line.poll(PATIENCE_SECONDS):
                answer: tuple[bool, Any] = line.recv()
                return answer
        except (EOFError, OSError) as fallen:
            raise TooMuch from fallen
        raise TooMuch

    def _start(self) -> Connection:
        self._end()
        here, there = socket.socketpair()
        with there:
            limits = ", ".join(map(str, self._limits))
            # `-c` would look for modules in the working directory first, beside foreign files.
            path = f"import sys; sys.path[:] = {sys.path!r}; from {__name__} import serve"
            program = f"{path}; serve({there.fileno()}, {limits})"
            self._worker = subprocess.Popen(
                [sys.executable, "-c", program], stdin=subprocess.DEVNULL, pass_fds=[there.fileno()]
            )
        self._line, self._owner = Connection(here.detach()), os.getpid()
        return self._line

    def _end(self) -> None:
        if self._line is not None:
            self._line.close()
        if self._worker is not None:
            self._worker.kill()
            self._worker.wait()
        self._line = self._worker = None


SHARED: Final = Apart()
"""The worker of this process, shared by all its engines."""


def serve(descriptor: int, seconds: int, megabytes: int) -> None:
    """Run the worker: answer requests until the owner ends or a limit ends the worker."""
    # The worker must not react to the owner's terminal, and pages have priority over it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(NICE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(ValueError, OSError):  # macOS has no limit of this kind
        resource.setrlimit(resource.RLIMIT_AS, (megabytes * 2**20, megabytes * 2**20))
    line = Connection(descriptor)
    with suppress(EOFError, OSError, MemoryError):
        while True:
            function, given = line.recv()
            _bound_time(seconds)
            try:
                answer = (False, function(*given))
            except MemoryError:
                return
            except Exception:  # a defect of ours: the owner logs it
                answer = (True, traceback.format_exc())
            line.send(answer)


def _bound_time(seconds: int) -> None:
    """Limit the processor time to `seconds` from now; then the system ends this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = math.ceil(used.ru_utime + used.ru_stime) + seconds
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (limit, most))
