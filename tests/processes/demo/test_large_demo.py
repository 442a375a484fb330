"""The story of the large demo: all kinds of cases in it. It is played in `tests/world`."""

from __future__ import annotations

from processes.demo import crowd
from processes.demo.acts import REMAINING
from processes.demo.crowd import LARGE
from processes.demo.script import STORY
from processes.people.seed import INSTITUTIONS


def test_the_story_of_the_full_size_has_every_kind_of_case_and_never_differs() -> None:
    codes = [*INSTITUTIONS, *(f"more-{number}" for number in range(90))]
    story = crowd.story(LARGE, codes)

    assert story == crowd.story(LARGE, codes)
    owed = sum(crowd.follow_ups_of(one) for one in (*STORY, *story))
    assert owed == LARGE.follow_ups
    led_to = [one for one in (*STORY, *story) if _decision(one) == "next"]
    assert len(STORY) + len(story) + len(led_to) == LARGE.recommendations
    assert all(one.following for one in led_to), "the next one is issued, and carries over"
    assert {_decision(one) for one in story} >= {"close", "monitor", "next"}
    content = [one.registration for one in story]
    assert {one["classification"] for one in content} == {"ordinary", "restricted", "secret"}
    assert {one["priority"] for one in content} == {"normal", "high"}
    deeds = {deed.what for one in story for some in one.deeds.values() for deed in some}
    assert deeds >= {"extension", "statement", "claim", "hand_on", "remind", "extend", "letter"}
    assert max(len(one.follow_ups) for one in story) > 50, "more than a page of one matrix"


def _decision(one: crowd.Recommendation) -> str | None:
    ends = [act for act in one.own if act.element == "evaluate_overall"]
    return ends[-1].answers["decision"] if ends else None


def test_whoever_ends_over_open_follow_ups_says_what_happens_to_them_and_a_supervisor_agrees() -> (
    None
):
    for one in crowd.story(LARGE, [*INSTITUTIONS, *(f"more-{number}" for number in range(90))]):
        if _decision(one) in ("close", "next"):
            assert one.own[-1].element == "decide_remaining"
            (end,) = (act.answers for act in one.own if act.element == "evaluate_overall")
            carried = end["decision"] == "next"
            assert end["remaining"] == REMAINING["carried_over" if carried else "left_to_finish"]
