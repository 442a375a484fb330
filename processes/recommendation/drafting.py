"""The draft of a recommendation as a form holds it: content, deadlines, institutions.

Owns reading it, for registering and for finalising alike, and the counting of a deadline in days.
Writes nothing. Knows neither the order of the work nor the comments.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import Connection

from engine.ports.handlers import Step
from engine.sentences.sentence import Sentence, say
from engine.time.calendar import Calendar
from processes.days.calendars import common_calendar
from processes.lifecycle.form_answers import Answers
from processes.lifecycle.own_case import today_of
from processes.register.vocabulary import (
    CLASSIFICATIONS,
    CYCLES,
    DEADLINE_KINDS,
    PRIORITIES,
    ROLES,
    ROLLUP_RULES,
    InstitutionRole,
)
from processes.rights.scope import cleared
from processes.storage.cases.recommendation_rows import Columns
from processes.storage.people import institutions, users

LONGEST_DEADLINE_DAYS = 3660
"""Ten years: a longer one is a typing error."""


def content(step: Step, form: Answers) -> Columns:
    """Title, basis, priority, classification and cycle."""
    classification = form.choice("classification", CLASSIFICATIONS)
    if wrong := _unreadable(step, classification):
        form.complain("classification", wrong)
    return {
        "title": form.required("title"),
        "expected_outcome": form.text("expected_outcome"),
        "source_meeting": form.text("source_meeting"),
        "source_date": form.day("source_date"),
        "legal_basis": form.text("legal_basis"),
        "rpjmn_reference": form.text("rpjmn_reference"),
        "priority": form.choice("priority", PRIORITIES),
        "classification": classification,
        "cycle": form.choice("cycle", CYCLES),
    }


def _unreadable(step: Step, classification: str) -> Sentence | None:
    """Why a draft cannot be classified so: its author, or everybody who decides on it, could not
    open it any more."""
    author = users.by_username(step.connection, step.by or "")
    if author is not None and not cleared(author, classification):
        return say(
            "This is above your own clearance. Choose a lower classification, or let a colleague "
            "with that clearance write the draft."
        )
    deciding = users.holding_role(step.connection, "supervisor")
    if deciding and not any(cleared(one, classification) for one in deciding):
        return say("Nobody who decides on drafts is cleared for this classification.")
    return None


def deadline(step: Step, form: Answers) -> Columns:
    """The deadline. One in days is counted from today for the draft and anew from the day of issue,
    when the institutions can begin."""
    kind = form.choice("deadline_kind", DEADLINE_KINDS)
    today = today_of(step.connection, step.now)
    days = None if kind == "date" else form.whole("deadline_days", 1, LONGEST_DEADLINE_DAYS)
    if days is None:
        field, day = "deadline_date", form.required_day("deadline_date")
    else:
        field, day = "deadline_days", deadline_from(step, kind, days, today)
    if wrong := wrong_dates(day, None, today).get("deadline"):
        form.complain(field, wrong)
    return {"deadline": day, "deadline_kind": kind, "deadline_days": days}


def comment_deadline(step: Step, form: Answers, deadline: date | None) -> Columns:
    """Until when the institutions may comment on a draft with this deadline."""
    day = form.required_day("comment_deadline")
    today = today_of(step.connection, step.now)
    if wrong := wrong_dates(deadline, day, today).get("comment_deadline"):
        form.complain("comment_deadline", wrong)
    return {"comment_deadline": day}


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


def rollup(form: Answers) -> Columns:
    """When the recommendation is complete."""
    rule = form.choice("rollup_rule", ROLLUP_RULES)
    percent = form.whole("rollup_percent", 1, 100) if rule == "percent" else None
    return {"rollup_rule": rule, "rollup_percent": percent}


def addressed(step: Step, form: Answers) -> dict[str, InstitutionRole]:
    """Institution code -> role. Each exists and has one role; somebody must lead."""
    chosen = {role: form.words(role) for role in ROLES}
    for role, sentence in two_roles(step.connection, chosen).items():
        form.complain(role, sentence)
    roles = {code: role for role in reversed(ROLES) for code in chosen[role]}
    if not chosen["lead"]:
        form.complain("lead", say("Please choose at least one lead institution."))
    known = institutions.known_codes(step.connection, set(roles))
    for code, role in roles.items():
        if code not in known:
            form.complain(role, say("There is no institution {code}.", code=code))
    return {code: role for role in ROLES for code in chosen[role] if roles[code] == role}


def two_roles(
    connection: Connection, chosen: Mapping[InstitutionRole, Sequence[str]]
) -> dict[str, Sentence]:
    """What is wrong with institutions that were given two roles, by the later role."""
    wrong: dict[str, Sentence] = {}
    for number, role in enumerate(ROLES):
        before = {code for earlier in ROLES[:number] for code in chosen.get(earlier, ())}
        twice = [code for code in chosen.get(role, ()) if code in before]
        if twice:
            short = institutions.short_names(connection, twice)
            names = ", ".join(short.get(code, code) for code in twice)
            wrong[role] = say("{name} has been given two roles.", name=names)
    return wrong
