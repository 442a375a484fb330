"""Whether a text has a visible character."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from engine.sentences.invisible import is_blank

UNSEEN = {
    "nothing": "", "space": " ", "tab and line": "\t\r\n", "no-break space": "\u00a0",
    "zero-width space": "\u200b", "zero-width joiner": "\u200d", "word joiner": "\u2060",
    "byte order mark": "\ufeff", "soft hyphen": "\u00ad", "right-to-left mark": "\u200f",
    "embedding": "\u202a\u202c", "isolate": "\u2066\u2069", "Arabic letter mark": "\u061c",
    "ideographic space": "\u3000", "line separator": "\u2028", "Hangul filler": "\u3164",
    "half-width Hangul filler": "\uffa0", "Hangul choseong filler": "\u115f",
    "Hangul jungseong filler": "\u1160", "Braille blank": "\u2800",
    "combining grapheme joiner": "\u034f", "Khmer inherent vowel": "\u17b4",
    "Mongolian vowel separator": "\u180e", "variation selector": "\ufe0f",
    "more of them": "\U000e0100", "tag": "\U000e0041", "NUL": "\0", "half character": "\ud800",
    "null notehead": "\U0001d159", "many": "\u200b \u00ad\n" * 1000,
}  # fmt: skip


@pytest.mark.parametrize("name", UNSEEN)
def test_a_text_of_what_nobody_sees_says_nothing(name: str) -> None:
    assert is_blank(UNSEEN[name])
    assert not is_blank(UNSEEN[name] + "a" + UNSEEN[name])


def test_letters_figures_and_signs_are_seen() -> None:
    shown = "LNPS"
    hidden = {"\u115f", "\u1160", "\u3164", "\uffa0", "\u2800", "\U0001d159"}
    for point in range(sys.maxunicode + 1):
        if unicodedata.category(chr(point))[0] in shown and chr(point) not in hidden:
            assert not is_blank(chr(point)), hex(point)
