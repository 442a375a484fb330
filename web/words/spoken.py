"""Which of the product's languages a client asks for, by the header Accept-Language.

Owns the reading of RFC 9110, section 12.5.4: a range names a language or any of its variants, `*`
stands for all that are not named, and what has the quality 0 is not wanted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from web.translations import LOCALES

Ranges: TypeAlias = Sequence[tuple[str, float]]
"""(language or `*`, quality), in the order of the header."""


def spoken(ranges: Ranges, otherwise: str) -> str:
    """The language that is wanted most; `otherwise` where none of ours is, or all are alike."""
    offered = [otherwise, *(code for code in LOCALES if code != otherwise)]
    best = max(offered, key=lambda code: _wish(ranges, code))
    return best if _wish(ranges, best)[0] > 0 else otherwise


def _wish(ranges: Ranges, code: str) -> tuple[float, int]:
    """How much a language is wanted, and among equals how early it is named."""
    named = [(wanted, -place) for place, (name, wanted) in enumerate(ranges) if _is(name, code)]
    if named:
        return max(named)
    return max((wanted for name, wanted in ranges if name == "*"), default=0), -len(ranges)


def _is(name: str, code: str) -> bool:
    return name.replace("_", "-").partition("-")[0].lower() == code
