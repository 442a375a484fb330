"""The values the language knows and how big they are.

Values are JSON (text, numbers, true/false, nothing, lists, mappings with text keys), tuples and
sets on the way, dates, aware date-times, times of day and durations. Owns measuring, copying,
showing and turning into JSON. Knows nothing of expressions.
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
"""Beyond it no database and no reader of JSON keeps a whole number as it is."""
# Visiting a list costs more than visiting an entry of a flat one; measured about 16 to 1.
EFFORT_PER_CONTAINER = 16


class Namespace(Mapping[str, object]):
    """A named group of facts that expressions read as `case.deadline`; nobody can change it.

    `lacking`: what is wrong and what to do where a fact is asked for that is not there; None: its
    name is misspelt.
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
    # Cut before quoting: a long text is not copied only to be thrown away.
    text = value[: SHOWN_CHARACTERS + 1] if isinstance(value, str) else value
    shown = json.dumps(text, ensure_ascii=False, default=iso_text)
    return shown if len(shown) <= SHOWN_CHARACTERS else shown[:SHOWN_CHARACTERS] + "..."


def measure(value: object) -> int:
    """The effort of walking through `value`; an alias counts as often as it is met.

    Raises LanguageError beyond 50,000 nodes, 2,000,000 characters or 100 levels (a value that
    contains itself is all three).
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
    """Text weighs by its length: comparing two long ones reads them to the end. So do keys."""
    if isinstance(value, str):
        return len(value)
    return sum(map(_characters, value)) if isinstance(value, Mapping) else 0


def _too_big() -> LanguageError:
    return LanguageError(
        say("The data is too large or contains itself."),
        say("Work on fewer entries and shorter texts at a time, nested less deeply."),
    )


def checked_text(text: str) -> str:
    """`text` unless it is longer than the limit."""
    if len(text) > MAX_TEXT_CHARACTERS:
        raise text_too_long()
    return text


def text_too_long() -> LanguageError:
    """The error for a text over the limit, raised before one is made where that is possible."""
    return LanguageError(
        say("The text would be longer than {limit} characters.", limit=MAX_TEXT_CHARACTERS),
        say("Put less text together."),
    )


def check_count(count: int) -> int:
    """`count` entries, unless that is more than a list may hold."""
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
    """What a loop over `value` visits: a snapshot, so that a loop may change what it walks."""
    if not isinstance(value, list | tuple | set | str | Mapping):
        raise LanguageError(
            say("{value} has no entries to go through.", value=show(value)),
            say("Give a list."),
        )
    run.spend_size(check_count(len(value)))
    return ordered(value) if isinstance(value, set) else list(value)


def copied(value: object) -> object:
    """A deep copy of measured data: mappings become dicts, everything else stays what it is."""
    if isinstance(value, Mapping):
        return {key: copied(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [copied(entry) for entry in value]
    return value


def to_json(value: object, name: str) -> object:
    """`value` as JSON: dates become ISO text, tuples and sets lists.

    Raises LanguageError naming the variable `name` for anything else.
    """
    check_size(value, name)
    return _json(value, name)


def check_size(value: object, name: str) -> None:
    """Raises LanguageError naming the variable `name` when `measure` would."""
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
