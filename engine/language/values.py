"""The values of the language, and their sizes.

Values are JSON (text, numbers, true/false, null, lists, mappings with text keys), tuples and sets
on the way, dates, aware date-times, times of day and durations. Owns measuring, copying, showing
and turning into JSON. Knows nothing of expressions.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping

from engine.language.budget import (
    MAX_CHARACTERS,
    MAX_DEPTH,
    MAX_ITEMS,
    MAX_NODES,
    MAX_TEXT_CHARACTERS,
    Run,
)
from engine.language.errors import LanguageError
from engine.language.spans import TIMES, iso_text
from engine.sentences.sentence import Sentence, say

FLAT = frozenset({str, int, float, bool, type(None)}) | TIMES
SHOWN_CHARACTERS = 40
LARGEST = 2**63
"""Beyond it databases and JSON readers change whole numbers."""
# Visiting a list costs more than visiting an entry of a flat one; measured about 16 to 1.
EFFORT_PER_CONTAINER = 16


class Namespace(Mapping[str, object]):
    """A named group of facts that expressions read as `case.deadline`; it cannot be changed.

    `lacking`: the error and advice for a fact that is missing; None: its name is misspelt.
    """

    __slots__ = ("_facts", "lacking")

    def __init__(
        self, facts: Mapping[str, object], lacking: tuple[Sentence, Sentence] | None = None
    ) -> None:
        self._facts = dict(facts)
        self.lacking = lacking

    def __getitem__(self, name: str) -> object:
        return self._facts[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)

    def __repr__(self) -> str:
        return f"Namespace({self._facts!r})"


def show(value: object) -> str:
    """A value as its author would write it, short enough for a sentence."""
    if isinstance(value, Mapping):
        return "{...}" if value else "{}"
    if isinstance(value, list | tuple | set):
        return "[...]" if value else "[]"
    if type(value) not in FLAT:
        return "..."
    # Cut before quoting, so that a long text is not copied for nothing.
    text = value[: SHOWN_CHARACTERS + 1] if isinstance(value, str) else value
    shown = json.dumps(text, ensure_ascii=False, default=iso_text)
    return shown if len(shown) <= SHOWN_CHARACTERS else shown[:SHOWN_CHARACTERS] + "..."


def measure(value: object) -> int:
    """The cost of walking through `value`; an alias counts as often as it occurs.

    Raises LanguageError beyond 50,000 nodes, 2,000,000 characters or 100 levels (a value that
    contains itself has all three).
    """
    nodes, effort, characters = 1, 0, 0
    pending = [(value, 0)]
    while pending:
        current, depth = pending.pop()
        entries = _entries(current)
        nodes += len(entries)
        if nodes > MAX_NODES or depth > MAX_DEPTH:
            raise _too_big()
        effort += EFFORT_PER_CONTAINER + len(entries)
        characters += _characters(current)
        kinds = set(map(type, entries))
        if not kinds <= FLAT:
            pending += [(entry, depth + 1) for entry in entries]
        elif str in kinds:
            characters += sum(map(_characters, entries))
        if characters > MAX_CHARACTERS:
            raise _too_big()
    return effort + characters


def _entries(value: object) -> list[object]:
    if isinstance(value, Mapping):
        return list(value.values())
    return list(value) if isinstance(value, list | tuple | set) else []


def _characters(value: object) -> int:
    """Text costs its length, keys too: comparing two long texts reads them to the end."""
    if isinstance(value, str):
        return len(value)
    return sum(map(_characters, value)) if isinstance(value, Mapping) else 0


def _too_big() -> LanguageError:
    return LanguageError(
        say("The data is too large or contains itself."),
        say("Work on fewer entries and shorter texts at a time, nested less deeply."),
    )


def checked_text(text: str) -> str:
    """`text`. Raises LanguageError if it is longer than the limit."""
    if len(text) > MAX_TEXT_CHARACTERS:
        raise text_too_long()
    return text


def text_too_long() -> LanguageError:
    """The error for a text over the limit, raised before the text is made if possible."""
    return LanguageError(
        say("The text would be longer than {limit} characters.", limit=MAX_TEXT_CHARACTERS),
        say("Put less text together."),
    )


def check_count(count: int) -> int:
    """`count` entries. Raises LanguageError if a list may not hold so many."""
    if count > MAX_ITEMS:
        raise LanguageError(
            say("The list would have more than {limit} entries.", limit=MAX_ITEMS),
            say("Work on fewer entries at a time."),
        )
    return count


def ordered(values: set[object]) -> list[object]:
    """The members of a set in an order that is the same in every process."""
    return sorted(values, key=lambda member: (type(member).__name__, member))


def entries_of(run: Run, value: object) -> list[object]:
    """The entries of a loop over `value`: a snapshot, so that the loop may change the original."""
    if not isinstance(value, list | tuple | set | str | Mapping):
        raise LanguageError(
            say("{value} has no entries to go through.", value=show(value)),
            say("Give a list."),
        )
    run.spend_size(check_count(len(value)))
    return ordered(value) if isinstance(value, set) else list(value)


def copied(value: object) -> object:
    """A deep copy of measured data: mappings become dicts, all other values keep their type."""
    if isinstance(value, Mapping):
        return {key: copied(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [copied(entry) for entry in value]
    return value


def to_json(value: object, name: str) -> object:
    """`value` as JSON: dates become ISO text, tuples and sets become lists.

    Raises LanguageError naming the variable `name` for any other value.
    """
    check_size(value, name)
    return _json(value, name)


def check_size(value: object, name: str) -> None:
    """Raises LanguageError naming the variable `name` if `measure` raises one."""
    try:
        measure(value)
    except LanguageError as error:
        what = say("{name} is too large or contains itself.", name=name)
        raise LanguageError(what, error.advice) from error


def stored(data: Mapping[str, object]) -> dict[str, object]:
    """Process data as JSON, each variable by itself and all together within the limits."""
    for name, value in data.items():
        check_size(value, name)
    measure(data)
    return {name: _json(value, name) for name, value in data.items()}


def _json(value: object, name: str) -> object:
    if isinstance(value, float) and not math.isfinite(value):
        raise _not_json(name)
    if isinstance(value, int) and not -LARGEST <= value < LARGEST:
        raise LanguageError(
            say("{name} holds a whole number that is too large.", name=name),
            say("Keep whole numbers below 10**18, or keep their figures as text."),
        )
    if value is None or isinstance(value, str | int | float):
        return value
    if type(value) in TIMES:
        return iso_text(value)
    if isinstance(value, Mapping):
        return {_key(key, name): _json(entry, name) for key, entry in value.items()}
    if isinstance(value, set):
        value = ordered(value)
    if isinstance(value, list | tuple):
        return [_json(entry, name) for entry in value]
    raise _not_json(name)


def _key(key: object, name: str) -> str:
    if isinstance(key, str):
        return key
    raise _not_json(name)


def _not_json(name: str) -> LanguageError:
    return LanguageError(
        say("{name} holds a value that cannot be stored.", name=name),
        say("Store text, numbers, true or false, dates, lists, and mappings whose keys are text."),
    )
