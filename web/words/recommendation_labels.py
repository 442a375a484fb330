"""The words of recommendations on screen: stances, rules, cycles.

Owns word and role of colour for those values of `processes.register.vocabulary`;
`web/words/labels.py` has the others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask import Blueprint

from engine.sentences.sentence import Sentence, say
from web.words.i18n import formats, language, render
from web.words.labels import CLASSIFICATIONS, PRIORITIES, mark

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


def deadline_in_words(part: Mapping[str, Any]) -> str:
    """The deadline of a draft: a date, or days from its issue."""
    days, shown = part["deadline_days"], language()
    if days and part["deadline_kind"] == "working_days":
        one, many = "%(n)s working day after it is issued", "%(n)s working days after it is issued"
    elif days:
        one, many = "%(n)s day after it is issued", "%(n)s days after it is issued"
    else:
        return _day(part["deadline"])
    return shown.ngettext(one, many, days) % {"n": days}


def rule_in_words(part: Mapping[str, Any]) -> str:
    """When a recommendation is complete, with the share where one is asked for."""
    words, share = render(ROLLUP_RULES[part["rollup_rule"]]), part["rollup_percent"]
    return f"{words} ({formats().percent(share)})" if share else words


def _day(text: str | None) -> str:
    return formats().day(date.fromisoformat(text)) if text else ""


DRAFTED: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "deadline": deadline_in_words,
    "rollup_rule": rule_in_words,
    "source_date": lambda part: _day(part["source_date"]),
    "priority": lambda part: render(PRIORITIES[part["priority"]]),
    "classification": lambda part: render(CLASSIFICATIONS[part["classification"]]),
    "cycle": lambda part: render(CYCLES[part["cycle"]]),
}
"""Field of a draft -> its value in words, from the values it says one thing with; every other field
is a text."""


def drafted(part: Mapping[str, Any], field: str) -> str:
    """One side of a changed field of a draft."""
    in_words = DRAFTED.get(field)
    return in_words(part) if in_words else part[field] or ""


def register(page: Blueprint) -> None:
    """Make these words available in templates."""
    page.add_app_template_filter(drafted, "drafted")
    page.add_app_template_filter(_of(ROLLUP_RULES), "rollup_words")
    page.add_app_template_filter(_of(CYCLES), "cycle_words")
    page.add_app_template_filter(lambda value: mark(STANCES, value, language()), "stance_mark")


def _of(table: Mapping[str, Sentence]) -> Callable[[str], str]:
    return lambda value: render(table[value])
