"""Whether the stored state of each running case has exactly the waits in its rows.

The only check with the product's own code: no other code can read a state.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from benchmarks.chaos import model
from benchmarks.chaos.evidence import Case
from engine.execution.border import Live, Program
from engine.models.bundle import read_bundle


def disagreements(cases: Sequence[Case]) -> Iterator[str]:
    """Every case whose state and rows differ, in words."""
    program = Program.build(read_bundle({model.FILE: model.file()}), model.KEY)
    for case in cases:
        live = Live.load(program, case.state)
        if live.ended != (case.status == "completed"):
            yield f"case {case.id} is {case.status}, its state says otherwise"
        waiting = live.waiting()
        tasks = {token: (task.row_id, task.element.id) for token, task in waiting.tasks.items()}
        if tasks != case.open_tasks:
            yield f"case {case.id}: tasks of the state {tasks}, of the rows {case.open_tasks}"
        if {token: one.due_at for token, one in waiting.timers.items()} != case.timers:
            yield f"case {case.id}: timers of state and rows differ"
        if set(waiting.externals) != case.externals:
            yield f"case {case.id}: external tasks of state and rows differ"
        if set(waiting.subscriptions) != case.subscriptions:
            yield f"case {case.id}: subscriptions of state and rows differ"
