"""What an act would be refused for, found out before anything is sent.

Owns the rehearsal: the act is done as it would be, with everything its rights, model and handlers
say, in a transaction that is taken back. So a check says neither more nor less than sending.
"""

from __future__ import annotations

from typing import ParamSpec, TypeVar

from processes.acts.acting import Acting, Door
from processes.acts.service import Service
from processes.rights.access import Scope

P = ParamSpec("P")
T = TypeVar("T")


def rehearse(
    service: Service, scope: Scope, act: Door[P, T], *args: P.args, **kwargs: P.kwargs
) -> None:
    """Return if the act could be done. Raises as it does. What fails behind a task is no reason: it
    would be received and repaired."""
    service.engine.rehearse(
        lambda engine: act.within(Acting(service, engine, scope), *args, **kwargs)
    )
