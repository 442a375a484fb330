"""Numbers in fields: by one rule a page writes them and reads them back.

Owns the way between the marks of a page's language and the spelling that is kept, which reads the
same in every language (`engine.models.forms.typed`): a draft written in English may be opened in
Indonesian, and a page drawn in one language may be sent after the other was chosen. What cannot be
read, or in two ways, stays as it was typed and is refused where the answers are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from werkzeug.datastructures import MultiDict

from engine.models.forms import Form, parse_number, spelled, walk
from web.forms.submission import Texts, drawn_in, texts_of
from web.words.formatting import decimal_mark


def entries_of(form: Form, posted: MultiDict[str, str], spoken: str) -> Texts:
    """Every entry as typed, numbers in the spelling that is kept. `spoken`: the language of a page
    that does not say its own."""
    return kept(form, texts_of(posted), drawn_in(posted, spoken))


def kept(form: Form, texts: Texts, spoken: str) -> Texts:
    """The entries with numbers, those in rows too, in the spelling that is kept."""
    number = re.compile("|".join(_numbers(form)) or r"(?!)")
    mark = decimal_mark(spoken)
    return {
        name: [_kept(text, mark) for text in values] if number.fullmatch(name) else values
        for name, values in texts.items()
    }


def _kept(text: str, mark: str) -> str:
    found = parse_number(text, mark)
    return spelled(found) if isinstance(found, Decimal) else text


def _numbers(form: Form) -> Iterator[str]:
    """Patterns of the names under which the form asks for numbers."""
    for item in walk(form.fields):
        if item.type == "number":
            yield re.escape(item.key)
        for child in walk(item.children) if item.type == "dynamiclist" else ():
            if child.type == "number":
                yield rf"{re.escape(item.key)}\[\d+\]\.{re.escape(child.key)}"
