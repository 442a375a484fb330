"""A worker does the tasks of its topics, one function for each."""

from __future__ import annotations

import re
import threading
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.web.worker.conftest import Hire, until, working
from tests.web.worker.fake import Fake, Fault, wait
from web.worker import BpmnError, Done, Escalation, Failure, Task, Worker


def done_with(fake: Fake, worker: Worker, answer: Any) -> dict[str, Any]:
    """The variables a worker sends whose function answers this."""
    worker.task("render")(lambda task: answer)
    fake.offer("render")
    with working(worker):
        sent: dict[str, Any] = fake.first("complete").body
    return sent


class TestTask:
    def test_a_function_gets_plain_values_and_what_the_task_is_about(
        self, fake: Fake, hire: Hire
    ) -> None:
        worker, seen = hire(), list[Task]()
        worker.task("render")(seen.append)
        fake.offer("render", title="Report", pages={"type": "Json", "value": "[1, 2]"},
                   other={"type": "Object", "value": "no JSON"})  # fmt: skip
        with working(worker):
            fake.first("complete")

        assert seen[0].variables == {"title": "Report", "pages": [1, 2], "other": "no JSON"}
        assert (seen[0].business_key, seen[0].process_key, seen[0].element_id) == (
            "A-1", "key", "work"
        )  # fmt: skip
        assert (seen[0].retries, seen[0].properties) == (None, {"colour": "red"})

    def test_what_it_answers_is_sent_with_its_types(self, fake: Fake, hire: Hire) -> None:
        at = datetime(2026, 3, 2, 9, 0, 0, 120_000, UTC)
        answer = {"a": "x", "b": True, "c": 7, "d": 2**40, "e": 0.5, "f": None, "g": [{"h": 1}],
                  "i": at}  # fmt: skip
        sent = done_with(fake, hire(), answer)
        when = sent["variables"].pop("i")

        assert sent["workerId"] == "pdf-1"
        assert sent["variables"] == {
            "a": {"type": "String", "value": "x"},
            "b": {"type": "Boolean", "value": True},
            "c": {"type": "Integer", "value": 7},
            "d": {"type": "Long", "value": 2**40},
            "e": {"type": "Double", "value": 0.5},
            "f": {"type": "Null", "value": None},
            "g": {"type": "Json", "value": '[{"h": 1}]'},
        }
        assert when["type"] == "Date"
        assert datetime.strptime(when["value"], "%Y-%m-%dT%H:%M:%S.%f%z") == at
        assert re.fullmatch(r"2026-03-0.T..:..:00\.120[+-]\d{4}", when["value"])

    def test_variables_of_the_activity_alone_are_sent_apart(self, fake: Fake, hire: Hire) -> None:
        sent = done_with(fake, hire(), Done({"url": "u"}, {"tries": 1}))

        assert set(sent["variables"]) == {"url"}
        assert set(sent["localVariables"]) == {"tries"}

    @pytest.mark.parametrize("value", [object(), float("nan"), 2**64, [float("inf")], {1, 2}])
    def test_a_value_that_is_no_json_is_a_failure_that_names_the_variable_alone(
        self, fake: Fake, hire: Hire, value: object
    ) -> None:
        worker = hire()
        worker.task("render")(lambda task: {"total": value})
        fake.offer("render")
        with working(worker):
            message = fake.first("failure").body["errorMessage"]

        assert message == f"The variable total is a {type(value).__name__} that is no JSON."

    def test_an_answer_that_is_no_dict_is_a_failure_that_says_what_to_write(
        self, fake: Fake, hire: Hire
    ) -> None:
        worker = hire()
        worker.task("render")(lambda task: "done")  # type: ignore[arg-type,return-value]
        fake.offer("render")
        with working(worker):
            message = fake.first("failure").body["errorMessage"]

        assert message == "The worker answered a str; write a dict of variables, or nothing."

    def test_its_text_shows_no_value_of_a_variable(self, fake: Fake, hire: Hire) -> None:
        worker, seen = hire(), list[str]()
        worker.task("render")(lambda task: seen.append(f"{task} {task!r}"))
        fake.offer("render", title="Secret")
        with working(worker):
            fake.first("complete")

        assert "render" in seen[0] and "Secret" not in seen[0]


