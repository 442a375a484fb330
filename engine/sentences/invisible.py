"""Invisible characters: a text made of them is blank, whatever its length.

Owns the list of these characters. Between other characters they may have a use (joining letters,
giving a direction), so no text is changed.
"""

from __future__ import annotations

import unicodedata

SPACES_AND_SIGNS = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"})
"""Unicode categories that are not drawn: controls, formats, surrogates, line ends and blanks."""
# Default_Ignorable_Code_Point of Unicode 16 outside these categories: fillers, joiners, selectors.
IGNORED = (
    (0x034F, 0x034F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x2065, 0x2065),
    (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0xE0000, 0xE0FFF),
)  # fmt: skip
BLANKS = "\N{BRAILLE PATTERN BLANK}\N{MUSICAL SYMBOL NULL NOTEHEAD}"
"""Characters that are drawn as nothing."""
INVISIBLE = frozenset(BLANKS).union(
    chr(point) for first, last in IGNORED for point in range(first, last + 1)
)


def is_blank(text: str) -> bool:
    """Whether a text has no visible character."""
    return all(
        character in INVISIBLE or unicodedata.category(character) in SPACES_AND_SIGNS
        for character in text
    )
