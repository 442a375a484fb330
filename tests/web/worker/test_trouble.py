"""If the server is away, busy or strange, a worker waits, logs it, and loses nothing."""

from __future__ import annotations

import random
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
import trustme

from tests.web.worker.conftest import Hire, refused, until, working
from tests.web.worker.fake import PATIENCE_SECONDS, Fake, Fault, wait
from web.worker import Task, Worker
from web.worker.client import BackOff

SECONDS = timedelta(seconds=1)


class TestServerAway:
    @pytest.mark.parametrize("fault", [Fault(), Fault(500), Fault(502), Fault(404), Fault(302)])
    def test_tasks_are_asked_for_again(self, fake: Fake, hire: Hire, fault: Fault) -> None:
        worker = hire()
        worker.task("render")(lambda task: None)
        fake.faults["fetchAndLock"] = [fault]
        fake.offer("render")
        with working(worker):
            fake.first("complete")

    def test_it_waits_longer_each_time_and_not_in_step_with_others(self) -> None:
        pauses = BackOff(0.5, 60)
        first = [pauses.seconds() for _ in range(12)]
        random.seed(7)
        one = BackOff(0.5, 60).seconds()
        random.seed(8)

        assert all(0.25 * 2**n <= pause <= 0.5 * 2**n for n, pause in enumerate(first[:7]))
        assert all(30 <= pause <= 60 for pause in first[8:])
        assert one != BackOff(0.5, 60).seconds()

    def test_after_an_answer_it_begins_with_short_waits(self) -> None:
        pauses = BackOff(0.5, 60)
        for _ in range(9):
            pauses.seconds()
        pauses.reset()

        assert pauses.seconds() <= 0.5

    def test_a_server_that_never_answers_costs_few_calls(self, fake: Fake, hire: Hire) -> None:
        """The waits are 0.25, 0.5 and 1 s at least."""
        worker = hire()
        worker.task("render")(lambda task: None)
        fake.faults["fetchAndLock"] = [Fault()] * 99
        with working(worker):
            tries = fake.first_ones("fetchAndLock", 4)

        assert tries[3].at - tries[0].at >= 1.75

    def test_empty_answers_that_come_at_once_are_no_reason_to_hurry(
        self, fake: Fake, hire: Hire
    ) -> None:
        fake.waits = False
        worker = hire()
        worker.task("render")(lambda task: None)
        with working(worker):
            calls = fake.first_ones("fetchAndLock", 3)

        assert calls[2].at - calls[0].at >= 1.9

    @pytest.mark.parametrize("fault", [Fault(), Fault(500), Fault(429), Fault(503)])
    def test_a_report_whose_answer_is_lost_is_repeated_as_it_was(
        self, fake: Fake, hire: Hire, fault: Fault
    ) -> None:
        worker = hire()
        worker.task("render")(lambda task: {"url": "u"})
        fake.faults["complete"] = [fault, fault]
        fake.offer("render")
        with working(worker):
            first, second, third = fake.first_ones("complete", 3)
        assert first.body == second.body == third.body
        assert first.task == second.task == third.task
        assert worker.metrics()["render"]["completed"] == 1

    def test_when_nothing_is_heard_until_the_lease_ends_it_says_what_is_unknown(
        self, fake: Fake, hire: Hire, caplog: pytest.LogCaptureFixture
    ) -> None:
        worker = hire()
        worker.task("render", lease=0.5)(lambda task: None)
        fake.faults["complete"] = [Fault(503)] * 99
        id = fake.offer("render")
        with working(worker):
            wait("end", lambda: worker.metrics()["render"]["lease_lost"])

        assert f"Nobody knows whether task {id} is done" in caplog.text


