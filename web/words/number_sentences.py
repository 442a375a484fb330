"""Numbers in words: what stands under a field, so that 250 is never taken for 250,000.

Owns the spelling of the two languages; pure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

INDONESIAN: Sequence[str] = (
    "nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan",
)  # fmt: skip
ENGLISH: Sequence[str] = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
)  # fmt: skip
TENS: Sequence[str] = (
    "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
)  # fmt: skip
THOUSANDS: Mapping[str, Sequence[str]] = {
    "id": ("", "ribu", "juta", "miliar", "triliun", "kuadriliun"),
    "en": ("", "thousand", "million", "billion", "trillion", "quadrillion"),
}
"""The names of 1, 1,000, 1,000,000 and so on: as far as the numbers of forms go (below 10**18)."""
MARKS: Mapping[str, str] = {"id": "koma", "en": "point"}


def in_words(value: Decimal | float, code: str) -> str:
    """`dua ratus lima puluh ribu`, `one point one two five`; empty beyond what has a name."""
    exact = Decimal(str(value))
    whole, _, decimals = f"{abs(exact):f}".partition(".")
    if len(whole) > 3 * len(THOUSANDS[code]):
        return ""
    names = INDONESIAN if code == "id" else ENGLISH
    said = ["minus"] if exact < 0 else []
    said.append(_whole(int(whole), code))
    if decimals := decimals.rstrip("0"):
        said += [MARKS[code], *(names[int(digit)] for digit in decimals)]
    return " ".join(said)


def _whole(number: int, code: str) -> str:
    if number == 0:
        return (INDONESIAN if code == "id" else ENGLISH)[0]
    groups = [number // 1000**power % 1000 for power in range(len(THOUSANDS[code]))]
    powers = reversed(list(enumerate(groups)))
    said = [_with_power(group, power, code) for power, group in powers if group]
    # As the British do: one thousand and five.
    if code == "en" and len(said) > 1 and 0 < groups[0] < 100:
        said.insert(-1, "and")
    return " ".join(said)


def _with_power(group: int, power: int, code: str) -> str:
    if code == "id" and (group, power) == (1, 1):
        return "seribu"
    return f"{BELOW_THOUSAND[code](group)} {THOUSANDS[code][power]}".rstrip()


def _indonesian(number: int) -> str:
    if number < 10:
        return INDONESIAN[number]
    if number < 20:
        return {10: "sepuluh", 11: "sebelas"}.get(number) or f"{INDONESIAN[number - 10]} belas"
    if number < 100:
        return _joined(f"{INDONESIAN[number // 10]} puluh", number % 10, _indonesian)
    hundreds = "seratus" if number < 200 else f"{INDONESIAN[number // 100]} ratus"
    return _joined(hundreds, number % 100, _indonesian)


def _english(number: int) -> str:
    if number < 20:
        return ENGLISH[number]
    if number < 100:
        return _joined(TENS[number // 10], number % 10, _english, "-")
    return _joined(f"{ENGLISH[number // 100]} hundred", number % 100, _english, " and ")


def _joined(first: str, rest: int, words: Callable[[int], str], between: str = " ") -> str:
    return f"{first}{between}{words(rest)}" if rest else first


BELOW_THOUSAND: Mapping[str, Callable[[int], str]] = {"id": _indonesian, "en": _english}
