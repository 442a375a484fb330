"""A recommendation before it is registered: its beginning, the first values of its form, and the
effect of the dates and institutions in it.

Owns the way from a blank form to the process's first task. `processes.recommendation.drafting`
records it; its rules are asked here beforehand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from engine.models.forms import Form, Options
from engine.sentences.errors import Conflict, NotFound
from engine.sentences.sentence import Sentence, say
from engine.time.calendar import Calendar, CountedDay
from processes.acts.acting import Acting, act
from processes.acts.reading import Reading
from processes.cases.recommendation.recommendation_case import Draft
from processes.cases.recommendation.recommendations import begun, readable
from processes.days.calendars import FreeDay, calendars_of, free_day
from processes.lifecycle.options import options_of
from processes.recommendation.drafting import (
    LONGEST_DEADLINE_DAYS,
    counted_from,
    two_roles,
    wrong_dates,
)
from processes.register.states import RecommendationState
from processes.register.vocabulary import OWING_ROLES, ROLES
from processes.rights.access import Scope, may
from processes.storage.cases import recommendation_rows
from processes.storage.cases.recommendation_rows import Recommendation
from processes.storage.people import institutions
from processes.storage.people.institutions import Addressee
from processes.storage.work import task_rows

REGISTER: Final = "register"
"""The first task of a recommendation, and its form."""
WRITING: Final = (REGISTER, "finalise")
"""The tasks in which the text of a draft is written."""
TIME_ORDERED: Final = 7
"""Version of the ids by which lists are ordered."""


def blank_form(at: Reading) -> tuple[Form, Options]:
    """The form of a new recommendation and its choices, from the newest version. Raises `Conflict`
    if that version begins without such a form."""
    may(at.scope, "start_recommendation")
    newest = at.ask.versions("recommendation")[0]
    program = at.ask.program(newest.id)
    first = program.model.elements.get(REGISTER)
    form = program.form_of(first) if first else None
    if form is None:
        raise Conflict(say("The released process does not begin with a form."))
    return form, options_of(at.connection, None, form.option_names())


@act
def begin(act: Acting, id: UUID) -> UUID:
    """Begin a recommendation under an id made beforehand; return the id of its first open task.

    A second call begins nothing. Raises `NotFound` for an id of another kind, `Conflict` if it has
    already passed its first task.
    """
    act.may("start_recommendation")
    if id.version != TIME_ORDERED:
        raise NotFound(say("There is no such thing, or it is not open to you."))
    instance_id = act.engine.new_id()
    recommendation_rows.insert_draft_once(act.connection, id, instance_id, act.by, act.now)
    waiting = task_rows.of_instances(act.connection, [begun(act, id)])
    first = next((one.id for one in waiting if one.element_id == REGISTER), None)
    if first is None:
        raise Conflict(say("This recommendation is registered already."))
    return first


def task_to_edit(connection: Connection, scope: Scope, id: UUID) -> UUID:
    """The open task in which the draft can be changed now. Raises `NotFound`, `Forbidden`, and
    `Conflict` with the reason if there is none."""
    may(scope, "start_recommendation")
    case, _ = readable(connection, scope, id)
    waiting = task_rows.of_instances(connection, [case.instance_id])
    for task in waiting:
        if task.element_id in WRITING:
            return task.id
    raise Conflict(_why_not(case))


def _why_not(case: Recommendation) -> Sentence:
    if case.issued_at is not None:
        return say(
            "Issued on {when}, the recommendation is not changed any more. It can be withdrawn, or "
            "followed by another one after its evaluation.",
            when=case.issued_at,
        )
    if case.status is RecommendationState.WITHDRAWN:
        return say("The draft was withdrawn and is not changed any more.")
    return say(
        "The draft lies with others now. It can be changed again when their comments are in or its "
        "approval is refused."
    )


def prefill(draft: Draft) -> dict[str, Any]:
    """The first values of the form `register`: the present draft, by field key."""
    case, roles = draft.case, draft.institutions
    listed = {role: [code for code, one in roles.items() if one == role] for role in ROLES}
    names = (
        "title", "text", "expected_outcome", "source_meeting", "source_date", "legal_basis",
        "rpjmn_reference", "priority", "classification", "cycle", "rollup_rule", "rollup_percent",
    )  # fmt: skip
    values = {name: _plain(getattr(case, name)) for name in names} | listed
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a form would mean if it were sent now. `deadline`: of a count in days, as it would be
    if the recommendation were issued today; `days`: how it was counted; `others`: short name ->
    deadline of institutions whose own calendar leads to another day; `unserved`: short names of
    those without an active account; `wrong`: what would be refused, by field, `twice`: that of
    institutions with two roles; `free`: a deadline that falls on a free day; `asked`: short names
    of the institutions that are new in the draft `draft_id`, and so comment first."""

    deadline: date | None
    days: Sequence[CountedDay]
    from_today: bool
    others: Mapping[str, date]
    unserved: Sequence[str]
    wrong: Mapping[str, Sentence]
    free: FreeDay | None = None
    twice: Mapping[str, Sentence] = field(default_factory=dict)
    asked: Sequence[str] = ()
    draft_id: UUID | None = None

    @property
    def working_days(self) -> int:
        """The number of working days among the days."""
        return sum(one.number is not None for one in self.days)


