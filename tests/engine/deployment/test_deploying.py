"""A version is pinned to its files; running cases stay on theirs; a deployment is never half
done.
"""

from __future__ import annotations

import pytest

from engine import BadInput, Engine, ModelError, NotFound
from engine.sentences.problems import errors_of
from tests.engine.models.building import bpmn, call, end, process, start, user_task
from tests.engine.models_of_tests import REVIEW, only_task, open_elements

SIGN = (
    b'{"type":"default","id":"sign","components":[{"type":"textfield","key":"place",'
    b'"label":"Place","validate":{"required":true}}]}'
)
SIGN_TWICE = SIGN.replace(b'"Place"', b'"Place of signature"')


def signing(*tasks: str) -> bytes:
    """A process whose tasks use the form `sign`."""
    parts = [user_task(task, camunda_formRef="sign") for task in tasks]
    return bpmn(process("signing", start(), *parts, end()))


def called(name: str) -> bytes:
    return bpmn(process("inner", start(), user_task(name), end()))


OUTER = {"outer.bpmn": bpmn(process("outer", start(), call("do_inner", "inner"), end()))}


def test_the_first_deployment_is_version_one_and_a_changed_model_version_two(
    engine: Engine,
) -> None:
    (first,) = engine.deploy({"a.bpmn": called("one")}, "ani", "first")
    (second,) = engine.deploy({"a.bpmn": called("two")}, "budi", "second")
    assert [(v.number, v.by, v.note) for v in (first, second)] == [
        (1, "ani", "first"),
        (2, "budi", "second"),
    ]
    assert [version.number for version in engine.versions("inner")] == [2, 1]


def test_an_unchanged_model_makes_no_new_version(engine: Engine) -> None:
    (first,) = engine.deploy(REVIEW, "ani")
    relaid = {name: content.replace(b">\n<", b">\n\n<") for name, content in REVIEW.items()}
    (again,) = engine.deploy(relaid, "ani")
    assert again.id == first.id


def test_running_cases_stay_on_their_version(engine: Engine) -> None:
    engine.deploy({"a.bpmn": called("one")}, "ani")
    old = engine.start("inner")
    engine.deploy({"a.bpmn": called("two")}, "ani")
    new = engine.start("inner")
    assert (open_elements(engine, old), open_elements(engine, new)) == (["one"], ["two"])


def test_a_bundle_with_an_error_deploys_nothing(engine: Engine) -> None:
    broken = bpmn(process("broken", start(), user_task("wait"), end(), start("second")))
    with pytest.raises(ModelError) as refused:
        engine.deploy({**REVIEW, "broken.bpmn": broken}, "ani")
    assert refused.value.problems[0].file == "broken.bpmn"
    assert engine.versions() == []


def test_a_file_that_was_not_uploaded_comes_from_the_version_before(engine: Engine) -> None:
    engine.deploy({"a.bpmn": signing("first"), "sign.form": SIGN}, "ani")
    (second,) = engine.deploy({"a.bpmn": signing("first", "second")}, "ani")
    assert sorted(engine.files(second.id)) == ["a.bpmn", "sign.form"]
    task = only_task(engine, engine.start("signing"))
    with pytest.raises(BadInput) as refused:
        engine.complete(task.id, {}, "ani")
    assert list(refused.value.fields) == ["place"]


def test_a_changed_form_versions_every_process_that_uses_it(engine: Engine) -> None:
    other = signing("only").replace(b'"signing"', b'"other"')
    engine.deploy({"a.bpmn": signing("one"), "b.bpmn": other, "sign.form": SIGN}, "ani")
    versions = engine.deploy({"sign.form": SIGN_TWICE}, "ani")
    assert sorted((version.key, version.number) for version in versions) == [
        ("other", 2),
        ("signing", 2),
    ]


def test_a_process_may_be_deployed_before_those_it_calls(engine: Engine) -> None:
    assert "call-missing" in {problem.code for problem in engine.check(OUTER)}
    assert [version.key for version in engine.deploy(OUTER, "ani")] == ["outer"]
    engine.deploy({"inner.bpmn": called("one")}, "ani")
    assert "call-missing" not in {problem.code for problem in engine.check(OUTER)}


def test_starting_an_unknown_process_is_not_found(engine: Engine) -> None:
    with pytest.raises(NotFound):
        engine.start("nowhere")


def test_a_draft_is_saved_checked_and_released_as_the_next_version(engine: Engine) -> None:
    engine.deploy({"a.bpmn": signing("one"), "sign.form": SIGN}, "ani")
    engine.save_model_draft("signing", "sign.form", SIGN_TWICE, "budi")
    draft = engine.model_draft("signing")
    assert (list(draft.changed), engine.drafted()) == (["sign.form"], {"signing"})
    assert errors_of(engine.check(dict(draft.files))) == []

    (version,) = engine.release("signing", "Clearer label", "budi")
    assert (version.number, version.note) == (2, "Clearer label")
    assert engine.drafted() == set()


def test_a_release_needs_a_note(engine: Engine) -> None:
    engine.deploy(REVIEW, "ani")
    with pytest.raises(BadInput) as refused:
        engine.release("review", "  ", "ani")
    assert list(refused.value.fields) == ["note"]


def test_a_draft_with_errors_can_be_saved_but_not_released(engine: Engine) -> None:
    engine.deploy(REVIEW, "ani")
    engine.save_model_draft("review", "review.bpmn", b"<not xml", "ani")
    with pytest.raises(ModelError):
        engine.release("review", "broken", "ani")
    engine.discard_model_draft("review")
    assert engine.model_draft("review").changed == {}


@pytest.mark.parametrize("name", ["evil.exe", "../a.bpmn", "a\\b.bpmn"])
def test_a_draft_takes_only_model_files(engine: Engine, name: str) -> None:
    engine.deploy(REVIEW, "ani")
    with pytest.raises(BadInput):
        engine.save_model_draft("review", name, b"", "ani")


def test_a_changed_shipped_model_is_offered_as_a_draft_once_an_owner_has_released(
    engine: Engine,
) -> None:
    engine.ship({"a.bpmn": called("shipped")}, "tindak")
    (update,) = engine.ship({"a.bpmn": called("shipped_later")}, "tindak")
    assert update.number == 2

    engine.save_model_draft("inner", "a.bpmn", called("own"), "owner")
    engine.release("inner", "our way", "owner")
    assert engine.ship({"a.bpmn": called("shipped_again")}, "tindak") == []
    assert open_elements(engine, engine.start("inner")) == ["own"]
    assert engine.model_draft("inner").files["a.bpmn"] == called("shipped_again")


def test_a_model_that_fails_before_its_first_wait_starts_nothing(engine: Engine) -> None:
    from tests.engine.models.building import script_task

    model = bpmn(process("failing", start(), script_task("divide", "x = 1 / n"), end()))
    engine.deploy({"f.bpmn": model}, "ani")
    with pytest.raises(ModelError) as refused:
        engine.start("failing", {"n": 0})
    assert refused.value.problems[0].element_id == "divide"
    (version,) = engine.versions("failing")
    assert engine.instance_counts(version.id) == {}
