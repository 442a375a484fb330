"""The version of SpiffWorkflow under which running cases were written.

This version defines the meaning of a stored state. Another version may read the state differently
without an error, so the engine does not open under any other. An upgrade changes the number here in
the commit that proves it with the states in `tests/engine/formats`.
"""

from __future__ import annotations

from importlib import metadata
from typing import Final

from engine.sentences.errors import Unavailable
from engine.sentences.sentence import say

PROVEN: Final = "3.2.0"


def refuse_any_other() -> None:
    """Raises Unavailable, naming both versions, if another version is installed."""
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
