"""A release puts exactly the checked files in force, and undoes no other release."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from engine import Conflict, Engine
from engine.models import checks
from engine.storage.models import definitions
from engine.storage.models.definitions import Overtaken
from tests.engine.models.building import bpmn, end, process, start, user_task

During = Callable[[Callable[[], Any]], None]


def form(label: str) -> bytes:
    text = f'{{"type":"textfield","key":"place","label":"{label}"}}'
    return f'{{"type":"default","id":"sign","components":[{text}]}}'.encode()


def asking(key: str) -> bytes:
    """A process whose task uses the form `sign`."""
    return bpmn(process(key, start(), user_task("ask", camunda_formRef="sign"), end()))


@pytest.fixture
def shared(engine: Engine) -> Engine:
    """Two processes with one form."""
    files = {"a.bpmn": asking("a"), "b.bpmn": asking("b"), "sign.form": form("Place")}
    engine.deploy(files, "owner")
    return engine


@pytest.fixture
def during(monkeypatch: pytest.MonkeyPatch) -> During:
    """Lets something happen while the next check of models is under way."""

    def arrange(happens: Callable[[], Any]) -> None:
        check, waiting = checks.check_bundle, [happens]

        def checked(*given: Any) -> Any:
            while waiting:
                waiting.pop()()
            return check(*given)

        monkeypatch.setattr("engine.deployment.examining.check_bundle", checked)

    return arrange


def label_of(engine: Engine, key: str) -> bytes:
    return engine.files(engine.versions(key)[0].id)["sign.form"]


def test_others_can_write_while_a_release_is_checked(shared: Engine, during: During) -> None:
    shared.save_model_draft("a", "sign.form", form("City"), "ani")
    during(lambda: shared.save_model_draft("b", "b.bpmn", asking("b"), "budi"))
    shared.release("a", "city", "ani")
    assert label_of(shared, "a") == form("City")


@pytest.mark.parametrize("name", ["sign.form", "other.form"])
def test_what_is_saved_while_a_draft_is_released_is_not_lost(
    shared: Engine, during: During, name: str
) -> None:
    shared.save_model_draft("a", "sign.form", form("City"), "ani")
    during(lambda: shared.save_model_draft("a", name, form("Town"), "budi"))
    with pytest.raises(Conflict):
        shared.release("a", "city", "ani")
    assert shared.model_draft("a").files[name] == form("Town")
    assert label_of(shared, "a") == form("Place")


def test_a_draft_discarded_while_it_is_released_is_not_released(
    shared: Engine, during: During
) -> None:
    shared.save_model_draft("a", "sign.form", form("City"), "ani")
    during(lambda: shared.discard_model_draft("a"))
    with pytest.raises(Conflict):
        shared.release("a", "city", "ani")
    assert label_of(shared, "a") == form("Place")


def test_a_release_in_between_is_built_upon(shared: Engine, during: During) -> None:
    changed = asking("a").replace(b'"ask"', b'"ask_again"')
    shared.save_model_draft("a", "sign.form", form("City"), "ani")
    during(lambda: shared.deploy({"a.bpmn": changed}, "budi"))
    (_, _) = shared.release("a", "city", "ani")
    newest = shared.versions("a")[0]
    assert (newest.number, shared.files(newest.id)["a.bpmn"]) == (3, changed)


def test_the_same_models_deployed_twice_at_once_are_one_version(
    engine: Engine, during: During
) -> None:
    files = {"a.bpmn": asking("a"), "sign.form": form("Place")}
    during(lambda: engine.ship(files, "tindak"))
    engine.ship(files, "tindak")
    assert [version.number for version in engine.versions("a")] == [1]


def test_a_version_number_is_given_once(shared: Engine) -> None:
    (version,) = shared.versions("a")
    again = replace(version, id=version.deployment_id)
    with pytest.raises(Overtaken), shared.transaction() as connection:
        definitions.insert_version(connection, again, {})


def test_a_draft_does_not_undo_what_another_draft_released(shared: Engine) -> None:
    shared.save_model_draft("a", "sign.form", form("City"), "ani")
    shared.save_model_draft("b", "sign.form", form("Town"), "budi")
    shared.release("a", "city", "ani")
    shared.save_model_draft("b", "sign.form", form("Town hall"), "budi")

    with pytest.raises(Conflict) as refused:
        shared.release("b", "town", "budi")
    error = refused.value
    assert (error.who, error.when) == ("ani", shared.versions("b")[0].at)
    for fact in ("ani", "sign.form", "2026-03-02"):
        assert fact in str(error)
    assert label_of(shared, "b") == form("City")

    shared.discard_model_draft("b")
    shared.save_model_draft("b", "sign.form", form("Town hall"), "budi")
    shared.release("b", "town", "budi")
    assert label_of(shared, "a") == form("Town hall")


def test_two_drafts_with_the_same_change_are_both_released(shared: Engine) -> None:
    for key in ("a", "b"):
        shared.save_model_draft(key, "sign.form", form("City"), "ani")
    shared.release("a", "city", "ani")
    shared.release("b", "the same", "budi")
    assert shared.drafted() == set()


def test_who_released_a_file_is_not_who_released_a_later_version_with_it(shared: Engine) -> None:
    shared.save_model_draft("b", "sign.form", form("Town"), "budi")
    shared.deploy({"sign.form": form("City")}, "ani")
    shared.deploy({"b.bpmn": asking("b").replace(b'"ask"', b'"ask_again"')}, "chandra")
    with pytest.raises(Conflict) as refused:
        shared.release("b", "town", "budi")
    assert refused.value.who == "ani"
