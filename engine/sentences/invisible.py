"""Characters nobody sees: a text made of them says nothing, whatever its length.

Owns which those are; what they are good for between others (joining letters, giving a direction)
stays untouched.
"""

from __future__ import annotations

import unicodedata

SPACES_AND_SIGNS = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"})
"""Categories of what is not drawn: controls, formats, half characters, line ends and blanks."""
# Default_Ignorable_Code_Point of Unicode 16 outside these categories: fillers, joiners, selectors.
IGNORED = (
    (0x034F, 0x034F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x2065, 0x2065),
    (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0xE0000, 0xE0FFF),
)  # fmt: skip
BLANKS = "\N{BRAILLE PATTERN BLANK}\N{MUSICAL SYMBOL NULL NOTEHEAD}"
"""Signs that are drawn as nothing."""
INVISIBLE = frozenset(BLANKS).union(
    chr(point) for first, last in IGNORED for point in range(first, last + 1)
)


def is_blank(text: str) -> bool:
    """Whether there is nothing to see in a text."""
    return all(
        character in INVISIBLE or unicodedata.category(character) in SPACES_AND_SIGNS
        for character in text
    )
