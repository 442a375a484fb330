"""The text of a digest: what waits for a decision, the news of tasks, the late work.

Pure, as `processes.notices.texts.letters`. What stands in a digest is `processes.notices.digests`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from engine.sentences.sentence import ModelText, Sentence, say
from processes.notices.texts.letters import Lateness, Letter, Stationery, Subject, lateness


@dataclass(frozen=True, slots=True)
class DigestItem:
    """One escalation in a leader's digest."""

    about: Subject
    late: Lateness
    level: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """The tasks that wait for a leader's decision: the first of them, each as an entry, and how
    many there are."""

    entries: Sequence[Sentence] = ()
    count: int = 0


NOTHING_WAITS: Final = Waiting()


def digest(
    items: Sequence[DigestItem],
    day: date,
    paper: Stationery,
    unsigned: int = 0,
    waiting: Waiting = NOTHING_WAITS,
    news: Sequence[Sentence] = (),
) -> Letter:
    """Once a day: what waits for the reader's decision, the news of tasks (`news`), and then the
    late work and the possible acts, highest level first. `unsigned`: number of reminder letters
    that wait for a signature."""
    return Letter(
        _digest_subject(len(items), day, waiting),
        (
            *_decisions(waiting, paper),
            *_news(news),
            *_escalations(items, paper, unsigned),
        ),
    )


def _digest_subject(late: int, day: date, waiting: Waiting) -> Sentence:
    if waiting.count:
        return say(
            "Digest of {day}: {waiting} to decide, {late} escalations",
            day=day,
            waiting=waiting.count,
            late=late,
        )
    if late:
        return say("Escalations of {day}: {count}", day=day, count=late)
    return say("News of your tasks, {day}", day=day)


def _decisions(waiting: Waiting, paper: Stationery) -> Sequence[Sentence]:
    if not waiting.count:
        return ()
    return (
        say("Waiting for your decision: {count}.", count=waiting.count),
        *waiting.entries,
        paper.link(paper.addresses.decisions()),
    )


def _news(news: Sequence[Sentence]) -> Sequence[Sentence]:
    return (say("News of tasks: {count}.", count=len(news)), *news) if news else ()


def _escalations(
    items: Sequence[DigestItem], paper: Stationery, unsigned: int
) -> Sequence[Sentence]:
    if not items:
        return ()
    letters = say("Reminder letters awaiting signature: {count}.", count=unsigned)
    return (
        say("You can remind, extend or reassign each of them."),
        *((letters,) if unsigned else ()),
        *(_line(item, paper) for item in items),
        paper.link(paper.addresses.escalations()),
    )


def _line(item: DigestItem, paper: Stationery) -> Sentence:
    return say(
        "[{level}] {about}\n{late}\n{link}",
        level=ModelText(item.level),
        about=item.about.name,
        late=lateness(item.late),
        link=paper.link(item.about.path),
    )
