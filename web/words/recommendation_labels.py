"""The words of recommendations on screen: stances, rules, cycles.

Owns word and role of colour for those values of `processes.register.vocabulary`;
`web/words/labels.py` has the others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Blueprint

from engine.sentences.sentence import Sentence, say
from web.words.i18n import language, render
from web.words.labels import mark

STANCES: Mapping[str, tuple[str, Sentence]] = {
    "agree": ("done", say("Agrees")),
    "agree_with_notes": ("soon", say("Agrees with notes")),
    "disagree": ("late", say("Disagrees")),
}
"""An institution's stances on a draft."""
ROLLUP_RULES: Mapping[str, Sentence] = {
    "lead": say("complete when every lead is closed"),
    "all": say("complete when every institution is closed"),
    "percent": say("complete when part of the institutions is closed"),
}
CYCLES: Mapping[str, Sentence] = {
    "month": say("every month"),
    "quarter": say("every quarter"),
    "semester": say("every half year"),
}


def register(page: Blueprint) -> None:
    """Make these words available in templates."""
    page.add_app_template_filter(_of(ROLLUP_RULES), "rollup_words")
    page.add_app_template_filter(_of(CYCLES), "cycle_words")
    page.add_app_template_filter(lambda value: mark(STANCES, value, language()), "stance_mark")


def _of(table: Mapping[str, Sentence]) -> Callable[[str], str]:
    return lambda value: render(table[value])
