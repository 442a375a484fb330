"""What has changed in a draft since the last round of comments: old value and new one.

Owns the comparison. Knows no page; the values are those of the register.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from engine.sentences.sentence import Sentence, say

FIELDS: Final[Mapping[str, Sentence]] = {
    "title": say("Title"),
    "text": say("Recommendation"),
    "expected_outcome": say("Expected outcome"),
    "source_meeting": say("From the meeting"),
    "source_date": say("Date of the meeting"),
    "legal_basis": say("Legal basis"),
    "rpjmn_reference": say("RPJMN reference"),
    "priority": say("Priority"),
    "classification": say("Classification"),
    "deadline": say("Deadline"),
    "cycle": say("Progress reports"),
    "rollup_rule": say("Complete when"),
}
"""The fields that are compared, besides the institutions, in the order of the page."""
WITH: Final[Mapping[str, Sequence[str]]] = {
    "deadline": ("deadline_kind", "deadline_days"),
    "rollup_rule": ("rollup_percent",),
}
"""Fields that say one thing together with another."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A changed field. `before`, `now`: its values by name, with those it says one thing with."""

    name: str
    label: Sentence
    before: Mapping[str, Any]
    now: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RoleChange:
    """An institution with another role than before; None: it was or is not addressed."""

    institution: str
    before: str | None
    now: str | None


@dataclass(frozen=True, slots=True)
class DraftChanges:
    """Everything that has changed. `round`: of comments that the draft is compared with."""

    round: int
    fields: Sequence[FieldChange]
    roles: Sequence[RoleChange]


def compared(round: int, before: Mapping[str, Any], now: Mapping[str, Any]) -> DraftChanges:
    """The changes between two drafts (`draft_rounds.content_of`)."""
    return DraftChanges(
        round,
        [
            FieldChange(name, label, _part(name, before), _part(name, now))
            for name, label in FIELDS.items()
            if _compared(name, before) != _compared(name, now)
        ],
        _roles(before["institutions"], now["institutions"]),
    )


def _part(name: str, draft: Mapping[str, Any]) -> dict[str, Any]:
    return {one: draft.get(one) for one in (name, *WITH.get(name, ()))}


def _compared(name: str, draft: Mapping[str, Any]) -> Mapping[str, Any]:
    """A deadline in days is the same on whatever day it was counted."""
    part = _part(name, draft)
    return part | {"deadline": None} if part.get("deadline_days") else part


def _roles(before: Mapping[str, str], now: Mapping[str, str]) -> list[RoleChange]:
    every = dict.fromkeys((*now, *before))
    return [
        RoleChange(code, before.get(code), now.get(code))
        for code in every
        if before.get(code) != now.get(code)
    ]
