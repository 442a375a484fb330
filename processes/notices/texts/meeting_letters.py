"""The mails of a rakor to the institutions it invites.

Pure, as `processes.notices.texts.letters`. Day, place and reason are said for an ordinary rakor
only, because mail servers are not cleared.
"""

from __future__ import annotations

from datetime import date
from typing import Protocol

from engine.sentences.sentence import Sentence, say
from processes.notices.texts.letters import Letter, Stationery, Subject, Write


class Rakor(Protocol):
    """What a mail says of a rakor."""

    @property
    def held_on(self) -> date | None: ...
    @property
    def hour(self) -> str | None: ...
    @property
    def place(self) -> str | None: ...


def invited(case: Rakor) -> Write:
    """To the contacts: their institution is invited, and says beforehand where it stands."""

    def write(about: Subject, paper: Stationery) -> Letter:
        return Letter(
            say("Invitation to a rakor: {about}", about=about.name),
            (
                say("Your institution is invited to this rakor."),
                *_where(about, case),
                say("Please fill in the position of each of your follow-ups beforehand."),
                paper.link(about.path),
            ),
        )

    return write


def _where(about: Subject, case: Rakor) -> tuple[Sentence, ...]:
    if about.classification != "ordinary":
        return ()
    day = say("Day: {day} {hour}", day=case.held_on, hour=case.hour or "")
    return (day, say("Place: {place}", place=case.place or "-"))


def changed(case: Rakor, day: date | None, reason: str) -> Write:
    """To the contacts of who was invited: the rakor is on another day, or is not held."""

    def write(about: Subject, paper: Stationery) -> Letter:
        open_words = about.classification == "ordinary"
        heading = (
            say("Rakor cancelled: {about}", about=about.name)
            if day is None
            else say("Rakor moved: {about}", about=about.name)
        )
        new = (say("It is held on {day} instead.", day=day),) if day and open_words else ()
        why = (say("Reason: {reason}", reason=reason),) if open_words else ()
        return Letter(heading, (*new, *why, paper.link(about.path)))

    return write


def signed(case: Rakor) -> Write:
    """To the contacts: the minutes can be read."""

    def write(about: Subject, paper: Stationery) -> Letter:
        return Letter(
            say("Minutes signed: {about}", about=about.name),
            (say("The minutes of the rakor are signed."), paper.link(about.path)),
        )

    return write
