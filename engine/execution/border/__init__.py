"""The border to SpiffWorkflow: models run in memory here, and no other package imports the library.

`Program` is a process version ready to run, shared by all instances and threads; `Live` is one
running instance. An act on a `Live` (complete, fire, deliver, ...) takes the `Host` of its step,
does one thing and runs the instance until every token waits. `waiting()` lists what the tokens wait
for, `dump()` gives the bytes to store. No module here reads a clock, a database or the network.

SpiffWorkflow gives the task tree, its states and the scopes of sub-processes. Elements behave as
`engine.models.elements` says, compiled by `engine.language`; the library evaluates no text,
predicts no task and polls no event:

- `tree`: tokens, scopes, variables, and the `port` through which a step is asked for the rest
- `flow`, `events`, `activities`: what each element does; `specs` builds them from the drawing
- `state`: the tree is kept small and stored, and tells what it waits for
- `program` is a version that can run, `live` a case that does
"""

from engine.execution.border.activities.ad_hoc import Choice
from engine.execution.border.events.messages import ANYBODY, UNNAMED
from engine.execution.border.live import Live
from engine.execution.border.program import Program
from engine.execution.border.state.waiting import (
    NOTHING,
    ExternalTask,
    HumanTask,
    Subscription,
    Waiting,
    WaitingTimer,
)
from engine.execution.border.tree.faults import Fault, HandlerFailed, StepLimit
from engine.execution.border.tree.journal import Activities
from engine.execution.border.tree.port import CalledProcess, Host, Signal
from engine.execution.border.tree.values import submitted

__all__ = [
    "ANYBODY",
    "NOTHING",
    "UNNAMED",
    "Activities",
    "CalledProcess",
    "Choice",
    "ExternalTask",
    "Fault",
    "HandlerFailed",
    "Host",
    "HumanTask",
    "Live",
    "Program",
    "Signal",
    "StepLimit",
    "Subscription",
    "Waiting",
    "WaitingTimer",
    "submitted",
]
