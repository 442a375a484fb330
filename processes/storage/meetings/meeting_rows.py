"""One rakor as a value: its row, what it covers, whom it invites, how it moved.

Owns reading and changing these rows; each change of state or day leaves a dated row. Knows neither
readers nor rules.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update
from uuid_utils.compat import uuid7

from processes.register.states import ENDED, MeetingDeed, MeetingState, meeting_moved
from processes.register.vocabulary import CLASSIFICATIONS, Attendance, Classification
from processes.storage.facts import Facts
from processes.storage.tables.follow_ups import RUNS, follow_up
from processes.storage.tables.meetings import (
    meeting,
    meeting_change,
    meeting_institution,
    meeting_past,
    meeting_recommendation,
)
from processes.storage.tables.people import institution
from processes.storage.tables.recommendations import recommendation


@dataclass(frozen=True, slots=True)
class Meeting:
    """The columns of `meeting`. `instance_id` None: it was recorded in the case of its one
    recommendation; `hour`: as the letter says it; `guests`: one a line."""

    id: UUID
    instance_id: UUID | None
    number: str | None
    state: MeetingState
    title: str
    classification: Classification
    held_on: date | None
    hour: str | None
    place: str | None
    chair: str | None
    agenda: str | None
    guests: str | None
    letter_number: str | None
    previous_id: UUID | None
    created_at: datetime
    created_by: str | None
    invited_at: datetime | None
    held_at: datetime | None
    attendance: str | None
    minutes: str | None
    press_statement: str | None
    minutes_at: datetime | None
    signed_at: datetime | None
    signed_by: str | None
    invitation: str | None = None
    agreed_in_words: Sequence[Mapping[str, str | None]] | None = None


class Columns(TypedDict, total=False):
    """The columns of a rakor that may change besides its state."""

    number: str
    title: str
    held_on: date
    hour: str | None
    place: str
    chair: str
    agenda: str | None
    guests: str | None
    letter_number: str | None
    previous_id: UUID | None
    invited_at: datetime
    held_at: datetime
    attendance: str
    minutes: str
    press_statement: str | None
    minutes_at: datetime
    signed_at: datetime
    signed_by: str | None


COLUMNS = [meeting.c[name] for name in Meeting.__slots__]


def find(connection: Connection, id: UUID) -> Meeting | None:
    """The rakor with this id."""
    return _one(connection, meeting.c.id == id)


def of_instance(connection: Connection, instance_id: UUID) -> Meeting | None:
    """The rakor that this instance owns."""
    return _one(connection, meeting.c.instance_id == instance_id)


def last_held(connection: Connection, but: UUID) -> UUID | None:
    """The rakor held last, besides this one; none that one recommendation held for itself."""
    found: UUID | None = connection.scalar(
        select(meeting.c.id)
        .where(
            meeting.c.held_at.is_not(None),
            meeting.c.id != but,
            meeting.c.state != MeetingState.RECORDED,
        )
        .order_by(meeting.c.held_on.desc(), meeting.c.id.desc())
        .limit(1)
    )
    return found


def _one(connection: Connection, clause: ColumnElement[bool]) -> Meeting | None:
    row = connection.execute(select(*COLUMNS).where(clause)).one_or_none()
    return None if row is None else Meeting(*row)


def insert_new(connection: Connection, id: UUID, instance_id: UUID, by: str, now: datetime) -> None:
    """Insert a rakor whose process runs (or will run) as `instance_id`."""
    row = {
        "id": id, "instance_id": instance_id, "state": MeetingState.PREPARE, "title": "",
        "classification": CLASSIFICATIONS[0], "created_at": now, "created_by": by,
    }  # fmt: skip
    connection.execute(insert(meeting), row)
    _note(connection, id, now)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A rakor whose minutes are written in the case of its one recommendation."""

    number: str
    title: str
    held_on: date
    place: str | None
    chair: str
    invitation: str | None
    attendance: str | None
    minutes: str
    agreed_in_words: Sequence[Mapping[str, str | None]]


