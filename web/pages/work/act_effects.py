"""What an act upon somebody's task will do, in words: read before it is done.

Owns these sentences, with the names and dates of the one case. `web.pages.work.task_acts` and
`web.pages.work.tasks` draw them on the page that is read before sending.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from engine.models.forms import parse_date
from engine.sentences.sentence import ModelText, Sentence, say
from processes.cases.follow_up.follow_ups import Work
from processes.days.calendars import free_day
from processes.storage.people.users import User
from processes.work.task_page import TaskPage
from processes.work.tasks import CaseDeadlines
from web.forms.echoes import Days, free_sentence
from web.words.i18n import formats


def of_reminder(people: Sequence[User]) -> list[Sentence]:
    """A mail goes out, and nothing else changes."""
    names = ", ".join(user.name for user in people)
    return [
        say("A mail with the deadline and a link to the task goes to {names}.", names=names),
        say("It is kept in the history of the case. The deadline stays."),
    ]


def of_passing_on(found: TaskPage, to: User, holder: str) -> list[Sentence]:
    """Somebody else has the task."""
    task = ModelText(found.task.name)
    return [
        say(
            "The task “{task}” goes from {holder} to {name}.",
            task=task,
            holder=holder,
            name=to.name,
        )
        if holder
        else say("The task “{task}” goes to {name}.", task=task, name=to.name),
        say("Whoever has it now can no longer complete it."),
        say("What was written into the form so far goes along."),
        *(
            [say("Its deadline stays: {day}.", day=formats().long_day(found.due))]
            if found.due
            else []
        ),
    ]


def of_extension(
    found: TaskPage, due: date, around: CaseDeadlines | None, days: Days
) -> Iterator[Sentence]:
    """A deadline moves, the follow-up's along with it or not."""
    task = ModelText(found.task.name)
    new, before = formats().long_day(due), found.due
    if before:
        was = formats().long_day(before)
        yield say(
            "The task “{task}” is due on {day} instead of {before}.", task=task, day=new, before=was
        )
    else:
        yield say("The task “{task}” is due on {day}.", task=task, day=new)
    if free := free_day(days.calendar, due, days.today):
        yield free_sentence(free, formats())
    yield say("Its escalation begins anew; who was told so far stays on record.")
    if around:
        yield from _of_case(around, due)


@dataclass(frozen=True, slots=True)
class Decided:
    """What the answers of a decision do; they are refused elsewhere."""

    effects: Sequence[Sentence]
    wrong: Mapping[str, Sentence] = field(default_factory=dict)


def of_decision(found: Work, answers: Mapping[str, Any]) -> Decided:
    """What a request for a later deadline comes to, as far as it is answered."""
    around = CaseDeadlines(found.case, found.recommendation.deadline)
    new = parse_date(str(answers.get("new_deadline") or ""))
    if answers.get("decision") != "granted" or new is None:
        return Decided(())
    return Decided(list(_of_case(around, new)))


def _of_case(around: CaseDeadlines, due: date) -> Iterator[Sentence]:
    counts, new = around.counts, formats().long_day(due)
    if due <= counts:
        yield say("The deadline of the follow-up stays: {day}.", day=formats().long_day(counts))
        return
    was = formats().long_day(counts)
    yield say("The deadline of the follow-up moves from {before} to {day}.", before=was, day=new)
    if around.recommendation and due > around.recommendation:
        last = formats().long_day(around.recommendation)
        yield say(
            "That is past the deadline of the recommendation, {last}, which its other institutions "
            "keep.",
            last=last,
        )
