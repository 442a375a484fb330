"""Messages sent and awaited, event gateways, boundary messages."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.execution.border import Fault
from tests.engine.execution.border.play import Play, program_of
from tests.engine.models.building import (
    Part,
    boundary,
    catch,
    end,
    event,
    event_gateway,
    exclusive,
    extensions,
    flow,
    node,
    parallel,
    script_task,
    start,
    throw,
    timer,
    user_task,
)


def told(key: str | None = None, **inputs: str) -> Part:
    """Extension elements of something that sends: a correlation key and a payload."""
    parts = []
    if key is not None:
        one = f'<camunda:property name="correlationKey" value="{key}"/>'
        parts.append(Part(f"<camunda:properties>{one}</camunda:properties>"))
    if inputs:
        entries = "".join(
            f'<camunda:inputParameter name="{name}">{text}</camunda:inputParameter>'
            for name, text in inputs.items()
        )
        parts.append(Part(f"<camunda:inputOutput>{entries}</camunda:inputOutput>"))
    return extensions(*parts)


def test_a_message_is_awaited_under_the_business_key_and_its_payload_joins_the_data() -> None:
    program = program_of(start(), catch("wait", event("message", "paid")), end())
    play = Play(program, {"x": 1}, business_key="rec-7")
    [wanted] = play.waiting.subscriptions.values()
    assert (wanted.message, wanted.key, wanted.element_id) == ("paid", "rec-7", "wait")
    play.deliver("paid", amount=5)
    assert play.ended
    assert play.data == {"x": 1, "amount": 5}


def test_a_correlation_key_of_its_own_comes_from_the_data() -> None:
    program = program_of(
        start(), catch("wait", told("${order.id}"), event("message", "paid")), end()
    )
    play = Play(program, {"order": {"id": 17}})
    [wanted] = play.waiting.subscriptions.values()
    assert wanted.key == "17"


def test_a_key_that_is_nothing_is_a_fault() -> None:
    program = program_of(start(), catch("wait", told("${order}"), event("message", "paid")), end())
    with pytest.raises(Fault, match="key is null"):
        Play(program, {"order": None})


def test_a_key_that_is_a_list_is_a_fault_that_does_not_show_all_of_it() -> None:
    """Whoever repairs it reads the sentence, and need not be cleared for the case."""
    program = program_of(start(), catch("wait", told("${order}"), event("message", "paid")), end())
    with pytest.raises(Fault) as told_of:
        Play(program, {"order": ["a word", "of a secret case " * 20]})
    assert len(str(told_of.value)) < 200


@pytest.mark.parametrize("kind", ["sendTask", "intermediateThrowEvent", "endEvent"])
def test_what_is_sent_is_the_input_parameters_and_nothing_else(kind: str) -> None:
    extra = told("${parent}", verdict="${verdict}", text="closed")
    sender = (
        node(kind, "tell", extra, messageRef="message_closed")
        if kind == "sendTask"
        else node(kind, "tell", extra, event("message", "closed"))
    )
    play = Play(
        program_of(start(), sender, end()), {"parent": "rec-1", "verdict": "ok", "secret": "x"}
    )
    assert play.sent == [("closed", "rec-1", {"verdict": "ok", "text": "closed"})]
    assert play.ended


def test_without_parameters_a_message_carries_nothing() -> None:
    program = program_of(start(), throw("tell", event("message", "closed")), end())
    assert Play(program, {"secret": "x"}).sent == [("closed", "case-1", {})]


def test_a_receive_task_waits_for_its_message() -> None:
    program = program_of(start(), node("receiveTask", "wait", messageRef="message_m"), end())
    xml = program.model
    assert xml.elements["wait"].event is not None
    play = Play(program)
    play.deliver("m", x=1)
    assert play.ended


WAIT = (
    start(),
    exclusive("merge"),
    event_gateway("first"),
    catch("news", event("message", "news")),
    catch("limit", timer("${case.deadline}", "timeDate")),
    script_task("count", "n = n + 1"),
    exclusive("enough", default="enough_to_merge"),
    user_task("meeting"),
    end(),
    flow("start", "merge"),
    flow("merge", "first"),
    flow("first", "news"),
    flow("first", "limit"),
    flow("news", "count"),
    flow("count", "enough"),
    flow("enough", "merge"),
    flow("enough", "meeting", "n == 3"),
    flow("limit", "meeting"),
    flow("meeting", "end"),
)


def test_an_event_gateway_takes_the_first_event_and_withdraws_the_others() -> None:
    play = Play(program_of(*WAIT), {"n": 0}, case={"deadline": "2026-03-05"})
    assert list(play.due) == ["limit"]
    play.deliver("news")
    assert list(play.due) == ["limit"]
    assert play.last.cancelled == ("limit",)
    assert play.last.left[:1] == ("news",)
    assert play.advance(days=5) == 1
    assert play.open == ["meeting"]
    assert not play.waiting.subscriptions


def test_the_timer_of_an_event_gateway_follows_the_deadline_of_the_case() -> None:
    play = Play(program_of(*WAIT), {"n": 0}, case={"deadline": "2026-03-05"})
    play.case["deadline"] = "2026-03-10"
    play.step(lambda live: live.recompute_due(play))
    assert play.due == {"limit": datetime(2026, 3, 10, 17, 0, tzinfo=UTC)}


def test_an_event_gateway_with_two_timers_fires_the_one_that_is_due() -> None:
    program = program_of(
        start(),
        event_gateway("first"),
        catch("soon", timer("P1D")),
        catch("later", timer("P9D")),
        user_task("a"),
        user_task("b"),
        flow("start", "first"),
        flow("first", "later"),
        flow("first", "soon"),
        flow("soon", "a"),
        flow("later", "b"),
    )
    play = Play(program)
    assert play.advance(days=1) == 1
    assert play.open == ["a"]
    assert play.due == {}


BESIDE = program_of(
    start(),
    user_task("a"),
    boundary("asked", "a", event("message", "question"), interrupting=False),
    user_task("answer"),
    end(),
    end("answered"),
    flow("start", "a"),
    flow("a", "end"),
    flow("asked", "answer"),
    flow("answer", "answered"),
)


def test_a_non_interrupting_message_may_come_again_and_again() -> None:
    play = Play(BESIDE)
    play.deliver("question", text="one")
    play.deliver("question", text="two")
    assert play.open == ["a", "answer", "answer"]
    texts = [play.live.data_of(play.task("answer", n).token)["text"] for n in (0, 1)]
    assert texts == ["two", "two"], "what a message brings is seen by every branch"
    assert play.data == {"text": "two"}


def test_a_branch_it_has_started_goes_on_when_the_task_is_done() -> None:
    play = Play(BESIDE)
    play.deliver("question", text="one")
    play.complete("a")
    assert play.open == ["answer"]
    assert not play.waiting.subscriptions
    play.complete("answer", reply="yes")
    assert play.ended
    assert play.data == {"text": "one", "reply": "yes"}


def test_an_interrupting_message_ends_the_task() -> None:
    program = program_of(
        start(),
        user_task("a"),
        boundary("gone", "a", event("message", "withdrawn")),
        boundary("late", "a", timer("P1D")),
        user_task("record"),
        end(),
        flow("start", "a"),
        flow("a", "end"),
        flow("gone", "record"),
        flow("late", "end"),
        flow("record", "end"),
    )
    play = Play(program)
    play.deliver("withdrawn", reason="x")
    assert play.open == ["record"]
    assert play.due == {}
    assert play.last.cancelled == ("a",)


def test_three_tracks_of_which_one_ends_everything() -> None:
    program = program_of(
        start(),
        parallel("tracks"),
        user_task("work"),
        exclusive("merge"),
        catch("asked", event("message", "extension")),
        user_task("decide"),
        catch("gone", event("message", "withdrawn")),
        end("closed", event("terminate")),
        end("withdrawn", event("terminate")),
        flow("start", "tracks"),
        flow("tracks", "work"),
        flow("tracks", "merge"),
        flow("merge", "asked"),
        flow("asked", "decide"),
        flow("decide", "merge"),
        flow("tracks", "gone"),
        flow("gone", "withdrawn"),
        flow("work", "closed"),
    )
    play = Play(program)
    for _ in range(3):
        play.deliver("extension")
        assert play.open == ["decide", "work"]
        play.complete("decide", granted=True)
    play.deliver("extension")
    play.deliver("withdrawn", reason="moved")
    assert play.ended
    assert play.data["reason"] == "moved"
    assert sorted(play.last.cancelled) == ["decide", "work"]