class TestFetching:
    def test_one_call_asks_for_all_topics_and_waits(self, fake: Fake, hire: Hire) -> None:
        worker = hire(poll=20, max_tasks=3)
        worker.task("render", lease=90, variables=["title"])(lambda task: None)
        worker.task("send", variables=[])(lambda task: None)
        worker.task("count")(lambda task: None)
        with working(worker):
            call = fake.first("fetchAndLock")

        assert call.headers["authorization"] == "Bearer a-token"
        assert call.body == {
            "workerId": "pdf-1", "maxTasks": 3, "usePriority": True,
            "asyncResponseTimeout": 20_000,
            "topics": [
                {"topicName": "render", "lockDuration": 90_000, "variables": ["title"],
                 "includeExtensionProperties": True},
                {"topicName": "send", "lockDuration": 60_000, "variables": [],
                 "includeExtensionProperties": True},
                {"topicName": "count", "lockDuration": 60_000,
                 "includeExtensionProperties": True},
            ],
        }  # fmt: skip

    def test_it_fetches_no_more_than_it_can_do_at_once(self, fake: Fake, hire: Hire) -> None:
        worker, go_on = hire(max_tasks=2), threading.Semaphore(0)
        running, most = list[Task](), list[int]()

        @worker.task("render")
        def render(task: Task) -> None:
            running.append(task)
            most.append(len(running))
            go_on.acquire()
            running.remove(task)

        for _ in range(5):
            fake.offer("render")
        with working(worker):
            wait("two at once", lambda: len(running) == 2)
            asked = len(fake.of("fetchAndLock"))
            go_on.release(5)
            fake.first_ones("complete", 5)

        assert asked == 1
        assert max(most) == 2
        assert all(call.body["maxTasks"] <= 2 for call in fake.of("fetchAndLock"))

    def test_while_one_runs_it_asks_for_one_less(
        self, fake: Fake, hire: Hire, go_on: threading.Event
    ) -> None:
        worker = hire(max_tasks=2)
        worker.task("render")(until(go_on))
        fake.offer("render")
        with working(worker):
            asked = [call.body["maxTasks"] for call in fake.first_ones("fetchAndLock", 2)]
            go_on.set()

        assert asked == [2, 1]

    def test_a_topic_has_one_function(self, hire: Hire) -> None:
        worker = hire()
        worker.task("render")(lambda task: None)

        with pytest.raises(ValueError, match="The topic render has two functions"):
            worker.task("render")(lambda task: None)

    def test_a_function_runs_in_a_thread_and_is_not_asynchronous(self, hire: Hire) -> None:
        async def render(task: Task) -> None: ...

        with pytest.raises(ValueError, match="The function of render is asynchronous"):
            hire().task("render")(render)  # type: ignore[arg-type]

    def test_a_worker_without_functions_says_what_to_write(self, hire: Hire) -> None:
        with pytest.raises(ValueError, match=r"decorate one with @worker\.task"):
            hire().run()

    def test_workers_without_a_name_have_different_ones(self, hire: Hire) -> None:
        assert hire(name=None).name != hire(name=None).name


