"""Letters to the institution that holds an agreement of a meeting.

Pure, as `processes.notices.texts.letters`.
"""

from __future__ import annotations

from engine.sentences.sentence import say
from processes.notices.texts.letters import Letter, Stationery, Subject


def fulfilled(about: Subject, paper: Stationery) -> Letter:
    """The coordinator has found it fulfilled."""
    return Letter(
        say("Agreement fulfilled: {about}", about=about.name),
        (
            say("The coordinator has checked it. Nothing more has to be done for it."),
            paper.link(about.path),
        ),
    )


def not_yet(about: Subject, paper: Stationery) -> Letter:
    """The coordinator has sent it back, with a new date."""
    return Letter(
        say("Agreement not yet fulfilled: {about}", about=about.name),
        (
            say("The coordinator has written what is missing, and a new deadline."),
            paper.link(about.path),
        ),
    )


def voided(about: Subject, paper: Stationery) -> Letter:
    """The supervisor has agreed that it is void."""
    return Letter(
        say("Agreement void: {about}", about=about.name),
        (say("It does not have to be fulfilled any more."), paper.link(about.path)),
    )


def withdrawn(about: Subject, paper: Stationery) -> Letter:
    """What it was settled about was withdrawn."""
    return Letter(
        say("Agreement withdrawn: {about}", about=about.name),
        (
            say("The follow-up that it was settled about was withdrawn."),
            say("It does not have to be fulfilled any more."),
            paper.link(about.path),
        ),
    )


def void_approved(about: Subject, paper: Stationery) -> Letter:
    """To the coordinator who proposed it."""
    return Letter(
        say("Void, as you proposed: {about}", about=about.name),
        (say("The supervisor agreed that it is void."), paper.link(about.path)),
    )
