"""The rules of a form field (`validate` and related settings) in its component.

Owns the allowed rules of each type of field, and refuses rules that the server could not check.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

import re2

from engine.models.forms.field import Field
from engine.models.forms.settings import decimal_of, number_of, text_of, yes
from engine.sentences.sentence import Sentence, say

KEY = re.compile(r"[A-Za-z_]\w{0,63}", re.ASCII)
"""A text that can be a name in an expression."""

NUMERIC = ("min", "max", "minLength", "maxLength")
MAX_PATTERN = 1_000
"""Number of characters of a pattern."""

FORMATS = frozenset({"email", "phone"})

Component = Mapping[str, object]
Refuse = Callable[[Field, Sentence, Sentence], None]


def with_rules(field: Field, component: Component, refuse: Refuse) -> Field:
    """`field` with its rules; a rule that cannot be checked is passed to `refuse`."""
    validate = component.get("validate")
    rules = validate if isinstance(validate, dict) else {}
    _refuse_computed(field, rules, refuse)
    field = replace(field, required=yes(rules, "required"))
    match field.type:
        case "textfield" | "textarea":
            return _text_rules(field, rules, refuse)
        case "number":
            return _number_rules(field, rules, component)
        case "datetime":
            return _date_rules(field, component, refuse)
        case "filepicker":
            accept = tuple(filter(None, text_of(component, "accept").replace(",", " ").split()))
            return replace(field, accept=accept, multiple=yes(component, "multiple"))
        case _:
            return field


def _refuse_computed(field: Field, rules: Component, refuse: Refuse) -> None:
    for name in ("required", *NUMERIC):
        if text_of(rules, name).startswith("="):
            refuse(
                field,
                say("The rule {name} is computed by FEEL, which is not evaluated here.", name=name),
                say("Write a fixed value."),
            )
        elif name in NUMERIC and rules.get(name) not in (None, "") and not decimal_of(rules, name):
            _refuse_no_number(field, name, rules, refuse)


def _refuse_no_number(field: Field, name: str, rules: Component, refuse: Refuse) -> None:
    if decimal_of(rules, name) is None:
        refuse(field, say("The rule {name} is no number.", name=name), say("Write a number."))


def _text_rules(field: Field, rules: Component, refuse: Refuse) -> Field:
    minimum, maximum = decimal_of(rules, "minLength"), decimal_of(rules, "maxLength")
    kind = text_of(rules, "validationType")
    pattern = text_of(rules, "pattern")
    if pattern and not _compiles(pattern):
        refuse(
            field,
            say("The pattern cannot be checked in bounded time: {pattern}", pattern=pattern),
            say("Write it without look-around and back references, and not longer than a line."),
        )
    return replace(
        field,
        min_length=None if minimum is None else number_of(rules, "minLength", default=0),
        max_length=None if maximum is None else number_of(rules, "maxLength", default=0),
        format=kind if kind in FORMATS else None,
        pattern=pattern or None,
    )


def _compiles(pattern: str) -> bool:
    if len(pattern) > MAX_PATTERN:
        return False
    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(pattern, options)
    except re2.error:
        return False
    return True


def _number_rules(field: Field, rules: Component, component: Component) -> Field:
    decimals = decimal_of(component, "decimalDigits")
    return replace(
        field,
        minimum=decimal_of(rules, "min"),
        maximum=decimal_of(rules, "max"),
        decimals=None if decimals is None else number_of(component, "decimalDigits", default=0),
        as_text=yes(component, "serializeToString"),
    )


def _date_rules(field: Field, component: Component, refuse: Refuse) -> Field:
    if text_of(component, "subtype") not in ("", "date"):
        refuse(
            field,
            say("Only dates are asked for here, no times of day."),
            say('Choose the subtype "date", and ask for the time in a text field.'),
        )
    if yes(component, "disallowPassedDates"):
        refuse(
            field,
            say("The server cannot forbid past dates in a form."),
            say("Switch the rule off; the step behind the task may refuse the date."),
        )
    return field