class TestEnds:
    def test_a_bpmn_error_carries_code_message_and_variables(self, fake: Fake, hire: Hire) -> None:
        worker = hire()

        @worker.task("render")
        def render(task: Task) -> None:
            raise BpmnError("no_template", "There is no template.", {"asked": "a4"})

        fake.offer("render")
        with working(worker):
            body = fake.first("bpmnError").body
        assert body == {
            "workerId": "pdf-1", "errorCode": "no_template",
            "errorMessage": "There is no template.",
            "variables": {"asked": {"type": "String", "value": "a4"}},
        }  # fmt: skip

    def test_after_an_escalation_the_task_is_completed(self, fake: Fake, hire: Hire) -> None:
        worker = hire()

        @worker.task("render")
        def render(task: Task) -> None:
            raise Escalation("late", {"days": 2})

        fake.faults["bpmnEscalation"] = [Fault()]
        fake.offer("render")
        with working(worker):
            first, again = fake.first_ones("bpmnEscalation", 2)
            done = fake.first("complete")
        assert first.body == {
            "workerId": "pdf-1", "escalationCode": "late",
            "variables": {"days": {"type": "Integer", "value": 2}},
        }  # fmt: skip
        assert first.headers["idempotency-key"] == again.headers["idempotency-key"]
        assert done.body["variables"] == {}
        assert worker.metrics()["render"]["errors"] == 1

    def test_an_escalation_may_end_the_task(self, fake: Fake, hire: Hire) -> None:
        worker = hire()

        @worker.task("render")
        def render(task: Task) -> None:
            raise Escalation("late")

        fake.faults["complete"] = [Fault(404)]
        fake.offer("render")
        with working(worker):
            fake.first("complete")
        assert fake.of("failure") == []
        assert worker.metrics()["render"]["lease_lost"] == 0

    @pytest.mark.parametrize(
        ("before", "left", "least", "most"),
        [(None, 3, 10, 12), (3, 2, 60, 72), (2, 1, 300, 360), (1, 0, 0, 0), (0, 0, 0, 0),
         (9, 8, 10, 12)],
    )  # fmt: skip
    def test_each_failure_leaves_one_retry_less_after_a_longer_wait(
        self, fake: Fake, hire: Hire, before: int | None, left: int, least: int, most: int
    ) -> None:
        worker = hire()

        @worker.task("render", retries=3, back_off=[10, 60, 300])
        def render(task: Task) -> None:
            raise OSError("printer on fire")

        fake.offer("render", retries=before)
        with working(worker):
            body = fake.first("failure").body
        assert (body["errorMessage"], body["retries"]) == ("OSError in the worker's function", left)
        assert least * 1000 <= body["retryTimeout"] <= most * 1000
        assert body["errorDetails"].startswith("OSError: printer on fire\n")
        assert "in render" in body["errorDetails"]

    def test_more_retries_than_waits_repeat_the_last_wait(self, fake: Fake, hire: Hire) -> None:
        worker = hire()
        worker.task("render", retries=9, back_off=[1, 7])(lambda task: 1 / 0)  # type: ignore[arg-type,return-value]
        fake.offer("render", retries=3)
        with working(worker):
            assert 7000 <= fake.first("failure").body["retryTimeout"] <= 8400

    def test_a_function_may_say_retries_and_wait_itself(self, fake: Fake, hire: Hire) -> None:
        worker = hire()

        @worker.task("render")
        def render(task: Task) -> None:
            raise Failure("closed today", "opens at nine", retries=5, wait=1800)

        fake.offer("render")
        with working(worker):
            body = fake.first("failure").body
        assert (body["errorMessage"], body["errorDetails"]) == ("closed today", "opens at nine")
        assert (body["retries"], body["retryTimeout"]) == (5, 1_800_000)

    def test_the_message_of_what_nobody_raised_on_purpose_shows_no_value(
        self, fake: Fake, hire: Hire
    ) -> None:
        worker = hire()

        @worker.task("render")
        def render(task: Task) -> None:
            int(task.variables["title"])

        fake.offer("render", title="Surat Rahasia")
        with working(worker):
            body = fake.first("failure").body
        assert body["errorMessage"] == "ValueError in the worker's function"
        assert "Surat Rahasia" in body["errorDetails"]

    def test_a_message_with_characters_that_no_database_keeps_is_told_without_them(
        self, fake: Fake, hire: Hire
    ) -> None:
        worker = hire()

        @worker.task("render")
        def render(task: Task) -> None:
            raise Failure("no file a\0b\udce9.pdf")

        fake.offer("render")
        with working(worker):
            assert fake.first("failure").body["errorMessage"] == "no file ab?.pdf"

    def test_a_function_that_ends_the_program_fails_its_task_only(
        self, fake: Fake, hire: Hire
    ) -> None:
        worker = hire()

        @worker.task("render")
        def render(task: Task) -> None:
            if task.retries is None:
                raise SystemExit("no more")

        fake.offer("render")
        with working(worker):
            assert "SystemExit: no more" in fake.first("failure").body["errorDetails"]
            fake.offer("render", retries=3)
            fake.first("complete")


