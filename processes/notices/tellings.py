"""Who was told of an escalation, and when: what became of the mail to each of them.

Owns the joining of whom an escalation was for with the mails of the outbox. To write a mail is not
to have told anybody: told is who was sent one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from engine.time.calendar import Calendar
from processes.days.calendars import common_calendar
from processes.notices.digests import DIGEST_AT
from processes.register.states import MailState
from processes.storage.notices import tellings
from processes.storage.notices.tellings import Escalated, Telling


@dataclass(frozen=True, slots=True)
class Told:
    """One person an escalation is for. `state`: of the mail to them, None where there is none;
    `at`: when it was sent or, of a digest that waits, when it goes out."""

    name: str
    state: MailState | None
    at: datetime | None


def of(
    connection: Connection, found: Sequence[Escalated], common: Calendar | None = None
) -> Mapping[UUID, Sequence[Told]]:
    """Escalation -> those it is for, in the order they were named. `common`: the common calendar,
    for a caller that has read it."""
    mails = {(one.escalation_id, one.to_user): one for one in tellings.of(connection, found)}
    waits = any(map(_waits, mails.values()))
    calendar = (common or common_calendar(connection)) if waits else None
    return {
        one.id: [
            _told(str(person["name"]), mails.get((one.id, str(person["user"]))), calendar)
            for person in one.told
        ]
        for one in found
    }


def _waits(mail: Telling) -> bool:
    return mail.state is MailState.QUEUED and mail.digest_day is not None


def _told(name: str, mail: Telling | None, calendar: Calendar | None) -> Told:
    if mail is None:
        return Told(name, None, None)
    if calendar is not None and mail.digest_day is not None and _waits(mail):
        return Told(name, mail.state, calendar.moment(mail.digest_day, DIGEST_AT))
    return Told(name, mail.state, mail.sent_at)
