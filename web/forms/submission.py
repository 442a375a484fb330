"""A posted form: its texts, and the small acts that only redraw it.

Owns the field names of the product's own pages. Knows neither the meaning of the answers nor their
storage.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from werkzeug.datastructures import MultiDict

from engine.models.forms import Form, rows_of
from processes.work import task_drafts
from web.translations import LOCALES

TAB = task_drafts.PAGE
"""Names one drawing of the page, so that a second tab of the same form can be told."""
SEEN = "_seen"
"""The save of the draft with which this drawing of the page began."""
REQUEST = "_request"
"""Sent with the form's last button: the same form sent twice is taken in once."""
LANGUAGE = "_language"
"""The language in which the page's numbers were drawn."""
REFUSED = "_refused"
"""Files that were refused, as `field:name`. They stay among the texts and in drafts: a form is not
sent without a file that its author has chosen, unless they say so."""
FIND = "_find_"
"""Before the key of a field with many choices: what is sought among them. Its button only redraws
the page."""
ORDER = task_drafts.ORDER
"""When this page sent the form, in milliseconds of its own clock: of two saves under way at once
the later one counts."""
CHOSEN, AGAIN = "_chosen", "_again"
"""The language that a reader of this page chose, and the address that draws the page anew."""
OWN_NAMES = frozenset(
    {"csrf_token", "act", "next", LANGUAGE, TAB, SEEN, ORDER, REQUEST, CHOSEN, AGAIN}
)
ADD = re.compile(r"add:(\w+)")
REMOVE = re.compile(r"remove:(\w+):(\d{1,4})")
REMOVE_FILE = re.compile(r"remove_file:([\w.\[\]]+):([\w-]+)")
LEAVE_OUT = re.compile(r"leave_out:([\w.\[\]]+)")

Texts = dict[str, list[str]]


def drawn_in(posted: Mapping[str, str], spoken: str) -> str:
    """The language in which a page wrote its numbers; `spoken` where it names none of ours."""
    said = posted.get(LANGUAGE, spoken)
    return said if said in LOCALES else spoken


def texts_of(posted: MultiDict[str, str]) -> Texts:
    """Every entry as typed, without the page's own fields."""
    return {name: posted.getlist(name) for name in posted if name not in OWN_NAMES}


def whole(form: Form, texts: Texts) -> Texts:
    """The texts, with empty ones for fields that a browser leaves out because nothing is chosen: on
    a page with the whole form they count as emptied."""
    sent = {name.partition("[")[0] for name in texts}
    return {name: list[str]() for name in form.keys if name not in sent} | texts


def texts_in(draft: Mapping[str, object]) -> Texts:
    """The same for a stored form."""
    return {
        name: [str(text) for text in texts]
        for name, texts in draft.items()
        if name not in OWN_NAMES and isinstance(texts, list)
    }


def redrawn(act: str, texts: Texts) -> Texts | None:
    """The texts after a button that only changes the page (adding or removing a row or a file);
    None for another button."""
    if match := ADD.fullmatch(act):
        return _with_rows(texts, match[1], [*_rows(texts, match[1]), {}])
    if match := REMOVE.fullmatch(act):
        rows = _rows(texts, match[1])
        return _with_rows(texts, match[1], rows[: int(match[2])] + rows[int(match[2]) + 1 :])
    if match := REMOVE_FILE.fullmatch(act):
        kept = [one for one in texts.get(match[1], []) if one != match[2]]
        return {**texts, match[1]: kept}
    if match := LEAVE_OUT.fullmatch(act):
        forgiven = dict(texts)
        forgive(forgiven, match[1])
        return forgiven
    return None


def forgive(texts: Texts, name: str) -> None:
    """Take the refusal of a file in the field `name` out of the texts."""
    kept = [one for one in texts.pop(REFUSED, []) if one.partition(":")[0] != name]
    if kept:
        texts[REFUSED] = kept


def _rows(texts: Texts, key: str) -> list[Mapping[str, object]]:
    return rows_of(key, texts)


def _with_rows(texts: Texts, key: str, rows: list[Mapping[str, object]]) -> Texts:
    others = {name: values for name, values in texts.items() if not name.startswith(f"{key}[")}
    for number, row in enumerate(rows):
        for name, values in row.items():
            others[f"{key}[{number}].{name}"] = list(values) if isinstance(values, list) else []
        # A row without entries would leave no trace in a post: its first name stands for it.
        if not row:
            others[f"{key}[{number}].{BLANK}"] = [""]
    return others


BLANK = "_"
"""Stands for a row without any entry; no field has this key, so reading drops it."""
