"""What somebody has typed into a task: which save counts, what stays to be taken back, and how it
goes with the task."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from engine import Engine
from engine.sentences.errors import Conflict, NotFound
from engine.storage.cases.drafts import Draft
from engine.time.clock import ManualClock
from processes.acts import reading
from processes.rights.access import Scope, scope_of
from processes.rights.grants import granted
from processes.storage.files import evidence
from processes.storage.files.evidence import Upload
from processes.storage.people import users
from processes.work import task_drafts, tasks
from processes.work.task_drafts import ORDER, PAGE, REST, Page, Saved
from tests.processes.conftest import NOW, Data, person, scope, served
from tests.web.api.models import REVIEW

WEEK = timedelta(days=7)
ONE = Page("one")


@pytest.fixture
def ani(small: Data) -> Scope:
    person(small, "budi", granted("coordinator"))
    return scope(small, person(small, "ani", granted("coordinator")))


@pytest.fixture
def task_id(small: Data, ani: Scope) -> UUID:
    """A task that ani has taken, and could have been budi's."""
    small.engine.deploy(REVIEW, "owner")
    instance = small.engine.start("review", {"due": None}, by="owner")
    [task] = small.engine.tasks(instance_id=instance, limit=2)
    tasks.claim(small, ani, task.id)
    return task.id


def other(data: Data) -> Scope:
    with data.reading() as connection:
        found = users.id_of(connection, "budi")
        assert found is not None
        return scope_of(connection, found)


def save(data: Data, who: Scope, task_id: UUID, text: str, at: Page = ONE) -> Saved:
    return task_drafts.save(data, who, task_id, {"text": text}, at)


def own(data: Data, who: Scope, task_id: UUID) -> dict[str, Any] | None:
    """What somebody has typed so far, without what the page notes beside it."""
    with reading.opened(data, who) as at:
        found = task_drafts.own(at, task_id)
    return None if found is None else entries(found)


def entries(draft: Draft) -> dict[str, Any]:
    return {name: value for name, value in draft.data.items() if name not in (PAGE, ORDER)}


def past(data: Data, who: Scope, task_id: UUID) -> list[Any]:
    with reading.opened(data, who) as at:
        return [one.data["text"] for one in task_drafts.past(at, task_id)]


# --- which save counts --------------------------------------------------------------------------


def test_typing_on_keeps_the_last_text_and_no_other(small: Data, ani: Scope, task_id: UUID) -> None:
    assert own(small, ani, task_id) is None
    versions = [save(small, ani, task_id, text).draft.version for text in ("N", "Na", "Naik")]
    assert versions == [1, 2, 3]
    assert own(small, ani, task_id) == {"text": "Naik"}
    assert past(small, ani, task_id) == []


def test_what_is_there_already_is_no_new_version(small: Data, ani: Scope, task_id: UUID) -> None:
    first = save(small, ani, task_id, "Naik").draft
    for page in (Page("one"), Page("two"), Page("")):
        again = save(small, ani, task_id, "Naik", page)
        assert (again.draft, again.over) == (first, None)


def test_a_save_that_was_overtaken_on_its_way_changes_nothing(
    small: Data, ani: Scope, task_id: UUID
) -> None:
    save(small, ani, task_id, "Naik", Page("one", order=20))
    late = save(small, ani, task_id, "Na", Page("one", order=10))
    assert entries(late.draft) == {"text": "Naik"}
    assert own(small, ani, task_id) == {"text": "Naik"}
    save(small, ani, task_id, "Naik 5", Page("one", order=21))
    assert own(small, ani, task_id) == {"text": "Naik 5"}
    save(small, ani, task_id, "Turun", Page("two", order=1))
    assert own(small, ani, task_id) == {"text": "Turun"}, "each page by its own clock"
    save(small, ani, task_id, "Tetap", Page("two"))
    assert own(small, ani, task_id) == {"text": "Tetap"}, "a page without a clock is never late"


def test_a_page_that_has_seen_the_other_text_overwrites_it_knowingly(
    small: Data, ani: Scope, task_id: UUID
) -> None:
    first = save(small, ani, task_id, "Naik").draft
    knowing = save(small, ani, task_id, "Turun", Page("two", seen=first.version))
    assert knowing.over is None
    assert past(small, ani, task_id) == ["Naik"], "and can be taken back all the same"
    unknowing = save(small, ani, task_id, "Tetap", Page("three", seen=first.version))
    assert unknowing.over is not None
    assert entries(unknowing.over) == {"text": "Turun"}


def test_after_a_rest_what_was_typed_before_is_kept(prepared_sqlite: Path, tmp_path: Path) -> None:
    clock, copy = ManualClock(NOW), shutil.copy(prepared_sqlite, tmp_path / "tindak.db")
    data = served(Engine.open(f"sqlite:///{copy}", clock=clock))
    ani = scope(data, person(data, "ani", granted("coordinator")))
    data.engine.deploy(REVIEW, "owner")
    instance = data.engine.start("review", {"due": None}, by="owner")
    [task] = data.engine.tasks(instance_id=instance, limit=2)
    save(data, ani, task.id, "Naik")
    clock.advance(minutes=10)
    assert timedelta(minutes=10) == REST
    save(data, ani, task.id, "Naik 5")
    assert past(data, ani, task.id) == [], "just typing on"
    clock.advance(minutes=10, seconds=1)
    save(data, ani, task.id, "Turun")
    assert past(data, ani, task.id) == ["Naik 5"]
    data.close()


