"""Letters to an institution that owes nothing more, and why: withdrawn, carried over, left out.

Pure, as `processes.notices.texts.letters`.
"""

from __future__ import annotations

from engine.sentences.sentence import say
from processes.notices.texts.letters import Letter, Stationery, Subject


def withdrawn(about: Subject, paper: Stationery) -> Letter:
    """To the contacts: the recommendation was withdrawn; they owe nothing more."""
    return Letter(
        say("Recommendation withdrawn: {about}", about=about.name),
        (say("Nothing more has to be done for it."), paper.link(about.path)),
    )


def draft_withdrawn(about: Subject, paper: Stationery) -> Letter:
    """To the contacts of an institution that a draft was sent to: it is not issued."""
    return Letter(
        say("Draft withdrawn: {about}", about=about.name),
        (
            say("The draft that you were asked to comment on was withdrawn before its issue."),
            say("Nothing more has to be done for it."),
            paper.link(about.path),
        ),
    )


def copy_withdrawn(about: Subject, paper: Stationery) -> Letter:
    """To the contacts of an institution that got a copy: what it was told of holds no more."""
    return Letter(
        say("Recommendation withdrawn: {about}", about=about.name),
        (
            say("Your institution got a copy of it. It was withdrawn."),
            paper.link(about.path),
        ),
    )


def copy_ended(about: Subject, paper: Stationery) -> Letter:
    """To the contacts of an institution that got a copy until now."""
    return Letter(
        say("No copies any more: {about}", about=about.name),
        (
            say("Your institution was taken off the list of copies of this recommendation."),
            paper.link(about.path),
        ),
    )


def not_feasible(about: Subject, paper: Stationery) -> Letter:
    """To the contacts: they owe nothing more, because it cannot be followed up."""
    return Letter(
        say("Closed as it cannot be followed up: {about}", about=about.name),
        (
            say("The supervisor agreed that your follow-up cannot be followed up."),
            say("It is closed; nothing more has to be done for it."),
            paper.link(about.path),
        ),
    )


def withdrawn_alone(about: Subject, paper: Stationery) -> Letter:
    """To the contacts: their own follow-up was withdrawn, that of others may go on."""
    return Letter(
        say("Follow-up withdrawn: {about}", about=about.name),
        (
            say("Your institution has nothing more to do for it. The reason stands on its page."),
            paper.link(about.path),
        ),
    )


def carried_over(about: Subject, paper: Stationery) -> Letter:
    """To the contacts: the work goes on under the next recommendation."""
    return Letter(
        say("Carried over into the next recommendation: {about}", about=about.name),
        (
            say("Nothing more is owed under this letter; the next recommendation takes its place."),
            say("Your plan and your reports stay readable, and the new page leads to them."),
            paper.link(about.path),
        ),
    )


def merged(about: Subject, paper: Stationery) -> Letter:
    """To the contacts of an institution that has a successor, which follows up the same."""
    return Letter(
        say("Carried over into the follow-up of your successor: {about}", about=about.name),
        (
            say("The institution that succeeds yours follows up the same recommendation."),
            say("Your plan and your reports stay readable, and the page leads to its follow-up."),
            paper.link(about.path),
        ),
    )


def taken_out(about: Subject, paper: Stationery) -> Letter:
    """To the contacts: the recommendation goes on without their institution."""
    return Letter(
        say("Your institution was taken out: {about}", about=about.name),
        (
            say("The recommendation goes on without your institution."),
            say("Nothing more has to be done for it."),
            paper.link(about.path),
        ),
    )


def left_out(about: Subject, _paper: Stationery) -> Letter:
    """To contacts whose institution a draft is not addressed to any more: they have commented on
    it, and cannot open it now. So no link stands in it."""
    return Letter(
        say("The draft is not addressed to your institution any more: {about}", about=about.name),
        (
            say("The coordinator has changed the draft after the comments."),
            say("Nothing more has to be done for it."),
        ),
    )
