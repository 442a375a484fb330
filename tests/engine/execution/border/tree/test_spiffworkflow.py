"""A case runs only SpiffWorkflow's code in the classes that CONTRIBUTING names."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import FrameType

from tests.engine.execution.border.play import Play, program_of
from tests.engine.models.building import (
    boundary,
    end,
    event,
    exclusive,
    flow,
    multi_instance,
    script_task,
    start,
    sub_process,
    timer,
    user_task,
)

HANDBOOK = Path(__file__).parents[5] / "CONTRIBUTING.md"
EVERYTHING = program_of(
    start(),
    sub_process("each", multi_instance("${people}"), user_task("ask")),
    boundary("late", "each", timer("PT1H"), interrupting=False),
    boundary("told", "each", event("message", "stop")),
    script_task("count", "total = len(people)"),
    exclusive("big", default="small"),
    end(),
    *(flow(a, b) for a, b in (("start", "each"), ("each", "count"), ("count", "big"))),
    flow("big", "each", "total > 2"),
    flow("big", "end", id="small"),
)


def test_a_case_runs_in_the_classes_that_the_handbook_names() -> None:
    called: set[str] = set()

    def note(frame: FrameType, kind: str, _argument: object) -> None:
        code = frame.f_code
        if kind == "call" and "/SpiffWorkflow/" in code.co_filename:
            called.add(code.co_qualname.partition(".")[0])

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        play = Play(EVERYTHING, {"people": ["a", "b"]})
        play.advance(hours=2)
        play.complete("ask")
        play.complete("ask")
    finally:
        sys.setprofile(before)
    assert play.ended
    rows = re.findall(r"^\| (`.*?) \|", HANDBOOK.read_text(), re.MULTILINE)
    assert called == {name for row in rows for name in re.findall(r"`(\w+)`", row)}
