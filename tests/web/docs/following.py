"""Following a flow: which functions of the product are called, in which order, by whatever runs.

Owns the tracer and the comparison with what a document says. Must not know any flow.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import CodeType, FrameType
from typing import Final, NamedTuple

from tests.test_docs import ROOT

WINGS: Final = tuple(f"{ROOT / wing}/" for wing in ("engine", "processes", "web"))


class Step(NamedTuple):
    """One function, by its file from the root and its name in it."""

    file: str
    function: str


@dataclass(frozen=True, slots=True)
class Called:
    """What was called, in its order."""

    codes: list[CodeType]

    def __call__(self, frame: FrameType, event: str, _argument: object) -> None:
        if event == "call":
            self.codes.append(frame.f_code)

    @property
    def steps(self) -> list[Step]:
        """The functions of the product among it."""
        ours = (code for code in self.codes if code.co_filename.startswith(WINGS))
        return [Step(os.path.relpath(code.co_filename, ROOT), code.co_qualname) for code in ours]


@contextmanager
def following() -> Iterator[Called]:
    """What is called inside, on this thread and on those that begin meanwhile."""
    called = Called([])
    before = sys.getprofile()
    sys.setprofile(called)
    threading.setprofile(called)
    try:
        yield called
    finally:
        threading.setprofile(before)
        sys.setprofile(before)


def first_missing(told: Sequence[Step], called: Iterable[Step]) -> Step | None:
    """The first step that is not called after those before it; None: all are, in this order."""
    under_way = iter(called)
    return next((step for step in told if step not in under_way), None)
