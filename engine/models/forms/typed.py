"""Dates and numbers as people type them.

Owns the accepted spellings. Both languages of the product are understood at once; where they would
read the same number differently, whoever knows the writer's language says its decimal mark.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan januari january",
            "feb februari february peb pebruari",
            "mar maret march mrt",
            "apr april",
            "mei may",
            "jun juni june",
            "jul juli july",
            "agu agustus ags agt aug august",
            "sep september sept",
            "okt oktober oct october",
            "nov november nop nopember",
            "des desember dec december",
        ),
        start=1,
    )
    for name in names.split()
}
DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
NAMED_MONTH = re.compile(r"(\d{1,2})[ -]+([A-Za-z]+)\.?[ -]+(\d{4})")
ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")

MAX_DIGITS = 30
GROUP = 3
"""Digits between two grouping marks."""
TWO_READINGS = re.compile(r"[+-]?[1-9]\d{0,2}([.,])\d{3}")
"""1.125: a thousand and more where its mark groups, a little more than one where it is decimal."""
GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(?:([.,])\d{3})(?:\1\d{3})*")


def parse_date(text: str) -> date | None:
    """9/12/2025 (day first), 9 Des 2025, 9 Desember 2025, 9 Dec 2025 or 2025-12-09; None for any
    other text."""
    if match := ISO.fullmatch(text):
        return _date(*match.groups())
    if match := DAY_FIRST.fullmatch(text):
        day, month, year = match.groups()
        return _date(year, month, day)
    if match := NAMED_MONTH.fullmatch(text):
        day, name, year = match.groups()
        return _date(year, MONTHS.get(name.lower(), 0), day)
    return None


@dataclass(frozen=True, slots=True)
class TwoReadings:
    """What a text can mean when its only mark stands before three digits."""

    grouped: Decimal
    decimal: Decimal


def parse_number(text: str, decimal_mark: str = "") -> Decimal | TwoReadings | None:
    """1234,5 and 1234.5, grouped 1.234,5 and 1,234.5; None for what is no number.

    1.234 alone is grouped where `decimal_mark`, of the language it was written in, is the comma.
    Where it is the dot, or where nobody knows, both readings are returned: in an English page it
    is as likely the habit of an Indonesian hand.
    """
    plain = re.sub(r"\s", "", text)
    if len(plain) > MAX_DIGITS or not re.fullmatch(r"[+-]?[\d.,]*\d[\d.,]*", plain, re.ASCII):
        return None
    if match := TWO_READINGS.fullmatch(plain):
        found = TwoReadings(
            Decimal(plain.replace(match[1], "")), Decimal(plain.replace(match[1], "."))
        )
        return found.grouped if decimal_mark not in ("", match[1]) else found
    return _only_reading(plain)


def spelled(number: Decimal) -> str:
    """The number so that it can be read in one way only, whatever the language: without groups,
    a dot before the decimals, and never three of those."""
    plain = f"{number:f}"
    return f"{plain}0" if len(plain.partition(".")[2]) == GROUP else plain


def _only_reading(plain: str) -> Decimal | None:
    whole, mark, decimals = _parts(plain)
    if mark and not decimals.isdigit():
        return None
    grouped = GROUPED.fullmatch(whole)
    if not grouped and not re.fullmatch(r"[+-]?\d*", whole):
        return None
    if grouped and grouped.group(1) == mark:
        return None
    return _decimal(re.sub(r"[.,]", "", whole) + "." + decimals if mark else whole)


def _parts(plain: str) -> tuple[str, str, str]:
    """(whole part, decimal mark or "", decimals)."""
    last = max(plain.rfind("."), plain.rfind(","))
    if last < 0:
        return plain, "", ""
    mark = plain[last]
    if plain.count(mark) > 1 and GROUPED.fullmatch(plain):
        return re.sub(r"[.,]", "", plain), "", ""
    return plain[:last], mark, plain[last + 1 :]


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _date(year: str, month: str | int, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
