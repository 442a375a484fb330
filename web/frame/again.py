"""A page that answers a form, drawn once more in another language: nothing typed is lost or sent.

Owns which answers can be repeated, and what a form is sent again with. A check only looks, and so
does a way back from it; of any other form only its page is drawn, before its act begins.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from flask import current_app, request

from web.forms.submission import AGAIN, CHOSEN, LANGUAGE, drawn_in
from web.frame.navigation import leads_somewhere
from web.gate.errors import ONLY_DRAW, draws_again, entries
from web.words.i18n import language

ONLY_LOOKS: Final = frozenset({"check", "back"})
"""Buttons of a form that change nothing."""

LONGEST: Final = 100_000
"""Characters that are sent once more; a form with files of models in it is not written twice."""

Sent = Sequence[tuple[str, str]]


def address() -> str | None:
    """The address to which a change of language returns; None where what was typed would be
    lost."""
    if request.method == "GET":
        return request.full_path.removesuffix("?")
    return request.path if _keeps_draft() or can_repeat() else None


def _keeps_draft() -> bool:
    return request.blueprint == "tasks" and leads_somewhere(current_app, request.path)


def can_repeat() -> bool:
    """Whether this page answers a form that can be drawn once more; a draft needs no repeating."""
    if request.method != "POST" or _keeps_draft() or _length() > LONGEST:
        return False
    return _only_looks() or draws_again()


def _length() -> int:
    return sum(len(text) for _, text in request.form.items(multi=True))


def typed() -> Sent:
    """What the form of this page was sent with, to send it again; without secrets."""
    if not can_repeat():
        return ()
    act = request.form.get("act", "") if _only_looks() else ONLY_DRAW
    kept = entries()
    for name in ("act", CHOSEN, AGAIN, LANGUAGE):
        kept.pop(name, None)
    kept |= {"act": [act], AGAIN: [request.path], LANGUAGE: [_drawn_in()]}
    return [(name, text) for name, texts in kept.items() for text in texts]


def _only_looks() -> bool:
    named = (request.endpoint or "").rpartition(".")[2]
    return request.form.get("act") in ONLY_LOOKS or named.startswith("check")


def _drawn_in() -> str:
    """The language in which the numbers among the entries were typed."""
    return drawn_in(request.form, language().code)
