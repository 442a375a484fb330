"""The mails by which people are told of escalations.

Owns the SQL on `mail` and `mail_item` from the side of an escalation. A notice is written in the
step that escalates, for the same case and at the same moment; a digest lists its escalations.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, Protocol
from uuid import UUID

from sqlalchemy import Connection, Select, and_, select, union_all

from processes.register.states import MailState
from processes.storage.tables.notices import escalation, mail, mail_item

LATEST_DIGEST: Final = timedelta(days=60)
"""No digest goes out later than that after what it tells: longer than any series of free days."""


class Escalated(Protocol):
    """What is read of an escalation here."""

    @property
    def id(self) -> UUID: ...
    @property
    def fired(self) -> datetime: ...
    @property
    def told(self) -> list[dict[str, Any]]: ...


@dataclass(frozen=True, slots=True)
class Telling:
    """A mail about an escalation. `digest_day`: of a digest, which tells of others too."""

    escalation_id: UUID
    to_user: str
    state: MailState
    sent_at: datetime | None
    digest_day: date | None


def of(connection: Connection, found: Sequence[Escalated]) -> list[Telling]:
    """The mails about these escalations to those they were for: one question."""
    if not found:
        return []
    whole = union_all(*_notices(found), _digests(found))
    return [Telling(*row) for row in connection.execute(whole)]


def _notices(found: Sequence[Escalated]) -> list[Select[Any]]:
    """By the case, as mails about one are indexed."""
    of_follow_up = and_(
        mail.c.follow_up_id == escalation.c.follow_up_id, escalation.c.follow_up_id.is_not(None)
    )
    of_recommendation = and_(
        mail.c.recommendation_id == escalation.c.recommendation_id,
        mail.c.follow_up_id.is_(None),
        escalation.c.follow_up_id.is_(None),
    )
    of_meeting = and_(
        mail.c.meeting_id == escalation.c.meeting_id, escalation.c.meeting_id.is_not(None)
    )
    return [
        select(escalation.c.id, mail.c.to_user, mail.c.state, mail.c.sent_at, mail.c.digest_day)
        .join(mail, and_(case, mail.c.created_at == escalation.c.fired, mail.c.kind == "notice"))
        .where(escalation.c.id.in_([one.id for one in found]))
        for case in (of_follow_up, of_recommendation, of_meeting)
    ]


def _digests(found: Sequence[Escalated]) -> Select[Any]:
    """By the person and the day, of which there is one digest."""
    first = min(one.fired for one in found).date()
    last = max(one.fired for one in found).date() + LATEST_DIGEST
    people = {str(person["user"]) for one in found for person in one.told}
    return (
        select(
            mail_item.c.escalation_id, mail.c.to_user, mail.c.state, mail.c.sent_at,
            mail.c.digest_day,
        )
        .join(mail, mail.c.id == mail_item.c.mail_id)
        .where(
            mail.c.to_user.in_(people),
            mail.c.digest_day.between(first, last),
            mail_item.c.escalation_id.in_([one.id for one in found]),
        )
    )  # fmt: skip