def insert_recorded(
    connection: Connection,
    held: Recorded,
    recommendation_id: UUID,
    codes: Collection[str],
    by: str | None,
    now: datetime,
) -> None:
    """Insert a rakor that was held over one recommendation, which these institutions read."""
    id = uuid7()
    row = {name: getattr(held, name) for name in Recorded.__slots__}
    row |= {
        "id": id, "state": MeetingState.RECORDED, "classification": CLASSIFICATIONS[0],
        "created_at": now, "created_by": by, "held_at": now, "minutes_at": now,
    }  # fmt: skip
    connection.execute(insert(meeting), row)
    cover(connection, id, [recommendation_id])
    invite(connection, id, codes)
    table = meeting_institution
    connection.execute(update(table).where(table.c.meeting_id == id).values(sent_at=now))
    _note(connection, id, now)


def move(
    connection: Connection,
    case: Meeting,
    deed: MeetingDeed,
    now: datetime,
    **columns: Unpack[Columns],
) -> None:
    """Move a rakor to the target state of a deed, and set other columns. Raises `Refusal` for an
    impossible move."""
    to = meeting_moved(case.state, deed)
    connection.execute(update(meeting).where(meeting.c.id == case.id).values(state=to, **columns))
    _note(connection, case.id, now)


def change(connection: Connection, id: UUID, now: datetime, **columns: Unpack[Columns]) -> None:
    """Change columns other than the state."""
    connection.execute(update(meeting).where(meeting.c.id == id).values(**columns))
    _note(connection, id, now)


def _note(connection: Connection, id: UUID, now: datetime) -> None:
    """Keep the state and the day from now on. Of two changes at one moment the last counts."""
    present = connection.execute(
        select(meeting.c.state, meeting.c.held_on).where(meeting.c.id == id)
    ).one()
    newest = (meeting_past.c.meeting_id == id) & meeting_past.c.valid_to.is_(None)
    before = connection.execute(
        select(meeting_past.c.state, meeting_past.c.held_on, meeting_past.c.valid_from).where(
            newest
        )
    ).one_or_none()
    values: dict[str, Any] = {"state": present.state, "held_on": present.held_on}
    if before is not None and tuple(before[:2]) == tuple(present):
        return
    if before is not None and now <= before.valid_from:
        connection.execute(update(meeting_past).where(newest).values(**values))
        return
    connection.execute(update(meeting_past).where(newest).values(valid_to=now))
    connection.execute(insert(meeting_past).values(meeting_id=id, valid_from=now, **values))


# --- what it covers, and whom that invites -------------------------------------------------------


def cover(connection: Connection, id: UUID, recommendations: Collection[UUID]) -> None:
    """Let a rakor cover exactly these; it bears the highest of their classifications from now
    on."""
    table = meeting_recommendation
    connection.execute(delete(table).where(table.c.meeting_id == id))
    rows = [{"meeting_id": id, "recommendation_id": one} for one in sorted(set(recommendations))]
    if rows:
        connection.execute(insert(table), rows)
    classify(connection, id)


def classify(connection: Connection, id: UUID) -> None:
    """Let a rakor bear the highest classification of what it covers now."""
    found = connection.execute(
        select(recommendation.c.classification)
        .join(
            meeting_recommendation,
            meeting_recommendation.c.recommendation_id == recommendation.c.id,
        )
        .where(meeting_recommendation.c.meeting_id == id)
        .distinct()
    ).scalars()
    highest = max(found, key=CLASSIFICATIONS.index, default=CLASSIFICATIONS[0])
    connection.execute(update(meeting).where(meeting.c.id == id).values(classification=highest))


def covered(connection: Connection, id: UUID) -> list[UUID]:
    """The recommendations that a rakor covers."""
    table = meeting_recommendation
    found = connection.execute(select(table.c.recommendation_id).where(table.c.meeting_id == id))
    return list(found.scalars())


