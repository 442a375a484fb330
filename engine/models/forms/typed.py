"""Dates and numbers as people type them.

Owns the accepted spellings; both languages of the product are understood at once.
"""

from __future__ import annotations

import re
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
GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(?:([.,])\d{3})(?:\1\d{3})*")


def parse_date(text: str) -> date | None:
    """9/12/2025 (day first), 9 Des 2025, 9 Desember 2025, 9 Dec 2025 or 2025-12-09; None else."""
    if match := ISO.fullmatch(text):
        return _date(*match.groups())
    if match := DAY_FIRST.fullmatch(text):
        day, month, year = match.groups()
        return _date(year, month, day)
    if match := NAMED_MONTH.fullmatch(text):
        day, name, year = match.groups()
        return _date(year, MONTHS.get(name.lower(), 0), day)
    return None


def parse_number(text: str) -> Decimal | None:
    """1234,5 and 1234.5, grouped 1.234,5 and 1,234.5; 1.234 alone is grouped, as Indonesians write
    it, and 1,234 alone has decimals for the same reason. None for anything else.
    """
    plain = re.sub(r"\s", "", text)
    if len(plain) > MAX_DIGITS or not re.fullmatch(r"[+-]?[\d.,]*\d[\d.,]*", plain, re.ASCII):
        return None
    whole, mark, decimals = _parts(plain)
    if mark and not decimals.isdigit():
        return None
    grouped = GROUPED.fullmatch(whole)
    if not grouped and not re.fullmatch(r"[+-]?\d*", whole):
        return None
    if grouped and grouped.group(1) == mark:
        return None
    return _decimal(re.sub(r"[.,]", "", whole) + "." + (decimals or "0"))


def _parts(plain: str) -> tuple[str, str, str]:
    """(whole part, decimal mark or "", decimals)."""
    last = max(plain.rfind("."), plain.rfind(","))
    if last < 0:
        return plain, "", ""
    mark = plain[last]
    grouped = GROUPED.fullmatch(plain)
    if grouped and (mark == "." or plain.count(mark) > 1):
        return plain, "", ""
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
