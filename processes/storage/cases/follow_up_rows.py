"""One follow-up row as a value, and the handlers' questions about it.

Owns reading and changing `follow_up`; each change leaves a dated row (`past`). Knows neither
readers nor rules.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NoReturn, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import Connection, bindparam, func, insert, select, update

from engine.ports.handlers import Refusal
from engine.sentences.sentence import say
from engine.storage.database.hot import Hot
from engine.storage.database.types import ID
from processes.register.groups import Group, group_of
from processes.register.rounds import of_claim
from processes.register.states import (
    ENDED,
    Deed,
    ExtensionDecision,
    FollowUpAct,
    Reply,
    Response,
    Stage,
    Treatment,
    moved,
)
from processes.register.vocabulary import FollowUpKind, OwingRole
from processes.storage.cases import past, recommendation_rows
from processes.storage.cases.recommendation_rows import Recommendation
from processes.storage.facts import newest
from processes.storage.tables.follow_ups import (
    exchange,
    extension,
    follow_up,
    plan,
)
from processes.storage.tables.recommendations import recommendation


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The columns of `follow_up`; `deadline` is met until 24.00 of that day. `successor_id`: the
    recommendation into which it is to be carried over; `carried_into_id`: the follow-up it was
    carried over into; `left_to_finish_at`: when it was left to finish, though it was to be carried
    over."""

    id: UUID
    recommendation_id: UUID
    institution: str
    role: OwingRole
    instance_id: UUID
    kind: FollowUpKind | None
    status: Stage
    status_since: datetime
    round: int
    deadline: date
    rework_deadline: date | None
    contact: str | None
    claimed_status: str | None
    claimed_percent: int | None
    claimed_at: datetime | None
    verdict: str | None
    verdict_at: datetime | None
    issued_at: datetime
    closed_at: datetime | None
    evaluator: str | None = None
    treatment: Treatment | None = None
    successor_id: UUID | None = None
    carried_into_id: UUID | None = None
    left_to_finish_at: datetime | None = None

    @property
    def group(self) -> Group:
        """The group it is counted in."""
        return group_of(self.status, self.verdict)

    @property
    def claimed_round(self) -> int:
        """The round of the present claim."""
        return of_claim(self.round, self.claimed_at, self.verdict, self.verdict_at)


COLUMNS = [follow_up.c[name] for name in FollowUp.__slots__]


_with_recommendation = Hot(
    select(*COLUMNS, *recommendation_rows.COLUMNS)
    .join(recommendation, recommendation.c.id == follow_up.c.recommendation_id)
    .where(follow_up.c.id == bindparam("id", type_=ID))
)


def find(connection: Connection, id: UUID) -> FollowUp | None:
    """The follow-up with this id."""
    row = connection.execute(select(*COLUMNS).where(follow_up.c.id == id)).one_or_none()
    return None if row is None else FollowUp(*row)


def with_recommendation(connection: Connection, id: UUID) -> tuple[FollowUp, Recommendation] | None:
    """The follow-up with this id, and its recommendation."""
    row = _with_recommendation.one(connection, {"id": id})
    if row is None:
        return None
    width = len(COLUMNS)
    return FollowUp(*row[:width]), Recommendation(*row[width:])


def of_instance(connection: Connection, instance_id: UUID) -> FollowUp | None:
    """The follow-up that this instance owns."""
    mine = follow_up.c.instance_id == instance_id
    row = connection.execute(select(*COLUMNS).where(mine)).one_or_none()
    return None if row is None else FollowUp(*row)


def of_recommendation(connection: Connection, recommendation_id: UUID) -> list[FollowUp]:
    """All follow-ups of a recommendation, lead institutions first, then by institution."""
    rows = connection.execute(
        select(*COLUMNS)
        .where(follow_up.c.recommendation_id == recommendation_id)
        .order_by(follow_up.c.role, follow_up.c.institution)
    )
    return [FollowUp(*row) for row in rows]


def open_ids(connection: Connection, recommendation_id: UUID) -> list[UUID]:
    """Follow-ups of a recommendation that have not ended."""
    rows = connection.execute(
        select(follow_up.c.id)
        .where(follow_up.c.recommendation_id == recommendation_id, follow_up.c.status.not_in(ENDED))
        .order_by(follow_up.c.id)
    )
    return list(rows.scalars())


def insert_all(connection: Connection, rows: Iterable[FollowUp]) -> None:
    """Insert follow-ups; (recommendation, institution) is unique."""
    new = list(rows)
    values = [{name: getattr(row, name) for name in FollowUp.__slots__} for row in new]
    if values:
        connection.execute(insert(follow_up), values)
    for row in new:
        past.note_follow_up(connection, row.id, row.status_since)


