"""The rounds of a follow-up: a report that is sent back begins the next one.

Owns the round of a claim. A claim stays as the institution made it, with its own date, but it does
not count for a later round.
"""

from __future__ import annotations

from datetime import datetime

from processes.register.verdicts import kind_of


def sent_back(verdict: str | None) -> bool:
    """Whether the institution works on after this verdict."""
    kind = kind_of(verdict)
    return kind is not None and kind.sends_back


def of_claim(
    round: int, claimed_at: datetime | None, verdict: str | None, verdict_at: datetime | None
) -> int:
    """The round of the institution's last claim; `round`: the present one.

    Without a claim it is the present round.
    """
    if claimed_at is None or verdict_at is None or not sent_back(verdict):
        return round
    return round if claimed_at > verdict_at else round - 1
