"""Every word that is read has an effect: a model runs differently without it.

Harmless words are put into the same models, which then run as before.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.models.bpmn.known.of_bpmn import BPMN_WORDS
from engine.models.bpmn.known.of_camunda import CAMUNDA_WORDS
from tests.engine.models.bpmn import read_elsewhere, read_of_bpmn, read_of_camunda
from tests.engine.models.bpmn.descriptors import properties_of, with_attributes
from tests.engine.models.bpmn.observing import Row, Stage

WORDS = {"bpmn": BPMN_WORDS, "camunda": CAMUNDA_WORDS}
ROWS = {"bpmn": read_of_bpmn.ROWS, "camunda": read_of_camunda.ROWS}
MODELS = {row.model: row for rows in (*ROWS.values(), read_elsewhere.ROWS) for row in rows.values()}


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    stage = Stage()
    yield stage
    stage.close()


@pytest.mark.parametrize("name", WORDS)
def test_every_word_that_is_read_has_a_model(name: str) -> None:
    assert WORDS[name].read == ROWS[name].keys()


@pytest.mark.parametrize(
    ("name", "word", "row"),
    [
        pytest.param(name, word, row, id=word)
        for name, rows in ROWS.items()
        for word, row in rows.items()
    ],
)
def test_a_model_runs_differently_without_a_word_that_is_read(
    stage: Stage, name: str, word: str, row: Row
) -> None:
    less = row.other(name, word)
    ran = stage.seen(row, row.model)
    if row.refused is not None:
        assert row.refused in {code for _, code, *_ in row.findings(less)}
    elif row.warned:
        assert ran == stage.seen(row, less)
        assert row.findings(row.model) != row.findings(less)
    else:
        assert ran != stage.seen(row, less)


@pytest.mark.parametrize("place", read_elsewhere.ROWS)
def test_a_word_is_read_at_elements_of_every_kind(stage: Stage, place: str) -> None:
    row = read_elsewhere.ROWS[place]
    name, word = place.partition(":")[0].split()
    assert word in ROWS[name]
    assert stage.seen(row, row.model) != stage.seen(row, row.other(name, word))


@pytest.mark.parametrize("name", WORDS)
@pytest.mark.parametrize("row", MODELS.values(), ids=range(len(MODELS)))
def test_a_model_runs_the_same_with_words_that_are_harmless(
    stage: Stage, row: Row, name: str
) -> None:
    harmless = WORDS[name].harmless
    words = [
        w for w in properties_of(name) if w in harmless or f"{w.partition('.')[0]}.*" in harmless
    ]
    more = with_attributes(row.model, name, words)
    assert stage.seen(row, more) == stage.seen(row, row.model)
    assert row.findings(more) == row.findings(row.model)
