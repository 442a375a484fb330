"""What a change of the institutions of a recommendation will do, in words: read before it is
proposed.

Owns these sentences. They say who is asked until when, who is told, and whose work ends.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from engine.sentences.sentence import Sentence, say
from processes.acts.reading import Reading
from processes.days.calendars import calendars_of, free_day
from processes.storage.cases.recommendation_rows import Recommendation
from processes.storage.people import institutions
from web.forms.echoes import free_sentence
from web.words import labels
from web.words.i18n import formats, render


def of_change(at: Reading, case: Recommendation, change: Mapping[str, Any]) -> Iterator[Sentence]:
    """The change, if a supervisor agrees to it."""
    added, taken_out = change.get("added") or [], change.get("taken_out") or []
    codes = {*taken_out, *(row["institution"] for row in added)}
    names = institutions.short_names(at.connection, codes)
    yield say("A supervisor decides; until then everything goes on as before.")
    for row in added:
        yield from _of_added(at, case, row, names)
    for code in taken_out:
        yield say(
            "The follow-up of {institution} is withdrawn: its tasks, deadlines and reminders end, "
            "and its contacts are told by mail.",
            institution=names.get(code, code),
        )


def _of_added(
    at: Reading, case: Recommendation, row: Mapping[str, Any], names: Mapping[str, str]
) -> Iterator[Sentence]:
    code, due = row["institution"], date.fromisoformat(row["deadline"])
    name, day = names.get(code, code), formats().long_day(due)
    yield say(
        "{institution} is asked as: {role}. Its follow-up is due on {day}, and its contacts are "
        "told by mail.",
        institution=name,
        role=render(labels.ROLES[row["role"]]),
        day=day,
    )
    calendar = calendars_of(at.connection, {code})[code]
    if free := free_day(calendar, due, calendar.today(at.now)):
        yield say(
            "{institution}: {warning}", institution=name, warning=free_sentence(free, formats())
        )
    if case.deadline and due > case.deadline:
        yield say(
            "{institution}: {day} is past the deadline of the recommendation, {last}.",
            institution=name,
            day=day,
            last=formats().long_day(case.deadline),
        )
