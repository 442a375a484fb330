"""Letters about what a handler came to: what was decided of a proposal, how a case ended.

Owns the letter behind each word of a `Tiding`. The handlers say what is to be told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final, TypeAlias

from sqlalchemy import Connection

from engine.sentences.sentence import say
from processes.ground.outcomes import Tiding
from processes.notices.recipients import contacts_of
from processes.notices.texts import agreement_letters, letters
from processes.notices.texts.ending_letters import left_out
from processes.notices.texts.letters import Letter, Stationery, Subject
from processes.rights.scope import cleared
from processes.storage.cases import follow_up_rows
from processes.storage.people import users
from processes.storage.people.users import User

GOING_ON: Final = ("not_carried_over", "not_withdrawn")
"""Letters about a follow-up that goes on: each names its deadline."""
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


def deadline(connection: Connection, tiding: Tiding) -> date | None:
    """The deadline that the letter of a tiding names: of a follow-up that goes on."""
    if tiding.word not in GOING_ON or tiding.follow_up_id is None:
        return None
    found = follow_up_rows.find(connection, tiding.follow_up_id)
    return None if found is None else found.rework_deadline or found.deadline


def written(tiding: Tiding, about: Subject, due: date | None, paper: Stationery) -> Letter:
    """The letter of a tiding. `due`: the deadline of the follow-up it is about, if it goes on. A
    reason is free text, so a mail carries it only about a case of the ordinary classification."""
    letter = LETTERS[tiding.word](about, paper)
    if tiding.reason and about.classification == "ordinary":
        letter = letters.with_reason(letter, tiding.reason)
    return letter if due is None else letters.dated(letter, due)


def _not_carried_over(about: Subject, paper: Stationery) -> Letter:
    return Letter(
        say("Left to finish: {about}", about=about.name),
        (
            say("It was to be carried over into the next recommendation, which does not ask it."),
            say("So the follow-up goes on under its old letter. You may withdraw it."),
            paper.link(about.path),
        ),
    )


def _not_withdrawn(about: Subject, paper: Stationery) -> Letter:
    return Letter(
        say("Left to finish: {about}", about=about.name),
        (
            say("It was to be withdrawn, but its process cannot be ended from outside."),
            say("So the follow-up goes on under its old letter until it is finished."),
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


def _withdrawn_late(about: Subject, paper: Stationery) -> Letter:
    return Letter(
        say("Withdrawn after its recommendation: {about}", about=about.name),
        (
            say("It was left to finish when its recommendation ended; it has been withdrawn now."),
            paper.link(about.path),
        ),
    )


def _recipients_approved(about: Subject, paper: Stationery) -> Letter:
    return Letter(
        say("Change of institutions approved: {about}", about=about.name),
        (
            say("The change that you proposed was approved and takes effect now."),
            paper.link(about.path),
        ),
    )


def _recipients_refused(about: Subject, paper: Stationery) -> Letter:
    return Letter(
        say("Change of institutions refused: {about}", about=about.name),
        (
            say("The change that you proposed was refused; the institutions stay as they are."),
            paper.link(about.path),
        ),
    )


def _withdrawal_approved(about: Subject, paper: Stationery) -> Letter:
    return Letter(
        say("Withdrawal approved: {about}", about=about.name),
        (
            say("The withdrawal that you proposed was approved."),
            say("Every institution that is concerned is told."),
            paper.link(about.path),
        ),
    )


def _withdrawal_refused(about: Subject, paper: Stationery) -> Letter:
    return Letter(
        say("Withdrawal refused: {about}", about=about.name),
        (
            say("The withdrawal that you proposed was refused; the recommendation goes on."),
            paper.link(about.path),
        ),
    )


def _not_feasible_approved(about: Subject, paper: Stationery) -> Letter:
    return Letter(
        say("Closed as it cannot be followed up: {about}", about=about.name),
        (
            say("The supervisor agreed that it cannot be followed up, and it is closed now."),
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
    "withdrawn_late": _withdrawn_late,
    "not_withdrawn": _not_withdrawn,
    "recipients_approved": _recipients_approved,
    "recipients_refused": _recipients_refused,
    "withdrawal_approved": _withdrawal_approved,
    "withdrawal_refused": _withdrawal_refused,
    "not_feasible_approved": _not_feasible_approved,
    "left_out": left_out,
    "void_approved": agreement_letters.void_approved,
}
"""Word of a tiding -> its letter."""
