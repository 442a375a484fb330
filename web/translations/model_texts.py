"""The texts of the shipped models that people read on pages: `models.po` translates them.

Owns the list of these texts. An owner's own model brings its English along.
"""

from __future__ import annotations

from engine.models.bundle import read_bundle
from engine.models.texts import texts_of
from processes.composition import SHIPPED, shipped_files


def model_texts() -> list[str]:
    """Names and instructions of elements, labels, hints and choices of forms, words of tables."""
    found = [text for key in SHIPPED for text in texts_of(read_bundle(shipped_files(key)))]
    return list(dict.fromkeys(found))
