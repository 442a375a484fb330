"""The words of the domain as filters and functions of the templates.

Owns only their names there: `web/labels.py` has the tables, `web/words/formatting.py` the written
forms.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Final, Protocol, TypeVar

from flask import Flask, current_app

from engine.records.states import TaskStatus
from engine.time.calendar import Calendar, Timing
from processes.register.groups import Group
from processes.register.report_requests import ReportRequestState
from processes.register.states import (
    ENDED,
    RECOMMENDATION_ENDED,
    DecisionKind,
    Marked,
    RecommendationState,
    Response,
    Stage,
    Treatment,
    VerdictKind,
)
from processes.register.verdicts import UNSEEN, kind_of
from processes.register.vocabulary import CLASSIFICATIONS
from web.forms.echoes import free_words
from web.forms.values import day_first
from web.gate.browsers import browser_words
from web.gate.visitor import visitor
from web.words import labels, people_names
from web.words.formatting import Mark
from web.words.i18n import formats, gettext, language, render
from web.words.institution_names import group_name

T = TypeVar("T")
STATES: Final = (
    RecommendationState,
    Stage,
    Treatment,
    Group,
    Response,
    VerdictKind,
    DecisionKind,
    TaskStatus,
    ReportRequestState,
)
"""What templates ask about, by its members: a misspelled one is undefined, and that is an error."""


class Held(Protocol):
    """The facts of a task that `held_by` reads."""

    @property
    def assignee(self) -> str | None: ...
    @property
    def candidate_groups(self) -> Sequence[str]: ...
    @property
    def institution_name(self) -> str | None: ...


def register(app: Flask) -> None:
    """Make these words available in templates."""
    app.jinja_env.filters.update(
        due=due,
        planned_day=planned_day,
        time_mark=time_mark,
        free_words=lambda free: free_words(free, formats()),
        day_first=lambda day: day_first(day.isoformat()),
        overdue_words=overdue_words,
        last_of=last_of,
        browser_words=browser_words,
        classification_words=lambda value: render(labels.CLASSIFICATIONS[value]),
        highest=highest,
        urgency_words=lambda value: render(labels.URGENCIES[value]),
        priority_words=lambda value: render(labels.PRIORITIES[value]),
        role_words=lambda value: render(labels.ROLES[value]),
        state_mark=state_mark,
        case_mark=lambda case: labels.case_mark(case, language()),
        finding_mark=lambda case: labels.finding_mark(case, language()),
        kind_words=lambda value: render(labels.KINDS[value]),
        reason_words=lambda value: render(labels.REASONS[value]),
        verdict_mark=lambda value: labels.verdict_mark(value, language()),
        coming_words=lambda value: render(labels.COMING[value]),
    )
    app.jinja_env.filters["verdict_kind"] = kind_of
    app.jinja_env.globals.update(held_by=held_by, unseen_mark=unseen_mark)
    app.jinja_env.globals.update({states.__name__: states for states in STATES})
    app.jinja_env.tests["ended"] = lambda state: state in ENDED + RECOMMENDATION_ENDED


def planned_day(text: str | None) -> str:
    """When something is planned for: a date, or the text that earlier forms took."""
    try:
        return formats().day(date.fromisoformat(text or ""))
    except ValueError:
        return text or ""


def highest(codes: Iterable[str | None]) -> str:
    """The classification of a sheet with these on it; empty if none of them has one."""
    known = [code for code in codes if code in CLASSIFICATIONS]
    return max(known, key=CLASSIFICATIONS.index, default="")


def due(due_at: datetime) -> str:
    """The date of a deadline, which ends at 24.00: `Sel, 9 Des 2025`, and not the day after."""
    # In the zone of deadlines, not of the reader: the date is the one in the letter.
    zone = current_app.config["TINDAK_ZONE"]
    day: date = Calendar(zone=zone).due_date_of(due_at)
    return formats().day(day)


def unseen_mark() -> Mark:
    """The mark of a follow-up without any claim or verdict."""
    return labels.verdict_mark(UNSEEN.value, language())


def state_mark(state: Marked) -> Mark:
    """The mark of a state."""
    return labels.mark_of(state, language())


def time_mark(timing: Timing) -> Mark:
    """How an open thing stands to its deadline."""
    return formats().time_mark(timing)


def overdue_words(overdue: int) -> str:
    """The working days by which something was late when a letter about it was drafted."""
    return formats().working_days_left(Timing(overdue, "late"))


def held_by(task: Held) -> str:
    """The holder of a task in a list: the reader, a person, or the people to whom it is offered."""
    person = visitor()
    if task.assignee:
        mine = person is not None and person.user.username == task.assignee
        return gettext("You") if mine else people_names.name_of(task.assignee)
    groups = [group_name(group, task.institution_name or "") for group in task.candidate_groups]
    return ", ".join(groups) or "–"


def last_of(items: Sequence[T]) -> T:
    """The newest of facts in time order."""
    return items[-1]
