"""The product on a filled database that was not opened by it: without models, at a fixed time."""

from __future__ import annotations

from pathlib import Path

from engine import Engine
from engine.cases import NoCases
from engine.clock import GivenClock
from engine.examining import examine
from engine.execution.host import Surroundings, no_case, no_options
from processes.common.notify import Notifier
from processes.letters import Stationery
from processes.service import Options, Service
from tests.processes.people.conftest import NOW, Data


def served(data: Data) -> Service:
    """What acts are given; its clock stands at `NOW`."""
    around = Surroundings(data.database, {}, no_case, no_options, NoCases())
    engine = Engine(data.database, around, GivenClock(lambda: NOW), {}, (), examine)
    options = Options(data_dir=Path(), base_url="http://localhost")
    return Service(engine, options, Notifier(Stationery("", False), str, options.domain))