class Columns(TypedDict, total=False):
    """The columns of a follow-up that may change besides its stage."""

    institution: str
    kind: FollowUpKind
    round: int
    deadline: date
    rework_deadline: date | None
    contact: str
    evaluator: str | None
    claimed_status: str | None
    claimed_percent: int
    claimed_at: datetime
    verdict: str | None
    verdict_at: datetime | None
    closed_at: datetime
    treatment: Treatment
    successor_id: UUID | None
    carried_into_id: UUID
    left_to_finish_at: datetime


def move(
    connection: Connection,
    case: FollowUp,
    act: FollowUpAct,
    now: datetime,
    **columns: Unpack[Columns],
) -> None:
    """Move a follow-up to the target stage of an act, and set other columns. `status_since` changes
    only with the stage. Raises `Refusal` for an impossible move, or if it has moved meanwhile: only
    the issue of the next recommendation does that beside its own instance."""
    to = moved(case.status, act)
    since = case.status_since if to is case.status else now
    changed = connection.execute(
        update(follow_up)
        .where(follow_up.c.id == case.id, follow_up.c.status == case.status)
        .values(status=to, status_since=since, **columns)
    )
    if changed.rowcount == 0:
        _refuse_late(connection, case.id, act)
    past.note_follow_up(connection, case.id, now)


def _refuse_late(connection: Connection, id: UUID, act: FollowUpAct) -> NoReturn:
    """Say where the follow-up stands by now."""
    found = find(connection, id)
    if found is not None:
        moved(found.status, act)
    raise Refusal(say("This follow-up has just moved on. Please open it again."))


def hold(connection: Connection, id: UUID) -> None:
    """Lock a follow-up that does not move now, until the transaction ends. Raises `Refusal` if it
    has ended meanwhile: the issue of the next recommendation carries it over without its
    instance."""
    status = connection.scalar(
        select(follow_up.c.status).where(follow_up.c.id == id).with_for_update(key_share=True)
    )
    if status in ENDED:
        moved(status, Deed.WITHDRAW)


def held_stages(connection: Connection, ids: Collection[UUID]) -> Mapping[UUID, Stage]:
    """Follow-up -> its stage, each locked until the transaction ends; in the order of their ids, so
    that two who lock several never wait for each other."""
    rows = connection.execute(
        select(follow_up.c.id, follow_up.c.status)
        .where(follow_up.c.id.in_(ids))
        .order_by(follow_up.c.id)
        .with_for_update(key_share=True)
    )
    return {row[0]: row[1] for row in rows}


def change(connection: Connection, id: UUID, now: datetime, **columns: Unpack[Columns]) -> None:
    """Change columns other than the stage."""
    connection.execute(update(follow_up).where(follow_up.c.id == id).values(**columns))
    past.note_follow_up(connection, id, now)


def next_plan_version(connection: Connection, id: UUID) -> int:
    """1 for the first action plan, one more for each revision."""
    last = connection.execute(
        select(func.max(plan.c.version)).where(plan.c.follow_up_id == id)
    ).scalar_one()
    return (last or 0) + 1


def open_exchange(connection: Connection, id: UUID, response: Response) -> UUID | None:
    """The newest exchange of this kind that has no reply yet."""
    mine, table = exchange.c.follow_up_id == id, exchange
    return newest(
        connection, table, mine, table.c.response == response, table.c.replied_at.is_(None)
    )


def reply(
    connection: Connection,
    exchange_id: UUID,
    *,
    reply: str,
    result: Reply,
    changed_text: str | None,
    at: datetime,
    by: str | None,
) -> None:
    """Write the coordinator's reply beside the institution's answer."""
    connection.execute(
        update(exchange)
        .where(exchange.c.id == exchange_id)
        .values(reply=reply, result=result, changed_text=changed_text, replied_at=at, replied_by=by)
    )


def pending_extension(connection: Connection, id: UUID) -> UUID | None:
    """The extension request that is not decided yet."""
    undecided = extension.c.decision.is_(None)
    return newest(connection, extension, extension.c.follow_up_id == id, undecided)


def decide_extension(
    connection: Connection,
    extension_id: UUID,
    *,
    decision: ExtensionDecision,
    new_deadline: date | None,
    reason: str,
    at: datetime,
    by: str | None,
) -> None:
    """Write the decision beside the request."""
    connection.execute(
        update(extension)
        .where(extension.c.id == extension_id)
        .values(
            decision=decision, new_deadline=new_deadline, decision_reason=reason, decided_at=at,
            decided_by=by,
        )
    )  # fmt: skip


def granted_deadline(connection: Connection, id: UUID) -> date | None:
    """The date of the extension granted last."""
    found: date | None = connection.execute(
        select(extension.c.new_deadline)
        .where(extension.c.follow_up_id == id, extension.c.decision == ExtensionDecision.GRANTED)
        .order_by(extension.c.decided_at.desc(), extension.c.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    return found
