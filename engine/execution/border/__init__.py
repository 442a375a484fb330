"""The border to SpiffWorkflow: models run in memory here, and nowhere else is the library known.

`Program` is a process version ready to run, shared by all instances and threads; `Live` is one
running instance. An act on a `Live` (complete, fire, deliver, ...) takes the `Host` of its step,
does one thing and runs on until every token waits; `waiting()` says for what, `dump()` gives the
bytes to store. Nothing here reads a clock, a database or the network.

SpiffWorkflow gives the task tree, its states and the scopes of sub-processes. Elements behave as
`engine.models.elements` says, compiled by `engine.language`; no text is evaluated by the library,
nothing is predicted, nothing polled:

- `kernel` tokens and scopes; `node` arriving, leaving, flows; `beginning` and `scopes` where
  branches begin and end
- `activities`, `services`, `ad_hoc`, `events`, `gateways`, `loops`, `calls`: what each does;
  `specs` builds them
- `people` human tasks, `timers`, `ladder`, `deadlines`, `decisions`, `expressions`: what they ask
- `compaction` keeps the tree small, `codec` stores it, `waiting` and `journal` tell what is in it
"""

from engine.execution.border.ad_hoc import Choice
from engine.execution.border.faults import Fault, HandlerFailed, StepLimit
from engine.execution.border.host import CalledProcess, Host, Signal
from engine.execution.border.journal import Activities
from engine.execution.border.live import Live
from engine.execution.border.messages import ANYBODY, UNNAMED
from engine.execution.border.program import Program
from engine.execution.border.values import submitted
from engine.execution.border.waiting import (
    NOTHING,
    ExternalTask,
    HumanTask,
    Subscription,
    Waiting,
    WaitingTimer,
)

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
