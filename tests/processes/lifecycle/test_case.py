"""What models read of a case, the lists of their forms, and the numbers of letters."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from sqlalchemy import update

from engine.ports.handlers import Refusal
from processes.lifecycle import case, options, own_case
from processes.lifecycle.numbers import Series, next_number
from processes.people import institutions
from processes.people.institutions import Details, Ending
from processes.rights.access import operator
from processes.storage.days import calendars
from processes.storage.days.calendars import NamedDay
from processes.storage.tables.recommendations import recommendation
from tests.processes.conftest import NOW, Data
from tests.processes.lifecycle.conftest import Desk

KEYS_OF_NOTHING = [None, "", "bukan id", "a21d98eb-6748-445a-9ae7-5b695ce526b3"]


# --- case.* -------------------------------------------------------------------------------------


def test_a_follow_up_is_read_with_the_facts_of_its_recommendation(part: Desk) -> None:
    facts, _ = case.case_of(part.connection, str(part.id))
    whole = part.follow_up.recommendation_id
    part.connection.execute(
        update(recommendation).where(recommendation.c.id == whole).values(
            priority="high", number="REK-2026-0007", classification="secret",
        )
    )  # fmt: skip
    changed, _ = case.case_of(part.connection, str(part.id))
    assert facts == {
        "deadline": date(2026, 12, 1), "rework_deadline": None, "evaluator": None,
        "institution": "kemhan",
        "role": "lead", "recommendation_id": str(whole), "cycle": facts["cycle"],
        "priority": "normal", "classification": "ordinary", "number": None,
        "institution_approval": False,
    }  # fmt: skip
    assert {name: changed[name] for name in changed if changed[name] != facts[name]} == {
        "priority": "high", "number": "REK-2026-0007", "classification": "secret",
    }  # fmt: skip


def test_a_recommendation_is_read_with_those_who_owe_a_follow_up(whole: Desk) -> None:
    whole.change(deadline=date(2026, 4, 30), comment_deadline=date(2026, 3, 31))
    facts, _ = case.case_of(whole.connection, str(whole.id))
    assert sorted(facts.pop("institutions")) == ["kemenperin", "kemhan"], "BRIN is only told"
    assert facts == {
        "deadline": date(2026, 4, 30), "comment_deadline": date(2026, 3, 31),
        "priority": "normal", "classification": "ordinary", "number": None,
    }  # fmt: skip


@pytest.mark.parametrize("key", KEYS_OF_NOTHING)
def test_an_instance_that_owns_no_case_reads_an_empty_one(part: Desk, key: str | None) -> None:
    facts, calendar = case.case_of(part.connection, key)
    assert facts == {"priority": "normal", "institutions": [], "number": None}
    assert calendar.add(date(2026, 3, 17), 3) == date(2026, 3, 27)


def test_what_one_step_reads_of_nothing_is_not_what_the_next_one_gets(part: Desk) -> None:
    facts, _ = case.case_of(part.connection, None)
    facts["priority"] = "high"
    assert case.case_of(part.connection, None)[0]["priority"] == "normal"


def test_a_case_counts_by_the_calendar_of_its_institution(part: Desk, whole: Desk) -> None:
    off = NamedDay(date(2026, 3, 25), "Hari TNI", "joint_leave", "Keputusan Panglima TNI")
    calendars.put_day(part.connection, "tni", off, "adi", NOW)
    tuesday = date(2026, 3, 17)
    assert case.case_of(part.connection, str(part.id))[1].add(tuesday, 1) == date(2026, 3, 25)
    part.change(institution="tni")
    assert case.case_of(part.connection, str(part.id))[1].add(tuesday, 1) == date(2026, 3, 26)
    assert case.case_of(whole.connection, str(whole.id))[1].add(tuesday, 1) == date(2026, 3, 25)


# --- the lists of forms -------------------------------------------------------------------------


def offered(desk: Desk, key: str | None) -> dict[str, str]:
    """Code -> label of the institutions that a form offers."""
    found = options.options_of(desk.connection, key, frozenset({"institutions"}))
    return dict(found["institutions"])


@pytest.mark.parametrize("key", KEYS_OF_NOTHING)
def test_before_it_is_registered_every_institution_can_be_chosen(
    whole: Desk, key: str | None
) -> None:
    found = offered(whole, key)
    assert len(found) == 10
    assert (found["tni"], found["bappenas"]) == ("Mabes TNI", "Kementerian PPN/Bappenas")


def test_once_registered_those_it_is_addressed_to_can_be_chosen(whole: Desk) -> None:
    assert set(offered(whole, str(whole.id))) == {"kemhan", "kemenperin", "brin"}


def test_an_institution_that_has_ended_is_offered_only_where_it_was_addressed(
    small: Data,
) -> None:
    from tests.processes.made_cases import a_recommendation

    details = Details("Kementerian BUMN", "Kemen BUMN", "ministry")
    institutions.add(small, operator(), "kem-bumn", details)
    with small.transaction() as connection:
        id, instance_id = a_recommendation(connection, {"kem-bumn": "lead"})
    ending = Ending(date(2025, 10, 5), "bp-bumn", "UU 16/2025")
    institutions.close(small, operator(), "kem-bumn", ending)
    with small.reading() as connection:
        desk = Desk(connection, id, instance_id, "recommendation")
        assert set(offered(desk, str(id))) == {"kem-bumn"}
        assert "kem-bumn" not in offered(desk, None)


def test_a_list_that_nobody_knows_is_empty_and_one_not_asked_for_is_not_read(whole: Desk) -> None:
    ask = options.options_of
    assert ask(whole.connection, None, frozenset({"planets"})) == {"planets": ()}
    assert ask(whole.connection, None, frozenset()) == {}


# --- numbers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("series", "prefix"), [(Series.RECOMMENDATION, "REK"), (Series.RECEIPT, "TT")]
)
def test_a_number_is_prefix_year_and_the_next_of_that_year(
    part: Desk, series: Series, prefix: str
) -> None:
    step = part.step()
    assert next_number(step, series, 2026) == f"{prefix}-2026-0041"
    assert next_number(step, series, 2027) == f"{prefix}-2027-0042"
    assert step.numbered == [(series.name.lower(), 2026), (series.name.lower(), 2027)]


def test_the_ten_thousandth_number_has_a_digit_more(part: Desk) -> None:
    step = part.step()
    step.numbered = [("receipt", 2026)] * 9960
    assert next_number(step, Series.RECEIPT, 2026) == "TT-2026-10001"


@pytest.mark.parametrize(
    ("moment", "year"),
    [
        (datetime(2026, 12, 31, 16, 59, tzinfo=UTC), 2026),
        (datetime(2026, 12, 31, 17, 0, tzinfo=UTC), 2027),
    ],
)
def test_the_year_of_a_number_begins_in_jakarta(part: Desk, moment: datetime, year: int) -> None:
    step = part.step()
    step.now = moment
    assert own_case.year_of(step) == year
    assert own_case.today_of(part.connection, moment).year == year


# --- one's own case -----------------------------------------------------------------------------


def test_a_step_finds_the_case_whose_row_holds_its_instance(part: Desk, whole: Desk) -> None:
    assert own_case.own_follow_up(part.step()).id == part.id
    assert own_case.own_recommendation(whole.step()).id == whole.id
    assert own_case.own_head(part.step()).follow_up_id == part.id
    assert own_case.own_head(whole.step()).recommendation_id == whole.id


def test_an_instance_that_no_row_holds_records_nothing(part: Desk, whole: Desk) -> None:
    stranger = Desk(part.connection, part.id, uuid4(), "follow_up")
    for find, step in (
        (own_case.own_follow_up, stranger.step()),
        (own_case.own_follow_up, whole.step()),
        (own_case.own_recommendation, part.step()),
        (own_case.own_head, stranger.step()),
    ):
        with pytest.raises(Refusal) as refused:
            find(step)
        assert "belongs to no case" in str(refused.value)
