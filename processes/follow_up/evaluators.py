"""Who evaluates a report, and who may: a report may be classified above its case.

Owns three rules. A report is classified no higher than its sender and somebody who evaluates may
read. Where not every coordinator may read it, it is given to one who may. Nobody decides on a
report that they may not read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection

from engine.ports.handlers import Step
from engine.sentences.sentence import Sentence, say
from processes.lifecycle.clearance import refuse_above
from processes.lifecycle.form_answers import Answers
from processes.register.vocabulary import CLASSIFICATIONS
from processes.rights.scope import cleared
from processes.storage.cases import recommendation_rows, report_rows
from processes.storage.cases.follow_up_detail import evaluations
from processes.storage.cases.follow_up_rows import FollowUp
from processes.storage.people import users
from processes.storage.tables.reports import Report

ROLE: Final = "coordinator"
"""The role of those who evaluate."""


def check_classification(step: Step, case: FollowUp, form: Answers, wanted: str) -> None:
    """Complain about a classification that sender or evaluators could not read themselves."""
    if _above_case(step.connection, case, wanted):
        check_above(step, form, wanted)


def check_above(step: Step, form: Answers, wanted: str) -> None:
    """The same of a classification above what it is about."""
    if wrong := _unreadable(step, wanted):
        form.complain("classification", wrong)


def _unreadable(step: Step, wanted: str) -> Sentence | None:
    sender = users.by_username(step.connection, step.by or "")
    if sender is not None and not cleared(sender, wanted):
        return say(
            "This is above your own clearance. Choose a lower classification, or let a colleague "
            "with that clearance hand the report in."
        )
    if not any(cleared(one, wanted) for one in users.holding_role(step.connection, ROLE)):
        return say(
            "Nobody who evaluates reports is cleared for this classification. Ask the coordinator "
            "how to hand the report in."
        )
    return None


def chosen(connection: Connection, case: FollowUp, report: Report) -> str | None:
    """The account that evaluates this report: whoever had the one before in hand; else, where not
    every coordinator may read it, one who may. None: any of them."""
    coordinators = users.holding_role(connection, ROLE)
    able = [one.username for one in coordinators if cleared(one, report.classification)]
    if case.evaluator in able:
        return case.evaluator
    if len(able) == len(coordinators) or not _above_case(connection, case, report.classification):
        return None
    return next((name for name in _familiar(connection, case) if name in able), able[0])


def _familiar(connection: Connection, case: FollowUp) -> Iterator[str]:
    """Who knows the case: its evaluators, the last one first, then who registered the
    recommendation."""
    for found in reversed(evaluations(connection, case.id)):
        if found.by is not None:
            yield found.by
    whole = recommendation_rows.find(connection, case.recommendation_id)
    if whole is not None and whole.created_by is not None:
        yield whole.created_by


def refuse_unread(step: Step, case: FollowUp) -> None:
    """Raises `Refusal` if the author of this step may not read the newest report."""
    report = report_rows.standing(step.connection, case.id)
    if report is not None:
        refuse_above(step, report.classification)


def _above_case(connection: Connection, case: FollowUp, classification: str) -> bool:
    """Whether a reader of the case may be unable to read a report of that classification."""
    if classification == CLASSIFICATIONS[0]:
        return False
    whole = recommendation_rows.find(connection, case.recommendation_id)
    lowest = whole.classification if whole else CLASSIFICATIONS[0]
    return CLASSIFICATIONS.index(classification) > CLASSIFICATIONS.index(lowest)
