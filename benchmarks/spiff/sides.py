"""What a case looks like from outside, whoever runs it, so that two engines can be led alike."""

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
    """One thing that a case waits for: a kind, and the id of the element (none of a timer)."""

    kind: str
    element: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.element}".strip()


class Stopped(Exception):
    """The engine cannot go on with the case, in its words."""


class Side(Protocol):
    """A case in one engine. `begin`, `act` and `wait` raise Stopped."""

    def begin(self, data: Mapping[str, object]) -> None:
        """Start the case with these variables and run it to its first waits."""

    def offers(self) -> Counter[Offer]:
        """What it waits for now."""

    def act(self, offer: Offer, data: Mapping[str, object]) -> None:
        """Bring the message, signal or answer it waits for, with these variables."""

    def wait(self, seconds: float) -> None:
        """So much time goes by, and what is due then happens."""

    def passed(self) -> Counter[str]:
        """Ids of the elements completed since this was last asked, each as often as it was."""

    @property
    def ended(self) -> bool:
        """Whether nothing is left to do."""

    def data(self) -> dict[str, Any]:
        """The variables of the case."""


def plain(data: Mapping[str, object]) -> dict[str, Any]:
    """Data as JSON holds them; anything else by its text."""
    found: dict[str, Any] = json.loads(json.dumps(data, default=str, sort_keys=True))
    return found
