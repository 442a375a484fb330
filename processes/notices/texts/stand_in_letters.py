"""Letters about stand-ins: to whoever stands in, to whose post it is, and to who is left alone.

Pure, as `processes.notices.texts.letters`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.sentences.sentence import Sentence, say
from processes.notices.texts.letters import Letter, Stationery


@dataclass(frozen=True, slots=True)
class Standing:
    """A stand-in in words. `sign`: "plt." or "plh."; `deputy` empty: nobody stands in; `holder`
    empty: the post is vacant."""

    post: Sentence
    sign: Sentence
    deputy: str
    holder: str
    from_day: date
    to_day: date
    letter: str
    reason: str


def named(of: Standing, paper: Stationery) -> Letter:
    """Somebody stands in from a day to a day."""
    facts = {"deputy": of.deputy, "post": of.post, "sign": of.sign}
    days = {"from_day": of.from_day, "to_day": of.to_day}
    return Letter(
        say("Stand-in named: {deputy} as {sign} {post}", **facts),
        (
            say(
                "{deputy} stands in as {sign} {post} from {from_day} to {to_day}, with the rights "
                "of the post. It ends by itself after that day.",
                **facts,
                **days,
            ),
            say("Letter: {letter}. Reason: {reason}", letter=of.letter, reason=of.reason),
            paper.link(paper.addresses.account()),
        ),
    )


def ended(of: Standing, by: str, paper: Stationery) -> Letter:
    """It was ended before its last day."""
    return Letter(
        say("Stand-in ended: {deputy} as {sign} {post}", deputy=of.deputy, sign=of.sign,
            post=of.post),
        (
            say("{by} has ended it before its last day. The rights of the post have ended with it.",
                by=by),
            paper.link(paper.addresses.account()),
        ),
    )  # fmt: skip


def alone(of: Standing, paper: Stationery) -> Letter:
    """Somebody is on leave, and nobody stands in."""
    facts = {"holder": of.holder, "post": of.post, "from_day": of.from_day, "to_day": of.to_day}
    return Letter(
        say("On leave without a stand-in: {holder}", holder=of.holder),
        (
            say(
                "{holder} ({post}) is on leave from {from_day} to {to_day}, and nobody stands in.",
                **facts,
            ),
            say("Letter: {letter}. Reason: {reason}", letter=of.letter, reason=of.reason),
            say("What only this post can do waits until then, unless a stand-in is named."),
        ),
    )
