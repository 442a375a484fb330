"""Which cases an ending institution hands over, and who had them before: row by row."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, insert, select, update
from uuid_utils.compat import uuid7

from processes.register.states import Stage
from processes.storage.people import successions
from processes.storage.people.successions import Succession
from processes.storage.tables.follow_ups import follow_up
from processes.storage.tables.recommendations import recommendation, recommendation_institution
from tests.processes.conftest import NOW, Data
from tests.processes.made_cases import a_case, a_recommendation


def day(number: int) -> datetime:
    return NOW + timedelta(days=number)


def ended(connection: Connection, case: UUID, status: Stage = Stage.CLOSED) -> None:
    changed = update(follow_up).where(follow_up.c.id == case)
    connection.execute(changed.values(status=status))


def beside(connection: Connection, case: UUID, institution: str) -> UUID:
    """The follow-up of another institution, of the same recommendation."""
    row = connection.execute(select(follow_up).where(follow_up.c.id == case)).one()._mapping
    id: UUID = uuid7()
    whole = row["recommendation_id"]
    own = {"id": id, "instance_id": uuid7(), "institution": institution}
    connection.execute(insert(follow_up).values({**row, **own}))
    address = {"recommendation_id": whole, "institution": institution, "role": "supporting"}
    connection.execute(insert(recommendation_institution).values(address))
    return id


def of(connection: Connection, case: UUID) -> UUID:
    """The recommendation of a follow-up."""
    found = select(follow_up.c.recommendation_id).where(follow_up.c.id == case)
    return connection.execute(found).scalar_one()


def kept(
    connection: Connection, case: UUID, former: str, successor: str, at: datetime
) -> Succession:
    row = Succession(uuid7(), case, former, successor, "Perpres 1/2026", None, at, "admin")
    successions.add(connection, row)
    return row


def addressed(connection: Connection, whole: UUID) -> dict[str, str]:
    """Institution -> its role."""
    table = recommendation_institution.c
    rows = connection.execute(
        select(table.institution, table.role).where(table.recommendation_id == whole)
    )
    return {row.institution: row.role for row in rows}


# --- what is handed over ------------------------------------------------------------------------


def test_open_cases_are_handed_over_oldest_first_and_no_ended_one(data: Data) -> None:
    with data.transaction() as connection:
        cases = [a_case(connection, "kemhan")[0] for _ in range(5)]
        a_case(connection, "kemenkeu")
        ended(connection, cases[1], Stage.CLOSED)
        ended(connection, cases[2], Stage.WITHDRAWN)
        ended(connection, cases[3], Stage.CARRIED_OVER)
        assert successions.open_cases(connection, "kemhan") == [cases[0], cases[4]]
        assert successions.open_cases(connection, "brin") == []


def test_a_case_is_shared_where_the_successor_follows_the_same_recommendation_up(
    data: Data,
) -> None:
    with data.transaction() as connection:
        both, alone, over = (a_case(connection, "kemhan")[0] for _ in range(3))
        theirs = beside(connection, both, "kemenkeu")
        beside(connection, alone, "brin")
        beside(connection, over, "kemenkeu")
        ended(connection, over)
        assert successions.shared(connection, "kemhan", "kemenkeu") == 1
        assert successions.shared(connection, "kemenkeu", "kemhan") == 2
        assert successions.shared(connection, "kemhan", "polri") == 0
        found = successions.of_successor(connection, of(connection, both), "kemenkeu")
        assert found == theirs
        assert successions.of_successor(connection, of(connection, alone), "kemenkeu") is None
        ended(connection, theirs)
        assert successions.shared(connection, "kemhan", "kemenkeu") == 1, "into an ended one too"


def test_drafts_and_what_an_institution_is_only_informed_of_are_handed_over_besides(
    data: Data,
) -> None:
    with data.transaction() as connection:
        draft, _ = a_recommendation(connection, {"kemhan": "lead"}, issued=False)
        copy, _ = a_recommendation(connection, {"kemenkeu": "lead", "kemhan": "information"})
        case, _ = a_case(connection, "kemhan")
        closed, _ = a_recommendation(connection, {"kemhan": "information"})
        changed = update(recommendation).where(recommendation.c.id == closed)
        connection.execute(changed.values(status="closed"))
        assert successions.other_recommendations(connection, "kemhan") == [draft, copy]
        assert successions.other_recommendations(connection, "kemenkeu") == [copy]
        ended(connection, case)
        assert successions.other_recommendations(connection, "kemhan") == [draft, copy]


# --- the address of a recommendation ------------------------------------------------------------


def test_the_successor_is_addressed_in_the_same_role(data: Data) -> None:
    with data.transaction() as connection:
        whole, _ = a_recommendation(connection, {"kemhan": "lead", "brin": "information"})
        other, _ = a_recommendation(connection, {"kemhan": "lead"})
        successions.pass_address(connection, whole, "kemhan", "kemenkeu")
        assert addressed(connection, whole) == {"kemenkeu": "lead", "brin": "information"}
        assert addressed(connection, other) == {"kemhan": "lead"}


def test_a_successor_that_is_addressed_already_keeps_its_own_role(data: Data) -> None:
    with data.transaction() as connection:
        whole, _ = a_recommendation(connection, {"kemhan": "lead", "kemenkeu": "information"})
        successions.pass_address(connection, whole, "kemhan", "kemenkeu")
        assert addressed(connection, whole) == {"kemenkeu": "information"}


def test_an_institution_that_is_not_addressed_passes_nothing_on(data: Data) -> None:
    with data.transaction() as connection:
        whole, _ = a_recommendation(connection, {"brin": "lead"})
        successions.pass_address(connection, whole, "kemhan", "kemenkeu")
        assert addressed(connection, whole) == {"brin": "lead"}


# --- who had it ---------------------------------------------------------------------------------


def test_a_case_that_went_twice_had_each_institution_in_its_time(data: Data) -> None:
    with data.transaction() as connection:
        case, _ = a_case(connection, "brin")
        first = kept(connection, case, "kemhan", "kemenkeu", day(10))
        second = kept(connection, case, "kemenkeu", "brin", day(20))

        def holder(number: int) -> str:
            return successions.holder_at(connection, case, "brin", day(number))

        assert successions.before(connection, case) == [first, second]
        assert [holder(number) for number in (9, 10, 19, 20, 21)] == [
            "kemhan", "kemenkeu", "kemenkeu", "brin", "brin",
        ]  # fmt: skip


def test_a_case_that_never_went_is_held_by_whoever_has_it(data: Data) -> None:
    with data.transaction() as connection:
        case, _ = a_case(connection, "kemhan")
        assert successions.before(connection, case) == []
        assert successions.holder_at(connection, case, "kemhan", NOW) == "kemhan"
        assert successions.had(connection, case, ["kemhan"]) == []


def test_who_had_a_case_or_a_part_of_its_recommendation_is_found_among_the_asked(
    data: Data,
) -> None:
    with data.transaction() as connection:
        case, _ = a_case(connection, "brin")
        other = beside(connection, case, "polri")
        kept(connection, case, "kemhan", "kemenkeu", day(10))
        kept(connection, case, "kemenkeu", "brin", day(20))
        kept(connection, other, "tni", "polri", day(20))
        whole, asked = of(connection, case), ["kemhan", "tni", "brin"]
        assert successions.had(connection, case, asked) == ["kemhan"]
        assert successions.had(connection, other, asked) == ["tni"]
        assert sorted(successions.had_part(connection, whole, asked)) == ["kemhan", "tni"]
        assert successions.had_part(connection, whole, []) == []
        stranger, _ = a_recommendation(connection, {"kemhan": "lead"})
        assert successions.had_part(connection, stranger, asked) == []