# --- taking back --------------------------------------------------------------------------------


def test_an_earlier_text_counts_again_and_the_present_one_stays(
    small: Data, ani: Scope, task_id: UUID
) -> None:
    first = save(small, ani, task_id, "Naik").draft
    save(small, ani, task_id, "Turun", Page("two"))
    task_drafts.take_back(small, ani, task_id, first.version)
    assert own(small, ani, task_id) == {"text": "Naik"}
    assert past(small, ani, task_id) == ["Turun", "Naik"]


@pytest.mark.parametrize("version", [0, 2, 99])
def test_a_text_that_is_not_kept_is_not_taken_back(
    small: Data, ani: Scope, task_id: UUID, version: int
) -> None:
    save(small, ani, task_id, "Naik")
    save(small, ani, task_id, "Turun", Page("two"))
    with pytest.raises(NotFound, match="not kept any more"):
        task_drafts.take_back(small, ani, task_id, version)
    assert own(small, ani, task_id) == {"text": "Turun"}


def test_nothing_is_typed_or_taken_back_once_the_task_is_done(
    small: Data, ani: Scope, task_id: UUID
) -> None:
    first = save(small, ani, task_id, "Naik").draft
    save(small, ani, task_id, "Turun", Page("two"))
    tasks.complete(small, ani, task_id, {"text": "Turun"})
    for act in (
        lambda: save(small, ani, task_id, "Lagi"),
        lambda: task_drafts.take_back(small, ani, task_id, first.version),
    ):
        with pytest.raises(Conflict):
            act()
    assert own(small, ani, task_id) == {"text": "Turun"}


# --- with the task to somebody else -------------------------------------------------------------


def upload(data: Data, owner: str) -> str:
    row = Upload(uuid7(), owner, None, "a" * 64, "a.pdf", "application/pdf", 9, NOW, NOW + WEEK)
    with data.transaction() as connection:
        evidence.insert_upload(connection, row)
    return str(row.id)


def test_what_was_typed_goes_on_with_the_task_files_too(
    small: Data, ani: Scope, task_id: UUID
) -> None:
    file = upload(small, "ani")
    task_drafts.save(small, ani, task_id, {"text": "Naik", "papers": [file]}, Page("one"))
    tasks.pass_on(small, ani, task_id, "budi")
    budi = other(small)
    typed = own(small, budi, task_id)
    assert typed is not None and typed["text"] == "Naik"
    [copied] = typed["papers"]
    with small.reading() as connection:
        [theirs] = evidence.uploads(connection, "budi", [UUID(copied)])
        assert theirs.name == "a.pdf"
        assert evidence.uploads(connection, "budi", [UUID(file)]) == []
    mine = own(small, ani, task_id)
    assert mine == {"text": "Naik", "papers": [file]}, "whoever gave it keeps it"


def test_what_the_next_one_had_typed_before_can_be_taken_back(
    small: Data, ani: Scope, task_id: UUID
) -> None:
    budi = other(small)
    tasks.give_back(small, ani, task_id)
    save(small, budi, task_id, "Punya Budi")
    tasks.claim(small, ani, task_id)
    save(small, ani, task_id, "Punya Ani")
    tasks.pass_on(small, ani, task_id, "budi")
    assert own(small, budi, task_id) == {"text": "Punya Ani"}
    assert past(small, budi, task_id) == ["Punya Budi"]


def test_whoever_takes_a_task_that_was_given_back_goes_on_where_it_stood(
    small: Data, ani: Scope, task_id: UUID
) -> None:
    budi = other(small)
    save(small, ani, task_id, "Punya Ani")
    tasks.give_back(small, ani, task_id)
    assert own(small, budi, task_id) is None, "nothing before it is taken"
    tasks.claim(small, budi, task_id)
    assert own(small, budi, task_id) == {"text": "Punya Ani"}


def test_whoever_has_typed_before_keeps_the_own_text(
    small: Data, ani: Scope, task_id: UUID
) -> None:
    budi = other(small)
    save(small, ani, task_id, "Punya Ani")
    tasks.give_back(small, ani, task_id)
    save(small, budi, task_id, "Punya Budi")
    tasks.claim(small, budi, task_id)
    assert own(small, budi, task_id) == {"text": "Punya Budi"}
    assert past(small, budi, task_id) == []


def test_where_nothing_was_typed_nothing_goes_along(small: Data, ani: Scope, task_id: UUID) -> None:
    tasks.pass_on(small, ani, task_id, "budi")
    assert own(small, other(small), task_id) is None


# --- what was sent ------------------------------------------------------------------------------


def test_after_the_end_a_draft_says_what_was_sent(small: Data, ani: Scope, task_id: UUID) -> None:
    save(small, ani, task_id, "Baru separuh")
    tasks.complete(small, ani, task_id, {"text": "Naik."})
    assert own(small, ani, task_id) == {"text": "Naik."}


def test_a_task_that_was_never_typed_into_keeps_what_was_sent_too(
    small: Data, ani: Scope, task_id: UUID
) -> None:
    tasks.complete(small, ani, task_id, {"text": "Naik."})
    assert own(small, ani, task_id) == {"text": "Naik."}
    assert own(small, other(small), task_id) is None
