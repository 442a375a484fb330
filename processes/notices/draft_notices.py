"""Whom a finalisation tells: the institutions that the draft is not addressed to any more.

Owns this wrapper of a handler. The letters are written in the step that they tell of.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Protocol

from engine.ports.handlers import Handler, Step
from processes.lifecycle.own_case import own_head
from processes.notices import recipients
from processes.notices.about import of_case
from processes.notices.notify import Notifier
from processes.notices.texts import ending_letters


class LeadsTo(Protocol):
    """What a finalisation leads to: see `processes.recommendation.finalisation`."""

    @property
    def asked(self) -> Collection[str]: ...
    @property
    def left_out(self) -> Collection[str]: ...


def finalising(notifier: Notifier, record: Callable[[Step], LeadsTo]) -> Handler:
    """The handler that records a finalisation, tells the institutions that it leaves out, and
    returns {"institutions": [code, ...]}: those that comment first."""

    def handler(step: Step) -> dict[str, object]:
        found = record(step)
        head = own_head(step)
        letter = ending_letters.left_out(of_case(head, notifier.paper.addresses))
        for code in sorted(found.left_out):
            for user in recipients.contacts_of(step.connection, code, head.classification):
                notifier.mail(step, user, letter, head)
        return {"institutions": sorted(found.asked)}

    return handler
