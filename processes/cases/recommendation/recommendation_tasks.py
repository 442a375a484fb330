"""The first values of a recommendation's tasks, and the recipients of its issue.

Owns the proposals of forms and the preview of the recipients before anything is sent.
`processes.recommendation.handlers` records the results.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from engine.sentences.sentence import Sentence, say
from processes.cases.carried import Former
from processes.cases.recommendation.recommendation_case import Draft, Running
from processes.cases.recommendation.recommendation_drafts import prefill
from processes.register.vocabulary import OWING_ROLES
from processes.storage.cases import remaining_rows
from processes.storage.cases.recommendation_rows import Recommendation
from processes.storage.people import users

YES_OR_NO = {True: "yes", False: "no", None: None}


def finalising(draft: Draft) -> dict[str, Any]:
    """The first values of the form `finalise`: a row for each comment of this round with a request,
    with its earlier answer if there was one, and the present draft."""
    case = draft.case
    asked = [one for one in draft.comments if one.stance != "agree" and one.round == case.round]
    fields = {name: value for name, value in prefill(draft).items() if name != "text"}
    return {
        "responses": [
            {
                "institution": one.institution,
                "accepted": YES_OR_NO[one.accepted],
                "reason": one.reason or "",
            }
            for one in asked
        ],
        "final_text": draft.text,
        **fields,
        **_deadline(case),
    }


def ending(found: Running) -> dict[str, Any]:
    """The first values of the form `evaluate_overall`: a row for each follow-up that is still open,
    with what was proposed for it before, if that was sent back."""
    newest = found.evaluations[-1].id if found.evaluations else None
    before = {one.follow_up_id: one for one in found.remaining if one.evaluation_id == newest}
    return {
        "remaining": [
            {
                "institution": cell.institution,
                "treatment": before[cell.id].treatment.value if cell.id in before else None,
                "reason": before[cell.id].reason if cell.id in before else "",
            }
            for cell in found.still_open
        ]
    }


def _deadline(case: Recommendation) -> dict[str, Any]:
    if case.deadline_kind == "date" and case.deadline is not None:
        return {"deadline_kind": "date", "deadline_date": case.deadline.isoformat()}
    return {"deadline_kind": case.deadline_kind, "deadline_days": case.deadline_days}


@dataclass(frozen=True, slots=True)
class Recipients:
    """The recipients of a recommendation. `owing`: (short name, role) of those that get a
    follow-up; `informed`: short names of those that get a copy; `unserved`: those of the former
    without contacts; `accepted`: it may be sent all the same. `ending`: follow-ups of the
    recommendations before that end with the issue, carried over into the new ones; `done`: those
    instead of which nothing begins, because they ended meanwhile or cannot be ended."""

    owing: Sequence[tuple[str, str]]
    ending: Sequence[Former]
    done: Sequence[Former]
    informed: Sequence[str]
    unserved: Sequence[str]
    accepted: bool

    @property
    def wrong(self) -> Mapping[str, Sentence]:
        """The refusals, by field."""
        if not self.unserved or self.accepted:
            return {}
        names = ", ".join(self.unserved)
        sentence = say("Nobody would receive it at {names}. Tick to go on.", names=names)
        return {"proceed_without_users": sentence}


def recipients(connection: Connection, draft: Draft, answers: Mapping[str, Any]) -> Recipients:
    """The recipients of a draft that its reader has, with these answers of the form."""
    roles, names = draft.institutions, draft.names
    owing = {code: role for code, role in roles.items() if role in OWING_ROLES}
    nobody = users.institutions_without_contact(connection, set(owing), draft.case.classification)
    before = [one for one in draft.former if one.case.institution in owing]
    deaf = remaining_rows.deaf(connection, [one.case for one in before if one.runs])
    done = [one for one in before if one.ended_meanwhile or one.case.id in deaf]
    for one in done:
        owing.pop(one.case.institution, None)
    return Recipients(
        owing=[(names[code], role) for code, role in owing.items()],
        ending=[one for one in before if one.runs and one.case.institution in owing],
        done=done,
        informed=[names[code] for code, role in roles.items() if role not in OWING_ROLES],
        unserved=sorted(names[code] for code in nobody),
        accepted=answers.get("proceed_without_users") is True,
    )
