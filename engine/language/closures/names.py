"""The names that may be written, and the error for an unknown one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from engine.language.budget import Run
from engine.language.errors import LanguageError
from engine.sentences.sentence import Sentence, say

SHOWN_NAMES = 8


def checked_name(wanted: str) -> str:
    """`wanted`, unless it belongs to Python's own machinery."""
    if wanted.startswith("__"):
        raise LanguageError(
            say("{name} cannot be used here.", name=wanted),
            say("Use names that do not begin with two underscores."),
        )
    return wanted


def unknown_name(run: Run, wanted: str) -> LanguageError:
    """The error for an unknown name, with similar names."""
    what = say("There is no value called {name} here.", name=wanted)
    if wanted in run.functions:
        return LanguageError(what, say("To call the function write {name}().", name=wanted))
    return LanguageError(what, near(wanted, run.names))


def near(wanted: str, existing: Iterable[str]) -> Sentence:
    """The existing name that was probably meant, or all existing names."""
    names = sorted(str(name) for name in existing)
    close = difflib.get_close_matches(wanted, names, n=3)
    if close:
        return say("Did you mean {names}?", names=", ".join(close))
    if not names:
        return say("Nothing has been given a name yet.")
    shown = ", ".join(names[:SHOWN_NAMES]) + (", ..." if len(names) > SHOWN_NAMES else "")
    return say("There are: {names}.", names=shown)


def checked_attribute(wanted: str) -> str:
    """`wanted`, unless it begins with an underscore: Python's own attributes are out of reach."""
    if wanted.startswith("_"):
        raise LanguageError(
            say(".{name} cannot be used here.", name=wanted),
            say("Use names that do not begin with an underscore."),
        )
    return wanted
