"""The page about the architecture is followed: each flow runs, and calls what the page says."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import Final

import pytest

from engine.scheduler import Scheduler
from processes.composition import open_service
from processes.files.blobs import clean_name
from tests.processes.notices.test_sending import Postbox, postbox  # noqa: F401
from tests.processes.stories.world import options
from tests.test_docs import ROOT
from tests.web.conftest import Office, Person, text
from tests.web.desk.test_drafts import RELEASE, rename, seal
from tests.web.docs.following import Step, first_missing, following
from tests.web.work.test_follow_up_tasks import ACCEPTED, REPORT, with_file

PAGES: Final = ("architecture.md", "architecture.en.md")
MOST_LINES: Final = 150
FLOWS: Final = 5
LINE: Final = re.compile(r"^\d+\. `([\w/.]+\.py)`, `([\w.]+)`: (.+)$", re.MULTILINE)
NUMBERED: Final = re.compile(r"^\d+\. ", re.MULTILINE)
ROOM: Final = re.compile(r"^\| `([\w/]+)` \| (.+) \|$", re.MULTILINE)
PATH: Final = re.compile(r"`((?:engine|processes|web)/[\w./]+)`")
FILE_IN_FORM: Final = re.compile(r'name="evidence" value="([0-9a-f-]+)"')


def read(page: str) -> str:
    return (ROOT / "docs" / page).read_text("utf-8")


def flows(page: str) -> list[list[Step]]:
    """The steps below each heading that has numbered lines."""
    told = [[Step(*line[:2]) for line in LINE.findall(part)] for part in read(page).split("\n## ")]
    return [steps for steps in told if steps]


# --- the flows, as people and the scheduler set them going --------------------------------------


def completion(office: Office) -> Callable[[], None]:
    person, task = office.enter("kemhan"), office.task("acknowledge")
    person.get(task)
    return lambda: sent(person, f"{task}/complete", ACCEPTED)


def report_with_evidence(office: Office) -> Callable[[], None]:
    person, task = office.enter("kemenperin"), office.task("report", "kemenperin")

    def hand_in() -> None:
        checked = with_file(person, task, REPORT)
        files = FILE_IN_FORM.findall(text(checked))
        assert len(files) == 1, "the check page carries the file on"
        sent(person, f"{task}/complete", {**REPORT, "evidence": files})

    return hand_in


def draft_to_release(office: Office) -> Callable[[], None]:
    owner = office.enter("owner")

    def release() -> None:
        rename(office, owner)
        sent(owner, RELEASE, {"note": "Nama yang lebih jelas", "seal": seal(owner)})

    return release


def inbox(office: Office) -> Callable[[], None]:
    person = office.enter("kemhan")

    def ask() -> None:
        assert person.get("/inbox").status_code == 200

    return ask


def timer_to_mail(office: Office, scheduler: Scheduler, box: Postbox) -> Callable[[], None]:
    office.clock.advance(days=20)

    def look() -> None:
        scheduler.start()
        try:
            wait_for(lambda: box.received)
        finally:
            scheduler.stop()

    return look


def sent(person: Person, address: str, form: Mapping[str, object]) -> None:
    """A form is sent, and taken in."""
    assert person.post(address, form).status_code == 302


def wait_for(reached: Callable[[], object], seconds: float = 60) -> None:
    limit = monotonic() + seconds
    while not reached():
        assert monotonic() < limit, "it was not reached"
        sleep(0.02)


# --- the page -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "begun"),
    [(0, completion), (2, report_with_evidence), (3, draft_to_release), (4, inbox)],
)
def test_a_flow_calls_what_the_page_names_in_the_order_of_the_page(
    place: int, begun: Callable[[Office], Callable[[], None]], office: Office
) -> None:
    assert first_missing(flows(PAGES[1])[place], followed(begun(office))) is None


def test_the_flow_from_a_timer_to_a_mail_is_the_one_of_the_page(
    office: Office,
    tmp_path: Path,
    postbox: tuple[Postbox, str],  # noqa: F811
) -> None:
    box, server = postbox
    mailing = replace(options(tmp_path), smtp_url=server)
    service = open_service(f"sqlite:///{tmp_path / 'tindak.db'}", mailing, office.clock)
    called = followed(timer_to_mail(office, Scheduler(service.engine), box))
    service.close()
    assert first_missing(flows(PAGES[1])[1], called) is None


def followed(run: Callable[[], None]) -> list[Step]:
    """What a flow calls."""
    with following() as called:
        run()
    return called.steps


@pytest.mark.parametrize("page", PAGES)
def test_each_page_tells_every_flow_and_each_numbered_line_names_a_function(page: str) -> None:
    assert len(flows(page)) == FLOWS
    assert sum(map(len, flows(page))) == len(NUMBERED.findall(read(page)))


@pytest.mark.parametrize("step", sorted({step for flow in flows(PAGES[1]) for step in flow}))
def test_a_named_file_holds_the_named_function(step: Step) -> None:
    assert step.function in functions(step.file)


def test_both_languages_follow_the_same_steps() -> None:
    assert flows(PAGES[0]) == flows(PAGES[1])


@pytest.mark.parametrize("page", PAGES)
def test_the_table_names_every_room_and_no_other(page: str) -> None:
    named = [room for room, _ in ROOM.findall(read(page))]
    assert named == sorted(rooms())


@pytest.mark.parametrize("page", PAGES)
def test_every_path_on_the_page_exists(page: str) -> None:
    gone = [path for path in PATH.findall(read(page)) if not (ROOT / path).exists()]
    assert gone == []


@pytest.mark.parametrize("page", PAGES)
def test_it_stays_one_page(page: str) -> None:
    assert len(read(page).splitlines()) <= MOST_LINES


def rooms() -> set[str]:
    """Packages right below a wing."""
    return {
        place.parent.relative_to(ROOT).as_posix()
        for wing in ("engine", "processes", "web")
        for place in (ROOT / wing).glob("*/__init__.py")
    }


@cache
def functions(file: str) -> frozenset[str]:
    """Names of what can be called in a file, as Python tells them."""
    return frozenset(_named(ast.parse((ROOT / file).read_text("utf-8")), ""))


def _named(tree: ast.AST, above: str) -> Iterator[str]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef):
            yield from _named(node, f"{above}{node.name}.")
        elif isinstance(node, ast.FunctionDef):
            yield f"{above}{node.name}"


# --- what follows is strict ---------------------------------------------------------------------

ONE, TWO, THREE = (Step("web/a.py", name) for name in ("one", "two", "three"))


def test_steps_between_those_told_are_no_fault() -> None:
    assert first_missing([ONE, THREE], [ONE, TWO, THREE]) is None


def test_a_step_that_is_called_too_early_is_missing() -> None:
    assert first_missing([ONE, TWO, THREE], [TWO, ONE, THREE]) == TWO


def test_a_step_of_another_file_is_missing() -> None:
    assert first_missing([ONE._replace(file="web/b.py")], [ONE]) == Step("web/b.py", "one")


def test_what_other_threads_call_is_followed_too() -> None:
    with following() as called:
        thread = Thread(target=clean_name, args=("a.pdf",))
        thread.start()
        thread.join()
    assert Step("processes/files/blobs.py", "clean_name") in called.steps
