"""The view of a case from outside, the same for both engines, so that both get the same acts."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final, NamedTuple, Protocol

TASK: Final = "task"
MESSAGE: Final = "message"
SIGNAL: Final = "signal"
TIMER: Final = "timer"
EVENTS: Final = (MESSAGE, SIGNAL, TIMER)


class Offer(NamedTuple):
    """One thing for which a case waits: a kind, and the id of the element (none for a timer)."""

    kind: str
    element: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.element}".strip()


class Stopped(Exception):
    """The engine cannot continue the case; the text is its own."""


class Side(Protocol):
    """A case in one engine. `begin`, `act` and `wait` raise Stopped."""

    def begin(self, data: Mapping[str, object]) -> None:
        """Start the case with these variables and run it to its first waits."""

    def offers(self) -> Counter[Offer]:
        """The present waits of the case."""

    def act(self, offer: Offer, data: Mapping[str, object]) -> None:
        """Bring the awaited message, signal or answer, with these variables."""

    def wait(self, seconds: float) -> None:
        """Let so much time pass, and do the due work."""

    def passed(self) -> Counter[str]:
        """Ids of the elements completed since the last call, with their number."""

    @property
    def ended(self) -> bool:
        """Whether the case has ended."""

    def data(self) -> dict[str, Any]:
        """The variables of the case."""


def plain(data: Mapping[str, object]) -> dict[str, Any]:
    """Data in the form of JSON; other values as text."""
    found: dict[str, Any] = json.loads(json.dumps(data, default=str, sort_keys=True))
    return found