class TestLogs:
    def test_they_name_the_task_and_the_place_but_no_value(
        self, fake: Fake, hire: Hire, caplog: pytest.LogCaptureFixture
    ) -> None:
        worker = hire()

        @worker.task("render")
        def render(task: Task) -> None:
            raise ValueError(f"cannot print {task.variables['title']}")

        with caplog.at_level("DEBUG"), working(worker):
            id = fake.offer("render", title="Secret")
            fake.first("failure")
        logged = caplog.text
        assert f"Task {id} of render failed: ValueError" in logged
        assert "in render" in logged
        assert "Secret" not in logged and "a-token" not in logged


class TestMetrics:
    def test_they_count_by_topic(self, fake: Fake, hire: Hire, go_on: threading.Event) -> None:
        worker = hire()

        @worker.task("render")
        def render(task: Task) -> None:
            if task.variables["end"] == "error":
                raise BpmnError("no_template")
            if task.variables["end"] == "failure":
                raise Failure("no")

        worker.task("send")(until(go_on))
        for end in ("well", "well", "error", "failure"):
            fake.offer("render", end=end)
        fake.offer("send")
        with working(worker):
            fake.first_ones("complete", 2)
            wait("all", lambda: worker.metrics()["render"]["failed"])
            wait("error", lambda: worker.metrics()["render"]["errors"])
            wait("idle", lambda: worker.metrics()["render"]["in_progress"] == 0)
            wait("begin", lambda: worker.metrics()["send"]["in_progress"])
            found = worker.metrics()
            go_on.set()
        assert found["render"].pop("seconds") >= 0
        assert found["render"] == {
            "fetched": 4, "completed": 2, "failed": 1, "errors": 1, "lease_lost": 0,
            "in_progress": 0,
        }  # fmt: skip
        assert (found["send"]["fetched"], found["send"]["in_progress"]) == (1, 1)
        assert worker.metrics()["send"]["seconds"] > 0


class TestNumbers:
    @pytest.mark.parametrize(
        "given",
        [{"lease": 0}, {"lease": -1}, {"lease": 1e9}, {"retries": -1}, {"back_off": [1, -1]}],
    )
    def test_a_function_with_numbers_that_cannot_be_meant_is_refused(
        self, hire: Hire, given: dict[str, Any]
    ) -> None:
        with pytest.raises(ValueError, match=next(iter(given))):
            hire().task("render", **given)

    @pytest.mark.parametrize(
        "given", [{"max_tasks": 0}, {"max_tasks": 5000}, {"poll": -1}, {"name": "x" * 300}]
    )
    def test_a_worker_with_numbers_that_cannot_be_meant_is_refused(
        self, given: dict[str, Any]
    ) -> None:
        with pytest.raises(ValueError, match=next(iter(given))):
            Worker("http://127.0.0.1", token="x", **given)

    @pytest.mark.parametrize("given", [{"wait": -5.0}, {"retries": -1}])
    def test_a_failure_that_lies_in_the_past_is_one_without_wait_or_retries(
        self, fake: Fake, hire: Hire, given: dict[str, Any]
    ) -> None:
        worker = hire()

        @worker.task("render", retries=3)
        def fail(task: Task) -> None:
            raise Failure("no", **given)

        fake.offer("render")
        with working(worker):
            sent = fake.first("failure").body
        assert (sent["retryTimeout"], sent["retries"]) == ((0, 3) if "wait" in given else (0, 0))