def open_follow_ups(connection: Connection, id: UUID) -> Mapping[str, int]:
    """Institution -> how many of its follow-ups that a rakor covers have not ended."""
    rows: dict[str, int] = {}
    found = connection.execute(
        select(follow_up.c.institution)
        .join(
            meeting_recommendation,
            meeting_recommendation.c.recommendation_id == follow_up.c.recommendation_id,
        )
        .where(meeting_recommendation.c.meeting_id == id, RUNS)
    )
    for code in found.scalars():
        rows[code] = rows.get(code, 0) + 1
    return dict(sorted(rows.items()))


def own_numbers(connection: Connection, id: UUID, code: str) -> dict[str, UUID]:
    """Number of a recommendation -> the institution's follow-up of it that a rakor covers, those
    that have not ended."""
    rows = connection.execute(
        select(recommendation.c.number, follow_up.c.id)
        .join(follow_up, follow_up.c.recommendation_id == recommendation.c.id)
        .join(
            meeting_recommendation,
            meeting_recommendation.c.recommendation_id == recommendation.c.id,
        )
        .where(
            meeting_recommendation.c.meeting_id == id,
            follow_up.c.institution == code,
            follow_up.c.status.not_in(ENDED),
        )
        .order_by(recommendation.c.number)
    )
    return {row.number: row.id for row in rows}


@dataclass(frozen=True, slots=True)
class Invited:
    """An institution of a rakor. `letter_number`: of its own letter; `answered_at`: when it filled
    in its positions."""

    institution: str
    name: str
    short_name: str
    letter_number: str | None
    sent_at: datetime | None
    answered_at: datetime | None
    attendance: Attendance | None
    attended_by: str | None


def invited(connection: Connection, id: UUID) -> list[Invited]:
    """The institutions of a rakor, by short name."""
    table = meeting_institution
    rows = connection.execute(
        select(
            table.c.institution,
            institution.c.name,
            institution.c.short_name,
            table.c.letter_number,
            table.c.sent_at,
            table.c.answered_at,
            table.c.attendance,
            table.c.attended_by,
        )
        .join(institution, institution.c.code == table.c.institution)
        .where(table.c.meeting_id == id)
        .order_by(institution.c.short_name)
    )
    return [Invited(*row) for row in rows]


def invite(connection: Connection, id: UUID, codes: Collection[str]) -> None:
    """Let the institutions of a rakor that was not sent out yet be exactly these."""
    table = meeting_institution
    connection.execute(delete(table).where(table.c.meeting_id == id))
    if codes:
        connection.execute(
            insert(table), [{"meeting_id": id, "institution": code} for code in sorted(codes)]
        )


def send(connection: Connection, id: UUID, letters: Mapping[str, str], now: datetime) -> None:
    """Note the letter of each institution."""
    table = meeting_institution
    for code, number in letters.items():
        connection.execute(
            update(table)
            .where(table.c.meeting_id == id, table.c.institution == code)
            .values(letter_number=number, sent_at=now)
        )


def answer(connection: Connection, id: UUID, code: str, now: datetime) -> None:
    """Note that an institution has filled in its positions."""
    table = meeting_institution
    connection.execute(
        update(table)
        .where(table.c.meeting_id == id, table.c.institution == code)
        .values(answered_at=now)
    )


# --- how it moved --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Change:
    """A rakor was moved, or cancelled: then `held_on` is None."""

    id: UUID
    meeting_id: UUID
    was_on: date | None
    held_on: date | None
    reason: str
    at: datetime
    by: str | None


changes = Facts(meeting_change, meeting_change.c.meeting_id, Change)


def note_change(
    connection: Connection, case: Meeting, held_on: date | None, reason: str, now: datetime,
    by: str | None,
) -> None:  # fmt: skip
    """Note the move of a rakor, or that it was cancelled."""
    changes.add(connection, Change(uuid7(), case.id, case.held_on, held_on, reason, now, by))
