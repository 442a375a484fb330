"""Untrusted files are read beside the process that serves pages, within limits."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from pathlib import Path

import pytest

from benchmarks.scaled import KINDS
from engine.deployment.apart import WAITING, Apart, TooMuch
from engine.deployment.examining import examine
from engine.models.checks import Known
from engine.sentences.errors import Unavailable

WHERE_WE_LOOK = [folder or str(Path.cwd()) for folder in sys.path]
SHORT_SECONDS, SMALL_MEGABYTES = 1, 512


@pytest.fixture
def apart() -> Iterator[Apart]:
    one = Apart(SHORT_SECONDS, SMALL_MEGABYTES)
    yield one
    one.close()


def test_models_are_read_in_another_process_with_the_same_findings(apart: Apart) -> None:
    files = KINDS["exclusive ways"][1](10)
    here = examine(files, {}, Known())
    assert apart.examine(files, {}, Known()) == here
    assert here.problems
    assert apart.call(os.getpid) != os.getpid()


def test_one_worker_answers_one_after_the_other(apart: Apart) -> None:
    assert apart.call(os.getpid) == apart.call(os.getpid)


FORKED = """
import multiprocessing, os
from engine.deployment.apart import Apart

apart = Apart()
parents = apart.call(os.getpid)
context = multiprocessing.get_context("fork")
answers = context.SimpleQueue()

def ask():
    answers.put(apart.call(os.getpid))
    apart.close()

child = context.Process(target=ask)
child.start()
childs = answers.get()
child.join()
print(childs != parents, apart.call(os.getpid) == parents)
apart.close()
"""


def test_a_forked_process_asks_a_worker_of_its_own() -> None:
    """Two who share one would each read what the other asked for."""
    told = subprocess.run(
        [sys.executable, "-c", FORKED], check=True, capture_output=True, text=True
    )
    assert told.stdout == "True True\n"


def test_the_worker_runs_no_code_of_the_folder_it_is_started_in(
    apart: Apart, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who deploys a folder of foreign models often stands in it."""
    (tmp_path / "resource.py").write_text("raise SystemExit")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", WHERE_WE_LOOK)
    assert apart.call(pow, 2, 3) == 8


@pytest.mark.long
def test_work_that_never_ends_is_ended_though_it_holds_the_lock_and_the_next_is_done(
    apart: Apart,
) -> None:
    with pytest.raises(TooMuch):
        apart.call(pow, 3, 10**9)
    assert apart.call(pow, 2, 3) == 8


def test_work_that_takes_all_memory_ends_alone(apart: Apart) -> None:
    with pytest.raises(TooMuch):
        apart.call(bytearray, 2 * SMALL_MEGABYTES * 2**20)
    assert apart.call(pow, 2, 3) == 8


@pytest.mark.long
def test_time_is_counted_for_each_request_alone(apart: Apart) -> None:
    while sum(apart.call(os.times)[:2]) < 2 * SHORT_SECONDS:
        apart.call(pow, 3, 10**5)


@pytest.mark.long
def test_what_takes_too_much_is_one_finding_in_words() -> None:
    apart = Apart(seconds=0)
    [table] = KINDS["wide rules"][1](200).values()
    [problem] = apart.examine({f"{n}.dmn": table for n in range(20)}, {}, Known()).problems
    assert problem.severity == "error"
    assert "more time or memory than a check may" in str(problem.what)
    assert "Split the model" in str(problem.advice)
    apart.close()


def test_an_error_of_ours_is_told_with_its_place(apart: Apart) -> None:
    with pytest.raises(RuntimeError, match="invalid literal"):
        apart.call(int, "seven")
    assert apart.call(int, "7") == 7


def test_who_would_wait_too_long_is_asked_to_come_back(apart: Apart, tmp_path: Path) -> None:
    """Whoever waits holds a thread of the pages."""
    os.mkfifo(gate := tmp_path / "gate")
    with ThreadPoolExecutor(WAITING + 1) as threads:
        # Opening blocks until somebody writes.
        asked = [threads.submit(apart.call, os.open, gate, os.O_RDONLY) for _ in range(WAITING + 1)]
        done, waiting = wait(asked, return_when=FIRST_COMPLETED)
        with gate.open("wb"):
            assert [type(one.exception()) for one in done] == [Unavailable]
            assert all(one.result() > 0 for one in waiting)


def test_the_worker_ends_with_its_owner(apart: Apart) -> None:
    worker = apart.call(os.getpid)
    line, apart._line = apart._line, None
    assert line is not None
    line.close()  # as the end of the owner does
    assert os.waitpid(worker, 0) == (worker, 0)