def outlook(
    connection: Connection,
    scope: Scope,
    answers: Mapping[str, Any],
    now: datetime,
    draft: Draft | None = None,
) -> Outlook:
    """The outlook for the answers of a register form, as far as they are filled in; `draft`: the
    one that a form of finalising changes."""
    may(scope, "read_institutions")
    owing = {code for role in OWING_ROLES for code in answers.get(role) or ()}
    calendars, known = calendars_of(connection, owing), institutions.addressees(connection, owing)
    calendar = calendars[None]
    today = calendar.today(now)
    counting = _Counting(answers, today)
    deadline = counting.deadline(calendar)
    wrong = wrong_dates(deadline, _day(answers.get("comment_deadline")), today)
    if "deadline" in wrong:
        wrong[counting.field] = wrong.pop("deadline")
    twice = two_roles(connection, {role: answers.get(role) or () for role in ROLES})
    return Outlook(
        deadline=deadline,
        days=_days(calendar, today, deadline),
        from_today=counting.days is not None,
        others=_others(calendars, counting, known, deadline),
        unserved=_unserved(owing, known),
        wrong={**wrong, **twice},
        twice=twice,
        asked=_asked(draft, owing, known) if draft else (),
        draft_id=draft.case.id if draft else None,
        free=free_day(calendar, deadline, today) if deadline else None,
    )


@dataclass(frozen=True, slots=True)
class _Counting:
    """The form's way to determine the deadline."""

    answers: Mapping[str, Any]
    today: date

    @property
    def kind(self) -> str:
        return str(self.answers.get("deadline_kind") or "")

    @property
    def days(self) -> int | None:
        """A number of days that can be counted; None for a date or an unusable value."""
        given = self.answers.get("deadline_days")
        if self.kind not in ("days", "working_days") or not isinstance(given, int):
            return None
        return given if 1 <= given <= LONGEST_DEADLINE_DAYS else None

    @property
    def field(self) -> str:
        return "deadline_date" if self.kind == "date" else "deadline_days"

    def deadline(self, calendar: Calendar) -> date | None:
        if self.days is not None:
            return counted_from(calendar, self.kind, self.days, self.today)
        return _day(self.answers.get("deadline_date")) if self.kind == "date" else None


def _days(calendar: Calendar, today: date, deadline: date | None) -> list[CountedDay]:
    if deadline is None or not 0 < (deadline - today).days <= LONGEST_DEADLINE_DAYS:
        return []
    return calendar.counted_until(today, deadline)


def _asked(draft: Draft, owing: Set[str], known: Sequence[Addressee]) -> list[str]:
    was = {code for code, role in draft.institutions.items() if role in OWING_ROLES}
    return sorted(one.short_name for one in known if one.code in owing - was)


def _unserved(owing: Set[str], known: Sequence[Addressee]) -> list[str]:
    """Short names of institutions without contacts; of an unknown institution its code."""
    unknown = owing - {one.code for one in known}
    return sorted(unknown | {one.short_name for one in known if not one.served})


def _others(
    calendars: Mapping[str | None, Calendar],
    counting: _Counting,
    known: Iterable[Addressee],
    common: date | None,
) -> dict[str, date]:
    if counting.days is None:
        return {}
    own = {one.short_name: counting.deadline(calendars[one.code]) for one in known}
    return {name: day for name, day in sorted(own.items()) if day and day != common}


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None
