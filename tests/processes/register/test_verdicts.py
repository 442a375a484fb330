"""Verdicts are data: a new one of a known kind is only an entry of a file, no code."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from processes.register import verdicts
from processes.register.states import VerdictKind
from processes.register.verdicts import FILE, TEXTS, VERDICTS, kind_of, of_kind, read, translations
from web.translations import LOCALES, language

ROOT = Path(__file__).parents[3]
FORMS = {"evaluate.form": "verdict", "report.form": "claimed_status"}
PLACES = re.compile(r"[{}]")


def test_every_kind_has_a_verdict_and_every_verdict_its_words_in_each_language() -> None:
    assert {one.kind for one in VERDICTS.values()} == set(VerdictKind)
    for entry in json.loads(FILE.read_text("utf-8")):
        for text in TEXTS:
            assert entry[text].keys() == LOCALES.keys(), entry["verdict"]
            assert all(entry[text].values())


@pytest.mark.parametrize("code", LOCALES)
def test_a_verdict_is_shown_in_the_words_of_the_file(code: str) -> None:
    for entry in json.loads(FILE.read_text("utf-8")):
        found = VERDICTS[entry["verdict"]]
        shown = [language(code).render(getattr(found, text)) for text in TEXTS]
        assert shown == [entry[text][code] for text in TEXTS]


@pytest.mark.parametrize("name", FORMS)
def test_the_shipped_forms_offer_the_verdicts_of_the_file(name: str) -> None:
    form = json.loads((FILE.parent / name).read_text("utf-8"))
    assert offered(form, FORMS[name]) == list(VERDICTS)


def offered(part: Any, key: str) -> list[str]:
    """The values of a choice, wherever in the form it stands."""
    if isinstance(part, dict) and part.get("key") == key:
        return [one["value"] for one in part["values"]]
    inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    return next((found for one in inner if (found := offered(one, key))), [])


def test_an_entry_of_no_known_kind_is_refused_by_name() -> None:
    entry = {"verdict": "x", "kind": "half", **{key: {"en": "X", "id": "X"} for key in TEXTS}}
    with pytest.raises(ValueError, match="half"):
        read(json.dumps([entry]))


def test_braces_in_the_words_of_a_verdict_are_no_places() -> None:
    words = {"en": "100% {all}", "id": "100% {semua}"}
    entry = {"verdict": "x", "kind": "conforms", **dict.fromkeys(TEXTS, words)}
    assert str(read(json.dumps([entry]))["x"].name) == "100% {all}"


def test_the_translations_name_every_text_once() -> None:
    assert len(translations("id")) == len(VERDICTS) * len(TEXTS)
    assert not any(PLACES.search(text) for text in translations("id"))


def test_the_kind_of_no_verdict_is_none_and_each_kind_has_a_usual_one() -> None:
    assert kind_of(None) is None
    assert [of_kind(kind)[0].kind for kind in VerdictKind] == list(VerdictKind)
    assert verdicts.UNSEEN.kind is VerdictKind.EMPTY


def test_no_code_knows_a_verdict_by_its_value() -> None:
    named = re.compile(rf"\b(?:{'|'.join(name for name in VERDICTS if name != 'conforms')})\b")
    found = [str(file.relative_to(ROOT)) for file in sources() if named.search(file.read_text())]
    assert found == []


def sources() -> Iterator[Path]:
    """Code and pages; what the demo writes into forms is data too."""
    for wing, pattern in (("processes", "*.py"), ("web", "*.py"), ("web", "templates/**/*.html")):
        for file in (ROOT / wing).rglob(pattern):
            if not {"migrations", "demo", "node_modules"} & set(file.parts):
                yield file
