"""Standing in for a post for a time (plt., plh.): naming, beginning, ending, and leave without one.

Owns these acts. Who stands in has the rights of the post from its first day
to its last one, as rows that name the stand-in, so that every list and every notice finds them;
these rows end by themselves, and tasks that only the post may do go back. `processes.cases` marks
what was done by a stand-in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from engine.sentences.errors import BadInput, Conflict, Forbidden
from engine.sentences.invisible import is_blank
from engine.sentences.sentence import Sentence, say
from processes.acts import bulk
from processes.acts.acting import Acting, act
from processes.days.calendars import common_calendar
from processes.ground.letter_language import Wording
from processes.notices.texts import stand_in_letters
from processes.notices.texts.letters import Letter
from processes.people import posts
from processes.register.posts import KINDS, SUPERVISOR, StandInState
from processes.rights import groups
from processes.storage.bulk import Part
from processes.storage.notices import mail_rows
from processes.storage.people import account_facts, stand_ins, users
from processes.storage.people.stand_ins import StandIn
from processes.storage.people.users import User

BEGIN: Final = "begin_stand_in"
"""Kind of the act of one part that is due on the first day."""
END: Final = "end_stand_in"
"""The same after the last day."""
LONGEST: Final = timedelta(days=366)
LANGUAGE: Final = "id"
"""Language of the reason in the history of a case, which all readers share."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A stand-in as it was typed. `post`: its group; `holder_id` None: the post is vacant;
    `deputy_id` None: nobody stands in; a day None: what was typed is no date."""

    post: str
    holder_id: UUID | None
    deputy_id: UUID | None
    kind: str
    from_day: date | None
    to_day: date | None
    letter: str
    reason: str


@act
def name(act: Acting, wanted: Wanted) -> UUID:
    """Name who stands in for a post, or that its holder is on leave and nobody does; return its id.
    Both are told; of a leave without stand-in, who else has the post, and the administrators.

    Raises `Forbidden`, `NotFound` for a post of somebody else but for administrators, `BadInput`.
    """
    act.lock_accounts(*(id for id in (wanted.holder_id, wanted.deputy_id) if id))
    rank = posts.allowed(act.connection, act.scope, wanted.post, wanted.holder_id)
    row = _checked(act, wanted, rank)
    stand_ins.add(act.connection, row)
    calendar = common_calendar(act.connection)
    subject, begins = f"stand_in:{row.id}", calendar.moment(row.from_day, time.min)
    if begins <= act.now:
        _begin(act, row)
    else:
        bulk.plan(act, BEGIN, subject, row.reason, {}, [(row.id, {})], due_at=begins)
    due_at = calendar.end_of(row.to_day)
    bulk.plan(act, END, subject, row.reason, {}, [(row.id, {})], due_at=due_at)
    _tell_named(act, row)
    act.record("name_stand_in", subject, **_noted(row))
    return row.id


@act
def end(act: Acting, id: UUID) -> None:
    """End a stand-in before its last day: by who named it, by whose post it is, or by an
    administrator. Both are told. Raises `NotFound`, `Forbidden`, `Conflict`."""
    act.lock_accounts()
    act.may("name_stand_in")
    found = posts.known(act.connection, id)
    me = act.scope
    if not posts.may_end(me, found):
        raise Forbidden(say("Who named the stand-in ends it, or an administrator."))
    if not _end(act, found, by=act.by):
        raise Conflict(say("This has ended already."))
    if found.deputy_id is not None:
        named = posts.standing(act.connection, found)
        letter = stand_in_letters.ended(named, me.name, act.service.notifier.paper)
        _mail(act, _both(act.connection, found), letter)
    act.record("end_stand_in", f"stand_in:{id}")


def begin_on_its_day(act: Acting, part: Part) -> None:
    """Its first day has come. Raises `Conflict` if it was ended before."""
    found = posts.known(act.connection, part.about)
    if found.state is not StandInState.PLANNED:
        raise Conflict(say("This has ended already."))
    _begin(act, found)


def end_on_its_day(act: Acting, part: Part) -> None:
    """Its last day is over. Asks no right: what was given for a time ends with it. Raises
    `Conflict` if it was ended before."""
    if not _end(act, posts.known(act.connection, part.about), by=None):
        raise Conflict(say("This has ended already."))


def _begin(act: Acting, found: StandIn) -> None:
    stand_ins.move(act.connection, found, StandInState.ACTIVE, begun_at=act.now)
    if found.deputy_id is not None:
        stand_ins.give(act.connection, found, posts.part_of(found.post))


def _end(act: Acting, found: StandIn, *, by: str | None) -> bool:
    if found.state is StandInState.ENDED:
        return False
    values = {"ended_at": act.now} | ({"ended_by": by} if by else {})
    if not stand_ins.move(act.connection, found, StandInState.ENDED, **values):
        return False
    if found.deputy_id is not None and found.state is StandInState.ACTIVE:
        stand_ins.take_back(act.connection, found.id)
        for other in stand_ins.about(act.connection, found.deputy_id):
            if other.deputy_id == found.deputy_id and other.state is StandInState.ACTIVE:
                stand_ins.give(act.connection, other, posts.part_of(other.post))
        _return_tasks(act, found.deputy_id)
    return True


def _return_tasks(act: Acting, deputy_id: UUID) -> None:
    """Give back the tasks that somebody has taken and may not have any more."""
    deputy = users.by_id(act.connection, deputy_id)
    grants = users.grants_of(act.connection, [deputy_id], standing_in=True)[deputy_id]
    if deputy is None:
        return
    words = Wording(LANGUAGE, act.service.options.translate(LANGUAGE, act.connection))
    why, theirs = (
        words(say("{name} stands in no more.", name=deputy.name)),
        groups.of_grants(grants),
    )
    for task in account_facts.tasks_of(act.connection, deputy.username):
        named = deputy.username in task.candidate_users
        if not named and theirs.isdisjoint(task.candidate_groups):
            act.engine.assign(task.id, None, act.by, why)
    act.engine.wake()


def _checked(act: Acting, wanted: Wanted, rank: str | None) -> StandIn:
    wrong: dict[str, Sentence] = {}
    today = common_calendar(act.connection).today(act.now)
    if wanted.kind not in KINDS:
        wrong["kind"] = say("Choose one of the offered values.")
    possible = {
        one.id for one in posts.eligible(act.connection, wanted.post, rank, wanted.holder_id)
    }
    if wanted.deputy_id is None and wanted.holder_id is None:
        wrong["deputy"] = say("The post is vacant: choose who stands in.")
    elif wanted.deputy_id is not None and wanted.deputy_id not in possible:
        wrong["deputy"] = say("Choose one of the offered people.")
    wrong |= _wrong_days(act.connection, wanted, today)
    if is_blank(wanted.letter):
        wrong["letter"] = say("Cite the letter that names the stand-in or grants the leave.")
    if is_blank(wanted.reason):
        wrong["reason"] = say("Write the reason.")
    if wrong or wanted.from_day is None or wanted.to_day is None:
        raise BadInput(say("Please correct the marked fields."), wrong)
    return StandIn(
        id=uuid7(),
        post=wanted.post,
        rank=rank,
        holder_id=wanted.holder_id,
        deputy_id=wanted.deputy_id,
        kind=KINDS[wanted.kind],
        from_day=wanted.from_day,
        to_day=wanted.to_day,
        letter=wanted.letter.strip(),
        reason=wanted.reason.strip(),
        state=StandInState.PLANNED,
        named_at=act.now,
        named_by=act.by,
    )


def _wrong_days(connection: Connection, wanted: Wanted, today: date) -> dict[str, Sentence]:
    first, last = wanted.from_day, wanted.to_day
    if first is None or last is None:
        no_day = say("Please write a date, for example 31/12/2026.")
        days = {"from_day": first, "to_day": last}
        return {name: no_day for name, day in days.items() if day is None}
    if first < today:
        return {"from_day": say("This day is over. Choose today or a later day.")}
    if not first <= last <= first + LONGEST:
        return {"to_day": say("Choose a day after the first one, within a year.")}
    for other in stand_ins.of_post(connection, wanted.post):
        same = other.holder_id == wanted.holder_id or (
            wanted.deputy_id is not None and other.deputy_id == wanted.deputy_id
        )
        if same and other.from_day <= last and first <= other.to_day:
            return {"from_day": say("For some of these days a stand-in is named already.")}
    return {}


def _tell_named(act: Acting, row: StandIn) -> None:
    named, paper = posts.standing(act.connection, row), act.service.notifier.paper
    if row.deputy_id is not None:
        _mail(act, _both(act.connection, row), stand_in_letters.named(named, paper))
        return
    part = posts.part_of(row.post)
    others = (
        users.members_of(act.connection, part.institution_code, "head")
        if part
        else users.holding_role(act.connection, SUPERVISOR)
    )
    told = {one.id: one for one in [*others, *users.holding_role(act.connection, "admin")]}
    told.pop(act.scope.user_id, None)
    _mail(act, told.values(), stand_in_letters.alone(named, paper))


def _both(connection: Connection, row: StandIn) -> list[User]:
    ids = [id for id in (row.deputy_id, row.holder_id) if id]
    return list(users.by_ids(connection, ids).values())


def _mail(act: Acting, people: Iterable[User], letter: Letter) -> None:
    for person in people:
        if person.active:
            mail_id = act.service.notifier.put(act.connection, person, letter, None, act.now)
            mail_rows.queue(act.connection, mail_id, act.now)


def _noted(row: StandIn) -> dict[str, object]:
    return {
        "post": row.post,
        "holder": str(row.holder_id or ""),
        "deputy": str(row.deputy_id or ""),
        "kind": row.kind.value,
        "from_day": row.from_day.isoformat(),
        "to_day": row.to_day.isoformat(),
        "letter": row.letter,
    }
