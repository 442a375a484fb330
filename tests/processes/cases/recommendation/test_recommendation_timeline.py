"""What happened to a recommendation, as everybody who reads it is told."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from processes.cases.recommendation import (
    recommendation_case,
    recommendation_timeline,
    recommendations,
)
from processes.cases.timeline import TimelineEntry
from processes.register.states import MailState
from processes.work import tasks
from tests.processes.stories.rakor import meeting
from tests.processes.stories.test_happy_path import CONCLUSION
from tests.processes.stories.world import World

NAMES = {"register": "Daftarkan rekomendasi"}


def told(world: World, id: UUID, who: str = "coordinator") -> list[TimelineEntry]:
    """The timeline as somebody reads it, the oldest entry first."""
    scope = world.person(who)
    with world.service.reading() as connection:
        found = recommendation_case.detail(connection, scope, id, world.clock.now)
        history = recommendation_timeline.history(connection, scope, found, NAMES)
    entries = list(history.entries)
    assert {one.by for one in entries if one.by} <= set(history.people)
    assert [one.at for one in entries] == sorted((one.at for one in entries), reverse=True)
    return entries[::-1]


def sentences(world: World, id: UUID, who: str = "coordinator") -> list[str]:
    """Without mails, of which every step sends some."""
    return [str(one.sentence) for one in told(world, id, who) if one.kind != "mail"]


def test_its_life_is_told_from_the_draft_to_the_letter(small_world: World) -> None:
    assert sentences(small_world, small_world.issued()) == [
        "Draft begun",
        "Registered as REK-2026-0001 and sent round for comments",
        "Kemhan agrees with the draft",
        "Kemenperin agrees with the draft",
        "Approved for issue",
        "Issued by letter R-1/2026",
    ]


@pytest.mark.parametrize(
    ("stance", "words"),
    [
        ("agree_with_notes", "Kemenperin agrees with the draft, with notes"),
        ("disagree", "Kemenperin disagrees with the draft"),
    ],
)
@pytest.mark.parametrize(("accepted", "answer"), [("yes", "accepted"), ("no", "not accepted")])
def test_a_comment_is_told_with_its_notes_and_the_answer_to_it(
    small_world: World, stance: str, words: str, accepted: str, answer: str
) -> None:
    world = small_world
    id = world.propose()
    world.register(id)
    world.comment("kemhan", id, stance="agree")
    world.comment("kemenperin", id, stance=stance, notes="Sebut TKDN.")
    reply = {"institution": "kemenperin", "accepted": accepted, "reason": "Dibahas."}
    world.finalise(id, final_text="Naik.", responses=[reply])
    entries = {str(one.sentence): one for one in told(world, id)}
    assert (entries[words].text, entries[words].by) == ("Sebut TKDN.", "kemenperin")
    answered = entries[f"Comment of Kemenperin {answer}"]
    assert (answered.text, answered.by, answered.kind) == ("Dibahas.", "coordinator", "decision")


def test_a_refused_approval_is_told_with_its_reason(small_world: World) -> None:
    world = small_world
    id = world.propose()
    world.register(id, supporting=[])
    world.comment("kemhan", id, stance="agree")
    world.finalise(id, final_text="Naik.", responses=[])
    world.do("asdep", "approve", id, approved="no", notes="Terlalu umum.")
    [refused] = [one for one in told(world, id) if "Not approved" in str(one.sentence)]
    assert (str(refused.sentence), refused.by) == ("Not approved: back to the text", "asdep")
    assert refused.text == "Terlalu umum."


LEFT = [{"institution": "kemenperin", "treatment": "left_to_finish", "reason": "Hampir selesai."}]


def evaluated(world: World, **decision: Any) -> UUID:
    """The lead is done; all was evaluated as a whole."""
    id = world.issued(rollup_rule="lead")
    world.finish("kemhan", world.follow_up(id, "kemhan"))
    world.do("coordinator", "evaluate_overall", id, **CONCLUSION, **decision)
    return id


@pytest.mark.parametrize(
    ("decision", "words"),
    [
        (
            {"decision": "close", "remaining": LEFT},
            "Evaluated as a whole: closed",
        ),
        (
            {"decision": "monitor", "new_deadline": "2026-06-30"},
            "Evaluated as a whole: watched until 2026-06-30",
        ),
        (
            {"decision": "next", "remaining": LEFT},
            "Evaluated as a whole: closed, the next recommendation drafted",
        ),
    ],
)
def test_its_conclusion_is_told(small_world: World, decision: dict[str, Any], words: str) -> None:
    id = evaluated(small_world, **decision)
    if decision["decision"] != "monitor":
        small_world.do("asdep", "decide_remaining", id, remaining_approved="yes")
        assert "What happens to the rest: agreed" in sentences(small_world, id)
    found = sentences(small_world, id)
    assert "Matrix of follow-ups compiled" in found
    assert words in found
    assert ("Recommendation closed" in found) == (decision["decision"] != "monitor")


def test_a_rakor_over_it_is_told_once_its_minutes_are_signed(small_world: World) -> None:
    world = small_world
    id = world.issued()
    rakor = meeting.invited(world, id)
    world.wait_until(world.at(date(2026, 1, 15)))
    world.do("coordinator", "hold", rakor, attendance="Semua hadir.")
    world.do("coordinator", "minutes", rakor, **meeting.MINUTES)
    held = f"Rakor {meeting.row(world, rakor).number} of 2026-01-15, chaired by "
    held += meeting.PREPARED["chair"]
    assert held not in sentences(world, id), "its minutes are still written"
    meeting.sign(world, rakor)
    assert held in sentences(world, id)


@pytest.mark.parametrize(
    ("answer", "words"), [("yes", "Withdrawal decided"), ("no", "Withdrawal refused")]
)
def test_a_withdrawal_is_proposed_and_decided(small_world: World, answer: str, words: str) -> None:
    world = small_world
    id = world.issued()
    recommendations.propose_withdrawal(
        world.service, world.person("coordinator"), id, "Dasar dicabut."
    )
    world.run()
    world.do("asdep", "decide_withdrawal", id, withdraw=answer, reason="Cukup.",
             letter_number="C-1")  # fmt: skip
    entries = {str(one.sentence): one for one in told(world, id)}
    assert entries["Withdrawal proposed"].text == "Dasar dicabut."
    assert (entries[words].by, entries[words].text) == ("asdep", "Cukup.")
    assert ("Recommendation withdrawn" in entries) == (answer == "yes")
    seen = sentences(world, id, "kemhan")
    assert (words in seen) == (answer == "yes"), "an institution learns of one that came about"


def test_an_institution_is_told_its_own_comment_and_nothing_of_the_ministry_itself(
    small_world: World,
) -> None:
    id = small_world.issued()
    assert sentences(small_world, id, "kemhan") == [
        "Draft begun",
        "Registered as REK-2026-0001 and sent round for comments",
        "Kemhan agrees with the draft",
        "Issued by letter R-1/2026",
    ]
    assert not [one for one in told(small_world, id, "kemhan") if one.kind == "mail"]


def test_who_took_a_task_is_told_to_those_who_see_every_case(small_world: World) -> None:
    world = small_world
    id = world.propose()
    tasks.claim(world.service, world.person("coordinator"), world.task(id, "register").id)
    assert "Daftarkan rekomendasi: taken" in sentences(world, id)


def test_mails_about_it_are_told_by_the_name_of_who_got_them(small_world: World) -> None:
    id = small_world.propose()
    small_world.register(id)
    small_world.wait_until(small_world.at(date(2026, 1, 20)))
    entries = told(small_world, id)
    mails = [str(one.sentence) for one in entries if one.kind == "mail"]
    assert any(one.startswith("Mail to Kemhan, not sent, only in the outbox") for one in mails), (
        "the comment is nearly due, and nothing sends mail here"
    )
    [reminded] = [one for one in entries if str(one.sentence).endswith(", for Kemhan")]
    assert [(one.name, one.state) for one in reminded.told] == [("Kemhan", MailState.SHOWN)]
