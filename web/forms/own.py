"""The product's own forms: a few entries, drawn by the same macros as the forms of models.

Owns the short way from entries to a page (`forms/page.html`) and from a post back to texts, words
and dates. The caller that lists the entries owns their meaning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask import render_template, request

from engine.models.forms import Choice, parse_date, parse_number
from engine.sentences.errors import BadInput, TindakError
from engine.sentences.sentence import Sentence, say
from web.forms.answers_shown import AnswerWords
from web.forms.echoes import Days, echo_of
from web.forms.submission import Texts, drawn_in, texts_of
from web.forms.view import FieldKind, FieldView, html_id, limit_words, problems_of
from web.words.formatting import decimal_mark
from web.words.i18n import formats, gettext, language, render

__all__ = [
    "OwnField",
    "Texts",
    "check",
    "day",
    "goes_back",
    "is_checked",
    "optional_day",
    "page",
    "refuse_longer",
    "text",
    "too_long",
    "typed",
    "whole_number",
]

YES, NO = say("Yes"), say("No")
NO_DAY = say("Write a date, for example 31/12/2026.")


@dataclass(frozen=True, slots=True)
class OwnField:
    """One entry of a form. `kind` as of `FieldView`; `options`: (value, words)."""

    name: str
    label: Sentence
    kind: FieldKind = "text"
    required: bool = True
    hint: Sentence | None = None
    options: Sequence[tuple[str, str]] = ()
    width: str = ""
    max_length: int | None = None


PASSWORD = OwnField(
    "password",
    say("Your password"),
    "password",
    hint=say("Once more, so that nobody does this at a desk you left."),
    width="medium",
)
"""The password of the sender, for `web.gate.visitor.confirmed`; never drawn again."""


def page(
    template: str,
    entries: Sequence[OwnField],
    texts: Texts,
    error: TindakError | None = None,
    days: Days | None = None,
    **more: object,
) -> str:
    """The page of a form with what was typed; `error`: why it was refused; `days`: by which dates
    are judged."""
    wrong = error.fields if isinstance(error, BadInput) else {}
    fields = tuple(_view(entry, texts, wrong.get(entry.name), days) for entry in entries)
    return render_template(
        template,
        fields=fields,
        problems=problems_of(fields),
        title=render(error.sentence) if error else "",
        **more,
    )


def is_checked() -> bool:
    """Whether the button was the one that leads to the check."""
    return request.form.get("act") == "check"


def check(
    entries: Sequence[OwnField],
    texts: Texts,
    words: Sentence,
    effects: Sequence[Sentence] = (),
    *,
    back: str = "",
    about: str = "",
) -> str:
    """The page that says in words what was typed and what will happen, before it is sent to this
    same address. `words`: those of the button that sends it; `back`: where an act without entries
    returns to; `about`: the name of the case."""
    answers = [AnswerWords(render(one.label), _in_words(one, texts)) for one in entries]
    return render_template(
        "forms/check.html",
        answers=[one for one in answers if one.text],
        typed=texts,
        words=render(words),
        effects=effects,
        back=back,
        about=about,
        address=request.path,
        typed_in=drawn_in(request.form, language().code),
    )


def _in_words(entry: OwnField, texts: Texts) -> str:
    if entry.kind == "checkbox":
        return render(YES if text(texts, entry.name) else NO)
    if entry.options:
        named = dict(entry.options)
        return ", ".join(named[one] for one in texts.get(entry.name, []) if one in named)
    written = text(texts, entry.name)
    found = parse_date(written) if entry.kind == "date" else None
    return formats().long_day(found) if found else written


def typed() -> Texts:
    """The entries of this request's form."""
    return texts_of(request.form)


def refuse_longer(entries: Sequence[OwnField], texts: Texts) -> None:
    """Refuse texts that are longer than their entries take: the browser cuts nothing off. Raises
    BadInput."""
    wrong = {
        entry.name: too_long(entry.max_length, len(given))
        for entry in entries
        if entry.max_length and len(given := _plain(texts, entry.name)) > entry.max_length
    }
    if wrong:
        raise BadInput(say("Please correct the marked fields."), wrong)


def too_long(limit: int, count: int) -> Sentence:
    """What is said of a text that is longer than its field takes."""
    return say("Write at most {limit} characters; there are {count}.", limit=limit, count=count)


def _plain(texts: Texts, name: str) -> str:
    return text(texts, name).replace("\r\n", "\n")


def goes_back() -> bool:
    """Whether the pressed button leads from the check back to the form."""
    return request.form.get("act") == "back"


def text(texts: Texts, name: str) -> str:
    """One text without the blanks around it."""
    values = texts.get(name) or [""]
    return values[-1].strip()


def day(texts: Texts, name: str) -> date:
    """A date. Raises BadInput for any other text."""
    found = parse_date(text(texts, name))
    if found is None:
        raise BadInput(say("Please correct the marked fields."), {name: NO_DAY})
    return found


def whole_number(texts: Texts, name: str) -> int | None:
    """A whole number as the page writes them; None for anything that is none."""
    mark = decimal_mark(drawn_in(request.form, language().code))
    found = parse_number(text(texts, name), mark)
    if not isinstance(found, Decimal) or found != found.to_integral_value():
        return None
    return int(found)


def optional_day(texts: Texts, name: str) -> date | None:
    """A date, or None for an empty entry. Raises BadInput for any other text."""
    return day(texts, name) if text(texts, name) else None


def _view(
    entry: OwnField, texts: Texts, error: Sentence | None, days: Days | None = None
) -> FieldView:
    is_day = entry.kind == "date"
    hints = [render(entry.hint)] if entry.hint else []
    if is_day:
        hints.append(gettext("for example 31/12/2026"))
    if entry.kind == "textarea" and entry.max_length:
        hints.append(limit_words(entry.max_length, formats()))
    return FieldView(
        kind=entry.kind,
        id=html_id(entry.name),
        name=entry.name,
        label=render(entry.label),
        hint=" – ".join(hints),
        error=render(error) if error else "",
        required=entry.required,
        value="" if entry.kind == "password" else (texts.get(entry.name) or [""])[-1],
        echo=echo_of(entry.kind, text(texts, entry.name), formats(), days),
        chosen=frozenset(one for one in texts.get(entry.name, []) if one),
        options=tuple(Choice(value, words) for value, words in entry.options),
        width="short" if is_day else entry.width,
        max_length=entry.max_length,
    )
