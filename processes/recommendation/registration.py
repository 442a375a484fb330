"""Registering a recommendation: its content, its deadlines, its institutions.

Owns the record of the task `register`, and the counting of a deadline in days. As in
`processes.recommendation.handlers`: rows of the instance's own case only.
"""

from __future__ import annotations

from datetime import date, timedelta

from engine.ports.handlers import Step
from engine.sentences.sentence import Sentence, say
from engine.time.calendar import Calendar
from processes.days.calendars import common_calendar
from processes.lifecycle.form_answers import Answers
from processes.lifecycle.numbers import Series, next_number
from processes.lifecycle.own_case import own_recommendation, today_of, year_of
from processes.register.states import RecommendationDeed
from processes.register.vocabulary import (
    CLASSIFICATIONS,
    CYCLES,
    DEADLINE_KINDS,
    OWING_ROLES,
    PRIORITIES,
    ROLES,
    ROLLUP_RULES,
    InstitutionRole,
)
from processes.storage.cases import recommendation_rows
from processes.storage.cases.recommendation_rows import Columns
from processes.storage.people import institutions

LONGEST_DEADLINE_DAYS = 3660
"""Ten years: a longer one is a typing error."""


def record_registration(step: Step) -> dict[str, object]:
    """The draft with its deadlines and institutions; it gets its number here.

    Returns {"institutions": [code, ...]}: the institutions that owe a follow-up, and so comment on
    the draft.
    """
    form = Answers(step.answers)
    columns: Columns = {**_content(form), **_deadlines(step, form), **_rollup(form)}
    roles = _addressed(step, form)
    _check_known(step, form, roles)
    form.finish()
    case = own_recommendation(step)
    columns["number"] = case.number or next_number(step, Series.RECOMMENDATION, year_of(step))
    columns["registered_at"] = case.registered_at or step.now
    recommendation_rows.move(
        step.connection, case, RecommendationDeed.REGISTER, step.now, **columns
    )
    recommendation_rows.replace_institutions(step.connection, case.id, roles)
    return {"institutions": [code for code, role in roles.items() if role in OWING_ROLES]}


def _content(form: Answers) -> Columns:
    return {
        "title": form.required("title"),
        "text": form.required("text"),
        "expected_outcome": form.text("expected_outcome"),
        "source_meeting": form.text("source_meeting"),
        "source_date": form.day("source_date"),
        "legal_basis": form.text("legal_basis"),
        "rpjmn_reference": form.text("rpjmn_reference"),
        "priority": form.choice("priority", PRIORITIES),
        "classification": form.choice("classification", CLASSIFICATIONS),
        "cycle": form.choice("cycle", CYCLES),
    }


def _deadlines(step: Step, form: Answers) -> Columns:
    """Deadline and comment deadline. One in days is counted from today for the draft and anew
    from the day of issue, when the institutions can begin."""
    kind = form.choice("deadline_kind", DEADLINE_KINDS)
    today = today_of(step.connection, step.now)
    days = None if kind == "date" else form.whole("deadline_days", 1, LONGEST_DEADLINE_DAYS)
    if days is None:
        field, deadline = "deadline_date", form.required_day("deadline_date")
    else:
        field, deadline = "deadline_days", deadline_from(step, kind, days, today)
    comments = form.required_day("comment_deadline")
    wrong = wrong_dates(deadline, comments, today)
    for name, sentence in wrong.items():
        form.complain(field if name == "deadline" else name, sentence)
    return {
        "deadline": deadline,
        "deadline_kind": kind,
        "deadline_days": days,
        "comment_deadline": comments,
    }


def deadline_from(step: Step, kind: str, days: int, day: date) -> date:
    """`days` days or working days (of the common calendar) after `day`."""
    return counted_from(common_calendar(step.connection), kind, days, day)


def counted_from(calendar: Calendar, kind: str, days: int, day: date) -> date:
    """The deadline of this kind, `days` days or working days after `day`."""
    return day + timedelta(days=days) if kind == "days" else calendar.add(day, days)


def wrong_dates(deadline: date | None, comments: date | None, today: date) -> dict[str, Sentence]:
    """The impossible dates: by `deadline` and `comment_deadline`."""
    wrong = {
        name: say("This date must lie in the future.")
        for name, day in (("deadline", deadline), ("comment_deadline", comments))
        if day is not None and day <= today
    }
    if comments and deadline and comments > deadline:
        late = say("Comments must be due before the recommendation is.")
        wrong.setdefault("comment_deadline", late)
    return wrong


def _rollup(form: Answers) -> Columns:
    rule = form.choice("rollup_rule", ROLLUP_RULES)
    percent = form.whole("rollup_percent", 1, 100) if rule == "percent" else None
    return {"rollup_rule": rule, "rollup_percent": percent}


def _addressed(step: Step, form: Answers) -> dict[str, InstitutionRole]:
    """Institution code -> role. Each has one role; somebody must lead."""
    roles: dict[str, InstitutionRole] = {}
    for role in ROLES:
        for code in form.words(role):
            if code in roles:
                name = institutions.short_names(step.connection, [code]).get(code, code)
                form.complain(role, say("{name} has been given two roles.", name=name))
            roles.setdefault(code, role)
    if "lead" not in roles.values():
        form.complain("lead", say("Please choose at least one lead institution."))
    return roles


def _check_known(step: Step, form: Answers, roles: dict[str, InstitutionRole]) -> None:
    known = institutions.known_codes(step.connection, set(roles))
    for code, role in roles.items():
        if code not in known:
            form.complain(role, say("There is no institution {code}.", code=code))
