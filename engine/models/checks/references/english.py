"""Texts that readers of English pages would find in the language of their author."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from engine.models.bundle import Bundle
from engine.models.checks.subject import Known
from engine.models.texts import english_of, texts_by_file
from engine.sentences.problems import Problem
from engine.sentences.sentence import say

MOST: Final = 8
"""Texts that one finding names: enough to begin with."""


def check_english(bundle: Bundle, known: Known) -> Iterator[Problem]:
    """Texts without English, one finding for each file."""
    if known.translated is None:
        return
    english = known.translated | english_of(bundle).keys()
    for file, texts in texts_by_file(bundle).items():
        missing = [text for text in texts if text not in english]
        if missing:
            named = "; ".join(missing[:MOST]) + ("; …" if missing[MOST:] else "")
            yield Problem(
                file, "", "", 0, "warning", "no-english",
                say("Texts without English: {count} ({texts}).", count=len(missing), texts=named),
                say(
                    "English pages show them as they are. Write it beside them: in the editor "
                    "under English, in a form as label_en, in a table in the column level_name_en."
                ),
            )  # fmt: skip
