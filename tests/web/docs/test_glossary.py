"""The glossary is so: each word is found where it says, and no second word for the same idea is.

No list of exceptions: a word that is used is no word to forbid, or is corrected where it is used.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from tests.test_docs import ROOT
from tests.web.conftest import Office
from tests.web.docs.glossary import (
    defined,
    ideas,
    in_words,
    is_said,
    leads_there,
    modelled,
    names,
    stored,
    texts,
)

DOCS: Final = ROOT / "docs"
HERE, THERE = DOCS / "glossary.md", DOCS / "glossary.en.md"
IDEAS: Final = ideas(THERE)
OTHERS: Final = sorted({*DOCS.glob("*.md")} - {HERE, THERE})
FORBIDDEN: Final = sorted(word for idea in IDEAS for word in idea.never)
CODE_IN_TEXT: Final = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)


def test_no_idea_has_two_rows_and_no_word_two_ideas() -> None:
    for words in ([one.english for one in IDEAS], [one.indonesian for one in IDEAS]):
        assert sorted(words) == sorted(set(words))


def test_both_languages_have_the_same_rows_but_for_the_meaning() -> None:
    apart = [[one._replace(meaning="") for one in ideas(page)] for page in (HERE, THERE)]
    assert apart[0] == apart[1]


@pytest.mark.parametrize("page", [HERE, THERE], ids=["id", "en"])
def test_each_meaning_is_a_sentence(page: Path) -> None:
    assert [one.english for one in ideas(page) if not one.meaning.endswith(".")] == []


def test_the_code_has_a_name_of_each_word() -> None:
    assert missing("code", defined()) == {}


def test_the_tables_have_each_word() -> None:
    assert missing("table", stored()) == {}


def test_the_models_have_each_word() -> None:
    assert missing("model", modelled()) == {}


def test_each_address_is_one_of_the_product(office: Office) -> None:
    wanted = {address for idea in IDEAS for address in idea.where.get("address", ())}
    assert {one for one in wanted if not leads_there(one, addresses(office))} == set()


@pytest.mark.parametrize("language", ["indonesian", "english"])
def test_pages_say_each_word(language: str) -> None:
    said = texts()[language]
    words = [getattr(idea, language) for idea in IDEAS]
    assert [word for word in words if not is_said(word, said)] == []


def test_no_second_word_for_an_idea_is_a_name_in_code_or_tables() -> None:
    assert found(lambda word: [name for name in names() if in_words(word) in name]) == {}


@pytest.mark.parametrize("language", ["indonesian", "english"])
def test_no_second_word_for_an_idea_is_on_a_page(language: str) -> None:
    said = texts()[language]
    assert found(lambda word: [text for text in said if is_said(word, [text])]) == {}


def test_no_second_word_for_an_idea_is_in_a_document() -> None:
    read = {page.name: CODE_IN_TEXT.sub("", page.read_text("utf-8")) for page in OTHERS}
    assert found(lambda word: [name for name in read if is_said(word, [read[name]])]) == {}


def test_no_second_word_for_an_idea_is_in_an_address(office: Office) -> None:
    known = [in_words(rule) for rule in addresses(office)]
    assert found(lambda word: [rule for rule in known if in_words(word) in rule]) == {}


def missing(place: str, known: frozenset[str]) -> dict[str, set[str]]:
    """What the glossary names in a place and is not known there, by its idea."""
    wanted = {idea.english: set(idea.where.get(place, ())) - known for idea in IDEAS}
    return {idea: gone for idea, gone in wanted.items() if gone}


def found(look: Callable[[str], list[str]]) -> dict[str, list[str]]:
    """Where a word that the glossary forbids is used after all."""
    return {word: there for word in FORBIDDEN if (there := look(word))}


def addresses(office: Office) -> list[str]:
    return [rule.rule for rule in office.app.url_map.iter_rules()]


# --- the looking itself --------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["FollowUp", "follow_up", "follow-up", "follow up", "FOLLOW_UP"])
def test_every_spelling_of_a_word_is_one_word(name: str) -> None:
    assert in_words(name) == "_follow_up_"


def test_a_word_is_found_within_a_longer_name_but_not_within_a_longer_word() -> None:
    assert in_words("follow up") in in_words("OpenFollowUp")
    assert in_words("low") not in in_words("FollowUp")


def test_a_text_has_a_word_whatever_its_case_and_not_a_part_of_another() -> None:
    assert is_said("case", ["Two Cases wait"])
    assert not is_said("case", ["A showcase"])
