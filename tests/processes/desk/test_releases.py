"""Drafts and releases: what a file is called, what a release would do, and who may make one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import pytest

from engine.sentences.errors import BadInput, Conflict, Forbidden, NotFound
from processes.acts import reading
from processes.desk import releases
from processes.desk.releases import Preview
from processes.rights import audit
from processes.rights.access import Scope, operator
from processes.rights.grants import granted
from tests.processes.conftest import Data, person, scope
from tests.processes.made_programs import ASKING
from tests.web.api.models import ASKED, DIVIDED

[FILE] = DIVIDED
MODEL: Final = DIVIDED[FILE]
CHANGED: Final = MODEL.replace(b"share = 100 / count", b"share = 1")
OTHER: Final = {"asking.bpmn": ASKING}
BROKEN: Final = MODEL.replace(b"share = 100 / count", b"share = (")


@pytest.fixture
def owner(small: Data) -> Scope:
    """An owner, and one released process."""
    who = scope(small, person(small, "olga", granted("process-owner")))
    releases.deploy(small, who, DIVIDED, "Pembagian.")
    return who


def preview(data: Data, who: Scope) -> Preview:
    with reading.opened(data, who) as at:
        return releases.preview(at, releases.draft(at, "divided"))


def upload(data: Data, who: Scope, files: Mapping[str, bytes]) -> Preview:
    with reading.opened(data, who) as at:
        return releases.preview_upload(at, files)


def files_of(data: Data, who: Scope) -> dict[str, bytes]:
    """The files of the draft."""
    with reading.opened(data, who) as at:
        return dict(releases.draft(at, "divided").files)


def written(data: Data) -> list[tuple[str, str]]:
    """Acts on processes in the record, the newest first."""
    with data.reading() as connection:
        found = audit.read(connection, operator(), limit=100)
    return [(one.act, one.subject) for one in found if one.subject.startswith("process:")]


# --- what an upload is called -------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["divided.bpmn", "Unduhan/divided.bpmn", "C:\\Unduhan\\divided.bpmn", "/a/b/divided.bpmn"],
)
def test_a_file_is_kept_by_its_bare_name(name: str) -> None:
    assert releases.named({name: b"x"}) == {"divided.bpmn": b"x"}


@pytest.mark.parametrize("files", [{}, {"a/x.bpmn": b"1", "b/x.bpmn": b"2"}])
def test_no_file_at_all_or_two_of_one_name_are_refused(files: dict[str, bytes]) -> None:
    with pytest.raises(BadInput) as refused:
        releases.named(files)
    assert set(refused.value.fields) == {"files"}


@pytest.mark.parametrize("name", [FILE, "divided (1).bpmn", "Unduhan/salinan.bpmn"])
def test_a_file_takes_the_place_of_what_it_defines_whatever_a_browser_calls_it(
    small: Data, owner: Scope, name: str
) -> None:
    kept = releases.take_in(small, owner, "divided", {name: CHANGED})
    assert list(kept.values()) == [FILE]
    assert files_of(small, owner) == {FILE: CHANGED}


def test_a_file_that_defines_something_else_is_added_under_its_own_name(
    small: Data, owner: Scope
) -> None:
    assert releases.take_in(small, owner, "divided", OTHER) == {"asking.bpmn": "asking.bpmn"}
    assert files_of(small, owner) == {FILE: MODEL, **OTHER}


@pytest.mark.parametrize(
    "files",
    [
        {FILE: b"<definitions"},
        {FILE: CHANGED, "rusak.bpmn": b"bukan model"},
    ],
)
def test_what_no_editor_could_open_leaves_the_whole_draft_as_it_was(
    small: Data, owner: Scope, files: dict[str, bytes]
) -> None:
    with pytest.raises(BadInput) as refused:
        releases.take_in(small, owner, "divided", files)
    assert len(refused.value.fields) == 1
    assert files_of(small, owner) == {FILE: MODEL}


def test_a_file_is_put_in_the_place_it_is_wanted_for(small: Data, owner: Scope) -> None:
    releases.put_in_place(small, owner, "divided", FILE, {"apa saja.bpmn": CHANGED})
    assert files_of(small, owner) == {FILE: CHANGED}
    with pytest.raises(BadInput):
        releases.put_in_place(small, owner, "divided", FILE, {"apa saja.bpmn": b"bukan model"})
    assert files_of(small, owner) == {FILE: CHANGED}


# --- what it would do ---------------------------------------------------------------------------


def test_an_unchanged_draft_releases_nothing(small: Data, owner: Scope) -> None:
    found = preview(small, owner)
    assert (found.changes, found.ready) == ([], False)


def test_a_changed_draft_is_the_next_version_of_its_process(small: Data, owner: Scope) -> None:
    releases.save(small, owner, "divided", FILE, CHANGED)
    found = preview(small, owner)
    assert found.ready
    [change] = found.changes
    assert (change.key, change.number) == ("divided", 2)
    assert change.listed is not None
    assert change.listed.version.number == 1


def test_a_new_process_begins_with_version_one(small: Data, owner: Scope) -> None:
    [change] = upload(small, owner, OTHER).changes
    assert (change.key, change.name, change.number) == ("asking", "Ask the registry", 1)
    assert change.listed is None


def test_files_with_errors_are_not_ready_though_they_would_change_something(
    small: Data, owner: Scope
) -> None:
    found = upload(small, owner, {FILE: BROKEN})
    assert found.problems
    assert not found.ready


def test_the_seal_is_of_the_files_as_they_were_seen(small: Data, owner: Scope) -> None:
    before = preview(small, owner).seal
    assert preview(small, owner).seal == before
    releases.save(small, owner, "divided", FILE, CHANGED)
    assert preview(small, owner).seal != before
    assert upload(small, owner, {FILE: CHANGED}).seal == preview(small, owner).seal


# --- releasing ----------------------------------------------------------------------------------


def test_a_release_is_a_version_and_an_entry_in_the_record(small: Data, owner: Scope) -> None:
    releases.save(small, owner, "divided", FILE, CHANGED)
    [version] = releases.release(
        small, owner, "divided", "Bagian tetap.", preview(small, owner).seal
    )
    assert (version.number, version.note, version.by) == (2, "Bagian tetap.", "olga")
    assert written(small) == [("release", "process:divided"), ("deploy", "process:divided")]
    assert preview(small, owner).changes == [], "the draft is what was released"


def test_what_was_changed_since_it_was_seen_is_not_released(small: Data, owner: Scope) -> None:
    releases.save(small, owner, "divided", FILE, CHANGED)
    seen = preview(small, owner).seal
    releases.save(small, owner, "divided", FILE, CHANGED.replace(b"share = 1", b"share = 2"))
    with pytest.raises(Conflict):
        releases.release(small, owner, "divided", "Bagian tetap.", seen)
    assert len(small.engine.versions("divided")) == 1


@pytest.mark.parametrize("note", ["", " \u200b"])
def test_a_deployment_says_what_it_is_for(small: Data, owner: Scope, note: str) -> None:
    with pytest.raises(BadInput) as refused:
        releases.deploy(small, owner, ASKED, note)
    assert set(refused.value.fields) == {"note"}
    assert small.engine.versions("asked") == []


def test_the_same_files_again_are_no_new_version(small: Data, owner: Scope) -> None:
    versions, _ = releases.deploy(small, owner, DIVIDED, "Sekali lagi.")
    assert versions == []
    assert written(small) == [("deploy", "process:divided")]


def test_a_discarded_draft_is_the_version_that_runs(small: Data, owner: Scope) -> None:
    releases.take_in(small, owner, "divided", {FILE: CHANGED, **OTHER})
    releases.discard(small, owner, "divided", "asking.bpmn")
    assert files_of(small, owner) == {FILE: CHANGED}
    releases.discard(small, owner, "divided")
    assert files_of(small, owner) == {FILE: MODEL}
    assert written(small)[:2] == [("discard_draft", "process:divided")] * 2
    with small.reading() as connection:
        found = audit.read(connection, operator(), limit=2)
    assert [one.details["file"] for one in found] == [None, "asking.bpmn"]


@pytest.mark.parametrize(
    "act",
    [
        lambda data, who: releases.discard(data, who, "atlantis"),
        lambda data, who: releases.save(data, who, "atlantis", FILE, MODEL),
        lambda data, who: releases.take_in(data, who, "atlantis", OTHER),
    ],
)
def test_a_process_that_is_not_there_has_no_draft(
    small: Data, owner: Scope, act: Callable[[Data, Scope], object]
) -> None:
    with pytest.raises(NotFound):
        act(small, owner)


def test_a_save_over_what_somebody_else_changed_is_refused(small: Data, owner: Scope) -> None:
    with pytest.raises(Conflict):
        releases.save(small, owner, "divided", FILE, CHANGED, over="0" * 64)
    assert files_of(small, owner) == {FILE: MODEL}


# --- who may ------------------------------------------------------------------------------------

ACTS: dict[str, Callable[[Data, Scope], object]] = {
    "read a draft": files_of,
    "preview an upload": lambda data, who: upload(data, who, OTHER),
    "save": lambda data, who: releases.save(data, who, "divided", FILE, CHANGED),
    "take in": lambda data, who: releases.take_in(data, who, "divided", OTHER),
    "put": lambda data, who: releases.put_in_place(data, who, "divided", FILE, DIVIDED),
    "discard": lambda data, who: releases.discard(data, who, "divided"),
    "release": lambda data, who: releases.release(data, who, "divided", "x", ""),
    "deploy": lambda data, who: releases.deploy(data, who, OTHER, "x"),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("role", ["coordinator", "supervisor", "contact"])
def test_whoever_works_on_cases_changes_no_process(
    small: Data, owner: Scope, act: str, role: str
) -> None:
    rank = "asdep" if role == "supervisor" else None
    grants = granted(contact_of="kemhan") if role == "contact" else granted(role, rank=rank)
    who = scope(small, person(small, "adi", grants))
    with pytest.raises(Forbidden):
        ACTS[act](small, who)
    assert files_of(small, owner) == {FILE: MODEL}
