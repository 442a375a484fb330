"""Whom a recommendation's own handlers tell: those left out of a draft, who proposed what lapsed.

Owns these two wrappers of a handler. The letters are written in the step that they tell of.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Protocol

from engine.ports.handlers import Handler, Step
from processes.lifecycle.own_case import own_head
from processes.notices import letters, recipients
from processes.notices.about import of_case
from processes.notices.notify import Notifier
from processes.storage.cases import recipients_change_rows
from processes.storage.people import users


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
        letter = letters.left_out(of_case(head, notifier.paper.addresses))
        for code in sorted(found.left_out):
            for user in recipients.contacts_of(step.connection, code, head.classification):
                notifier.mail(step, user, letter, head)
        return {"institutions": sorted(found.asked)}

    return handler


def telling_of_lapse(notifier: Notifier, end: Handler) -> Handler:
    """The handler that ends a recommendation, and tells who had proposed a change of its
    institutions that nobody decides any more."""

    def handler(step: Step) -> Mapping[str, object] | None:
        answer = end(step)
        head = own_head(step)
        lapsed = recipients_change_rows.lapsed_at(step.connection, head.recommendation_id, step.now)
        by = lapsed.proposed_by if lapsed else None
        user = users.by_username(step.connection, by) if by else None
        if user is not None:
            about = of_case(head, notifier.paper.addresses)
            notifier.mail(step, user, letters.lapsed(about, notifier.paper), head)
        return answer

    return handler
