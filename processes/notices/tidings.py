"""Letters about what a handler came to besides its own matter, and who gets them.

Owns the letter behind each word of a `Tiding`. The handlers say what is to be told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from sqlalchemy import Connection

from engine.sentences.sentence import say
from processes.ground.outcomes import Tiding
from processes.notices.recipients import contacts_of
from processes.notices.texts.ending_letters import left_out
from processes.notices.texts.letters import Letter, Stationery, Subject
from processes.rights.scope import cleared
from processes.storage.people import users
from processes.storage.people.users import User

Write: TypeAlias = Callable[[Subject, Stationery], Letter]


def recipients(connection: Connection, tiding: Tiding, classification: str) -> list[User]:
    """The contacts of its institution; else the person the tiding names, or everybody with its
    role. Those with the clearance."""
    if tiding.institution is not None:
        return contacts_of(connection, tiding.institution, classification)
    named = users.offered(connection, [tiding.to] if tiding.to else [], (), ())
    found = [user for user in named if cleared(user, classification)]
    if found:
        return found
    holding = users.holding_role(connection, tiding.role)
    return [user for user in holding if cleared(user, classification)]


def _not_carried_over(about: Subject, paper: Stationery) -> Letter:
    return Letter(
        say("Left to finish: {about}", about=about.name),
        (
            say("It was to be carried over into the next recommendation, which does not ask it."),
            say("So the follow-up goes on under its old letter. You may withdraw it."),
            paper.link(about.path),
        ),
    )


def _ended_meanwhile(about: Subject, paper: Stationery) -> Letter:
    return Letter(
        say("Not issued again: {about}", about=about.name),
        (
            say("It was to be carried over, but it had ended when the next one was issued."),
            say("So this institution has no follow-up under the next recommendation."),
            paper.link(about.path),
        ),
    )


def _closed_over_open(about: Subject, paper: Stationery) -> Letter:
    return Letter(
        say("Closed with open follow-ups: {about}", about=about.name),
        (
            say("Its process asked nobody what happens to the follow-ups that are still open."),
            say("They are left to finish. You may withdraw each of them."),
            paper.link(about.path),
        ),
    )


def _withdrawal_lapsed(about: Subject, paper: Stationery) -> Letter:
    return Letter(
        say("Your proposal has lapsed: {about}", about=about.name),
        (
            say("The recommendation was closed before its withdrawal was decided."),
            paper.link(about.path),
        ),
    )


def _change_lapsed(about: Subject, paper: Stationery) -> Letter:
    return Letter(
        say("Your proposal has lapsed: {about}", about=about.name),
        (
            say("The recommendation ended before the change of its institutions was decided."),
            paper.link(about.path),
        ),
    )


def _closed_late(about: Subject, paper: Stationery) -> Letter:
    return Letter(
        say("Closed after its recommendation: {about}", about=about.name),
        (
            say("Its recommendation had ended before; the follow-up has been closed now."),
            paper.link(about.path),
        ),
    )


LETTERS: Final[Mapping[str, Write]] = {
    "not_carried_over": _not_carried_over,
    "ended_meanwhile": _ended_meanwhile,
    "closed_over_open": _closed_over_open,
    "withdrawal_lapsed": _withdrawal_lapsed,
    "change_lapsed": _change_lapsed,
    "closed_late": _closed_late,
    "left_out": left_out,
}
"""Word of a tiding -> its letter."""
