"""The version of SpiffWorkflow that running cases were written under.

A stored state means what this version makes of it. Another one may read it differently without
saying so, so the engine does not open under any other: an upgrade changes the number here in the
same commit that proves it with the states kept in `tests/engine/formats`.
"""

from __future__ import annotations

from importlib import metadata
from typing import Final

from engine.sentences.errors import Unavailable
from engine.sentences.sentence import say

PROVEN: Final = "3.2.0"


def refuse_any_other() -> None:
    """Raises Unavailable, naming both, when another version is installed."""
    installed = metadata.version("SpiffWorkflow")
    if installed != PROVEN:
        raise Unavailable(
            say(
                "SpiffWorkflow {installed} is installed, but the running cases were proven with "
                "{proven} only: install that version.",
                installed=installed,
                proven=PROVEN,
            )
        )
