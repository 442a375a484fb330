"""A stopped worker finishes its running tasks and gives back the others."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from tests.e2e.product import free_port
from tests.web.worker.conftest import Hire, end_of, refused, until, working
from tests.web.worker.fake import PATIENCE_SECONDS, Fake, Fault, wait
from web.worker import Task
from web.worker.metrics import prometheus

ROOT = Path(__file__).parents[3]

PROGRAM = """
import logging, sys, time
from web.worker import Worker
logging.basicConfig(level="INFO", stream=sys.stdout, format="%(message)s")
worker = Worker(sys.argv[1], token="t", name="pdf-1")
@worker.task("render")
def render(task):
    print("begun", flush=True)
    time.sleep(task.variables["seconds"])
worker.run()
print("ended", flush=True)
"""


def started(fake: Fake) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, fake.url], cwd=ROOT, text=True, stdout=subprocess.PIPE
    )


def read_until(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdout
    assert any(found == f"{line}\n" for found in process.stdout), line


class TestStop:
    def test_a_waiting_worker_ends_long_before_its_call_would(self, fake: Fake, hire: Hire) -> None:
        worker = hire(poll=600)
        worker.task("render")(lambda task: None)
        begun = time.monotonic()
        with working(worker):
            fake.first("fetchAndLock")

        assert time.monotonic() - begun < 60

    def test_what_runs_is_finished_and_reported(
        self, fake: Fake, hire: Hire, go_on: threading.Event
    ) -> None:
        worker, begun = hire(), threading.Event()

        worker.task("render")(until(go_on, begun))

        fake.offer("render")
        thread = threading.Thread(target=worker.run)
        thread.start()
        assert begun.wait(PATIENCE_SECONDS)
        worker.stop()
        wait("stop", worker._stopping.is_set)
        go_on.set()
        thread.join(PATIENCE_SECONDS)

        assert len(fake.of("complete")) == 1

    def test_a_task_that_comes_while_it_stops_is_given_back(self, fake: Fake, hire: Hire) -> None:
        worker, begun = hire(max_tasks=2), list[Task]()
        worker.task("render")(begun.append)
        with working(worker):
            fake.first("fetchAndLock")
            worker.stop()
            wait("stop", worker._stopping.is_set)
            id = fake.offer("render")

        assert [call.task for call in fake.of("unlock")] == [id]
        assert begun == []

    def test_leases_are_extended_until_the_last_function_has_ended(
        self, fake: Fake, hire: Hire, go_on: threading.Event
    ) -> None:
        worker, begun = hire(), threading.Event()

        worker.task("render", lease=0.4)(until(go_on, begun))

        fake.offer("render")
        thread = threading.Thread(target=worker.run)
        thread.start()
        assert begun.wait(PATIENCE_SECONDS)
        worker.stop()
        wait("cut", lambda: worker._fetches._cut)
        before = len(fake.of("extendLock"))
        fake.first_ones("extendLock", before + 2)
        go_on.set()
        thread.join(PATIENCE_SECONDS)

        assert len(fake.of("complete")) == 1

    @pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
    def test_a_signal_stops_the_program_in_order(self, fake: Fake, sent: signal.Signals) -> None:
        with started(fake) as process:
            fake.offer("render", seconds=1)
            read_until(process, "begun")
            process.send_signal(sent)
            read_until(process, "ended")

        assert process.returncode == 0
        assert len(fake.of("complete")) == 1

    def test_a_second_signal_ends_it_at_once(self, fake: Fake) -> None:
        with started(fake) as process:
            fake.offer("render", seconds=PATIENCE_SECONDS)
            read_until(process, "begun")
            process.send_signal(signal.SIGTERM)
            read_until(process, "Worker pdf-1 stops")
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=PATIENCE_SECONDS / 2)

        assert process.returncode == -signal.SIGTERM
        assert fake.of("complete") == []

    def test_a_last_report_that_is_refused_is_told(
        self, fake: Fake, hire: Hire, go_on: threading.Event, caplog: pytest.LogCaptureFixture
    ) -> None:
        worker, begun = hire(), threading.Event()
        worker.task("render")(until(go_on, begun))
        fake.faults["complete"] = [Fault(401, message="The token has expired.")]
        fake.offer("render")

        def stop() -> None:
            assert begun.wait(PATIENCE_SECONDS)
            worker.stop()
            wait("stop", worker._stopping.is_set)
            go_on.set()

        threading.Thread(target=stop).start()
        assert refused(worker)
        assert "is refused and ends: The token has expired. (401)" in caplog.text

    def test_what_is_broken_in_the_worker_ends_it_and_is_told(self, fake: Fake, hire: Hire) -> None:
        """Not a program that runs for ever and does nothing."""
        worker = hire()
        worker.task("render")(lambda task: None)
        fake.waits, fake.take = False, lambda body: [{"id": "1", "topicName": "other"}]  # type: ignore[method-assign]

        assert isinstance(end_of(worker), KeyError)


class TestMetricsPage:
    def test_prometheus_reads_them_on_this_machine(self, fake: Fake, hire: Hire) -> None:
        port = free_port()
        worker = hire(metrics_port=port)
        worker.task('a "b"\\c')(lambda task: None)
        fake.offer('a "b"\\c')
        with working(worker):
            wait("end", lambda: worker.metrics()['a "b"\\c']["completed"])
            with urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
                kind, text = answer.headers["Content-Type"], answer.read().decode()
            with pytest.raises(HTTPError, match="404"):
                urlopen(f"http://127.0.0.1:{port}/")

        assert kind.startswith("text/plain; version=0.0.4")
        assert "# TYPE tindak_worker_completed_total counter\n" in text
        assert 'tindak_worker_completed_total{topic="a \\"b\\"\\\\c"} 1\n' in text
        assert "# TYPE tindak_worker_in_progress gauge\n" in text
        assert prometheus(worker.metrics()).count("\n") == text.count("\n") == 14


def test_it_needs_python_alone() -> None:
    """`-I -S`: no installed package is found, only the sources."""
    program = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); import web.worker; "
        "print(*(name for name in sys.modules if name.startswith(('web', 'engine', 'processes'))))"
    )
    out = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program],
        capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": ""},
    )  # fmt: skip
    found = set(out.stdout.split()) - {"web", "webbrowser"}

    assert all(name.startswith("web.worker") for name in found)
    assert "web.worker.client" in found
