"""A change of institutions on its way through the handlers."""

from __future__ import annotations

from typing import Any

from processes.recommendation.recipients import (
    record_recipients_change,
    record_recipients_decision,
)
from processes.storage.cases import recommendation_rows
from tests.processes.lifecycle.conftest import TOMORROW, ByHand, Desk

LETTER: dict[str, Any] = {"letter_number": "U-7", "reason": "Tugasnya dialihkan."}


def row(institution: str, role: str = "supporting", deadline: Any = TOMORROW) -> dict[str, Any]:
    """An institution to be added, as the form sends it."""
    return {"institution": institution, "role": role, "deadline": str(deadline or "")}


def propose(desk: Desk, *added: dict[str, Any], out: tuple[str, ...] = ()) -> ByHand:
    step = desk.step(**LETTER, added=list(added), taken_out=list(out))
    record_recipients_change(step)
    return step


def decide(desk: Desk, answer: str, by: str | None = "asdep", **more: Any) -> Any:
    step = desk.step(recipients_approved=answer, **more)
    step.by = by
    return record_recipients_decision(step)


def roles(desk: Desk) -> dict[str, str]:
    return dict(recommendation_rows.institutions_of(desk.connection, desk.id))
