"""A server whose web processes end begins anew; it gives up for a reason that it states."""

from __future__ import annotations

from dataclasses import dataclass, field

import click
import pytest

from web.commands import serve
from web.configuration.settings import Settings


@dataclass
class Servers:
    """What each server that is begun comes to: True, it ends by itself; False, it was told to."""

    ends: list[bool]
    begun: int = 0
    now: float = 0.0
    pause: float = 0.0
    interrupt_signal: bool = field(default=False)

    def serve(self) -> None:
        self.begun += 1
        self.now += self.pause
        if self.ends.pop(0):
            raise SystemExit(1)


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Servers:
    servers = Servers([])
    monkeypatch.setattr(serve, "_server", lambda _: servers)
    monkeypatch.setattr(serve.time, "sleep", lambda _: None)
    monkeypatch.setattr(serve.time, "monotonic", lambda: servers.now)
    return servers


def test_what_ended_once_or_twice_is_begun_again(served: Servers) -> None:
    served.ends = [True, True, False]
    serve._serve_until_told(Settings())
    assert served.begun == 3


def test_what_ends_again_and_again_is_given_up_in_words(served: Servers) -> None:
    served.ends = [True] * 9
    with pytest.raises(click.ClickException, match=r"again and again .* start anew"):
        serve._serve_until_told(Settings())
    assert served.begun == serve.HOPELESS


def test_ends_that_lie_far_apart_are_no_reason(served: Servers) -> None:
    served.ends, served.pause = [True] * 9 + [False], serve.HOPELESS_SECONDS / 2
    serve._serve_until_told(Settings())
    assert served.begun == 10


def test_who_is_told_to_stop_stops_however_its_processes_ended(served: Servers) -> None:
    served.ends, served.interrupt_signal = [True] * 9, True
    with pytest.raises(SystemExit):
        serve._serve_until_told(Settings())
    assert served.begun == 1