class TestBusyServer:
    def test_it_comes_back_when_the_server_says(self, fake: Fake, hire: Hire) -> None:
        worker = hire()
        worker.task("render")(lambda task: None)
        soon = format_datetime(datetime.now(UTC) + 4 * SECONDS, usegmt=True)
        fake.faults["fetchAndLock"] = [
            Fault(429, {"Retry-After": "2"}),
            Fault(503, {"Retry-After": soon}),
        ]
        with working(worker):
            first, second, _ = fake.first_ones("fetchAndLock", 3)
            then = datetime.now(UTC)

        assert second.at - first.at >= 2
        assert then >= datetime.strptime(soon, "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)

    def test_a_report_waits_as_long(self, fake: Fake, hire: Hire) -> None:
        worker = hire()
        worker.task("render")(lambda task: None)
        fake.faults["complete"] = [Fault(503, {"Retry-After": "2"})]
        fake.offer("render")
        with working(worker):
            first, second = fake.first_ones("complete", 2)

        assert second.at - first.at >= 2


class TestRefused:
    @pytest.mark.parametrize("status", [401, 403])
    @pytest.mark.parametrize("act", ["fetchAndLock", "complete", "extendLock"])
    def test_it_says_why_and_ends_with_a_status_of_its_own(
        self, fake: Fake, hire: Hire, status: int, act: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        worker = hire()

        @worker.task("render", lease=0.4)
        def render(task: Task) -> None:
            if act == "extendLock":
                fake.first("extendLock")

        fake.faults[act] = [Fault(status, message="The token has expired.")]
        fake.offer("render")

        assert refused(worker)
        assert f"Worker pdf-1 is refused and ends: The token has expired. ({status})" in caplog.text

    def test_what_runs_is_finished_first(
        self, fake: Fake, hire: Hire, go_on: threading.Event
    ) -> None:
        worker = hire(max_tasks=2, poll=0.1)
        begun = threading.Event()

        worker.task("render")(until(go_on, begun))

        fake.offer("render")
        with working(worker):
            assert begun.wait(PATIENCE_SECONDS)
            fake.faults["fetchAndLock"] = [Fault(401)]
            wait("refusal", worker._stopping.is_set)
            assert fake.of("complete") == []
            go_on.set()

        assert len(fake.of("complete")) == 1


class TestToken:
    def test_it_comes_from_an_argument_a_file_or_the_environment(
        self, fake: Fake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "token").write_text("of-the-file\n")
        (tmp_path / "other").write_text("of-the-other-file\n")
        monkeypatch.setenv("TINDAK_URL", fake.url)
        monkeypatch.setenv("TINDAK_TOKEN", "of-the-environment")
        sent = [self.sent(fake, Worker(token="given")),
                self.sent(fake, Worker(token_file=tmp_path / "token")),
                self.sent(fake, Worker())]  # fmt: skip
        monkeypatch.setenv("TINDAK_TOKEN_FILE", str(tmp_path / "other"))
        sent.append(self.sent(fake, Worker()))

        assert sent == ["given", "of-the-file", "of-the-environment", "of-the-other-file"]

    def sent(self, fake: Fake, worker: Worker) -> str:
        fake.calls.clear()
        worker.task("render")(lambda task: None)
        with working(worker):
            return fake.first("fetchAndLock").headers["authorization"].removeprefix("Bearer ")

    def test_without_one_it_says_what_to_give(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("TINDAK_TOKEN", raising=False)
        with pytest.raises(ValueError, match="give token=, token_file= or TINDAK_TOKEN"):
            Worker("https://tindak.example.go.id")

    @pytest.mark.parametrize("token", ["se cret", "secret\nsecret", "sécret"])
    def test_one_that_cannot_be_sent_is_refused_without_showing_it(self, token: str) -> None:
        with pytest.raises(ValueError, match="characters that no token has") as refusal:
            Worker("https://tindak.example.go.id", token=token)
        assert "cret" not in str(refusal.value)

    @pytest.mark.parametrize("url", ["", "tindak.example.go.id", "ftp://tindak.example.go.id"])
    def test_an_address_that_cannot_be_one_is_refused_with_an_example(self, url: str) -> None:
        with pytest.raises(ValueError, match="write https://"):
            Worker(url, token="t")

    def test_it_is_never_sent_unencrypted_to_another_machine(self) -> None:
        with pytest.raises(ValueError, match="would send the token unencrypted"):
            Worker("http://tindak.example.go.id", token="t")

        Worker("http://tindak:8000", token="t", allow_http=True)
        for here in ("http://localhost:8000", "http://127.0.0.1:8000", "http://[::1]:8000"):
            Worker(here, token="t")

    def test_the_address_may_name_the_api_too(self, fake: Fake) -> None:
        worker = Worker(f"{fake.url}/engine-rest/", token="t")
        worker.task("render")(lambda task: None)
        with working(worker):
            fake.first("fetchAndLock")


class TestCertificate:
    @pytest.fixture
    def ca(self, fake: Fake) -> trustme.CA:
        """An authority nobody knows; the server has a certificate of it."""
        import ssl

        authority = trustme.CA()
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert("localhost").configure_cert(context)
        fake.socket = context.wrap_socket(fake.socket, server_side=True)
        return authority

    def at(self, fake: Fake, **options: str) -> Worker:
        worker = Worker(f"https://localhost:{fake.server_address[1]}", token="t", **options)  # type: ignore[arg-type]
        worker.task("render")(lambda task: None)
        return worker

    def test_one_of_an_unknown_authority_hears_no_token(
        self, fake: Fake, ca: trustme.CA, caplog: pytest.LogCaptureFixture
    ) -> None:
        with working(self.at(fake)):
            wait("words", lambda: "certificate verify failed" in caplog.text)

        assert fake.calls == []

    def test_one_of_the_authority_in_the_file_is_believed(
        self, fake: Fake, ca: trustme.CA, tmp_path: Path
    ) -> None:
        ca.cert_pem.write_to_path(tmp_path / "ca.pem")
        fake.offer("render")
        with working(self.at(fake, ca_file=str(tmp_path / "ca.pem"))):
            fake.first("complete")
