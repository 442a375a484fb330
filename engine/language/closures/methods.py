"""The allowed methods of text, lists, mappings and sets, each within its limits.

Methods that only read may be called anywhere; methods that change a value only in scripts, which
work on a copy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from engine.language.budget import MAX_TEXT_CHARACTERS, Run
from engine.language.closures import unified
from engine.language.closures.builtins import BUILTINS, make_set, text_key, text_of
from engine.language.errors import LanguageError
from engine.language.moments.days import day_in
from engine.language.operators import contains, equal
from engine.language.values import check_count, checked_text, entries_of, show, text_too_long
from engine.sentences.sentence import say
from engine.time.calendar import EndOfDay

Method = Callable[..., object]


def _text_method(name: str) -> Method:
    """A method of Python's `str` whose result is at most a little longer than its input."""
    plain = getattr(str, name)

    def call(run: Run, text: str, *arguments: object) -> object:
        run.spend_size(len(text))
        result = plain(text, *arguments)
        return checked_text(result) if isinstance(result, str) else result

    return call


def _strip(name: str) -> Method:
    """Python compares every character at the end of the text with every one to be removed."""
    plain = getattr(str, name)

    def call(run: Run, text: str, *characters: str) -> object:
        run.spend_size(len(text) * max(len("".join(characters)), 1))
        return plain(text, *characters)

    return call


def _split(name: str) -> Method:
    plain = getattr(str, name)

    def call(run: Run, text: str, *arguments: object) -> list[str]:
        run.spend_size(len(text))
        parts: list[str] = plain(text, *arguments)
        run.spend_size(check_count(len(parts)))
        return parts

    return call


def _padded(name: str) -> Method:
    plain = getattr(str, name)

    def call(run: Run, text: str, width: int, *fill: str) -> object:
        if width > MAX_TEXT_CHARACTERS:
            raise text_too_long()
        run.spend_size(max(width, len(text)))
        return plain(text, width, *fill)

    return call


def _replace(run: Run, text: str, old: str, new: str) -> str:
    """The length is computed before the text is made."""
    run.spend_size(len(text))
    if len(text) + text.count(old) * (len(new) - len(old)) > MAX_TEXT_CHARACTERS:
        raise text_too_long()
    return text.replace(old, new)


def _join(run: Run, separator: str, values: object) -> str:
    parts = [
        str(part) if isinstance(part, str) else text_of(run, part)
        for part in entries_of(run, values)
    ]
    length = sum(map(len, parts)) + len(separator) * max(len(parts) - 1, 0)
    if length > MAX_TEXT_CHARACTERS:
        raise text_too_long()
    run.spend_size(length)
    return separator.join(parts)


def _prefix(name: str) -> Method:
    """startswith, endswith: one text or a tuple of them."""
    plain = getattr(str, name)

    def call(run: Run, text: str, wanted: Any) -> object:
        several = wanted if isinstance(wanted, tuple) else (wanted,)
        run.spend_size(sum(1 + min(len(text), len(one)) for one in several))
        return plain(text, wanted)

    return call


def _get(run: Run, group: Mapping[str, object], key: object, default: object = None) -> object:
    return group.get(text_key(key), default)


def _items(run: Run, group: Mapping[str, object]) -> list[object]:
    run.spend_size(check_count(len(group)))
    return list(group.items())


def _values(run: Run, group: Mapping[str, object]) -> list[object]:
    run.spend_size(check_count(len(group)))
    return list(group.values())


def _index(run: Run, values: list[object], wanted: object) -> int:
    for place, entry in enumerate(entries_of(run, values)):
        if contains(run, entry, [wanted]):
            return place
    raise LanguageError(
        say("{wanted} is not in the list.", wanted=show(wanted)),
        say("Ask first: x in the list."),
    )


def _count(run: Run, values: list[object], wanted: object) -> int:
    return sum(equal(run, entry, wanted) for entry in entries_of(run, values))


def _weekday(run: Run, moment: object) -> int:
    day: Any = day_in(run.functions, moment)
    return int(day.weekday())


MOMENTS: Mapping[str, Method] = {"isoformat": text_of, "weekday": _weekday}
READING: Mapping[type, Mapping[str, Method]] = {
    str: {
        **{
            name: _text_method(name)
            for name in (
                *("capitalize", "casefold", "count", "find", "isalnum", "isalpha", "isdigit"),
                *("islower", "isspace", "isupper", "lower", "removeprefix", "removesuffix"),
                *("title", "upper"),
            )
        },
        **{name: _split(name) for name in ("partition", "split", "splitlines")},
        **{name: _strip(name) for name in ("lstrip", "rstrip", "strip")},
        **{name: _padded(name) for name in ("ljust", "rjust", "zfill")},
        **{name: _prefix(name) for name in ("startswith", "endswith")},
        "join": _join,
        "replace": _replace,
    },
    list: {"copy": entries_of, "count": _count, "index": _index},
    tuple: {"count": _count, "index": _index},
    Mapping: {
        "copy": BUILTINS["dict"],
        "get": _get,
        "items": _items,
        "keys": entries_of,
        "values": _values,
    },
    date: MOMENTS,
    EndOfDay: MOMENTS,
}


def _append(run: Run, values: list[object], entry: object) -> None:
    check_count(len(values) + 1)
    values.append(entry)


def _extend(run: Run, values: list[object], more: object) -> None:
    entries = entries_of(run, more)
    check_count(len(values) + len(entries))
    values.extend(entries)


def _insert(run: Run, values: list[object], place: int, entry: object) -> None:
    run.spend_size(check_count(len(values) + 1))
    values.insert(place, entry)


def _remove(run: Run, values: list[object], entry: object) -> None:
    del values[_index(run, values, entry)]


def _sort(run: Run, values: list[object], *, reverse: object = False) -> None:
    values[:] = BUILTINS["sorted"](run, values, reverse=reverse)  # type: ignore[call-overload]  # a list


def _pop(run: Run, values: list[object], place: int = -1) -> object:
    run.spend_size(len(values))
    return values.pop(place)


def _pop_key(run: Run, group: dict[str, object], key: object, *default: object) -> object:
    return group.pop(text_key(key), *default)


def _update(run: Run, group: dict[str, object], more: object) -> None:
    changes: Any = BUILTINS["dict"](run, more)
    check_count(len(group) + len(changes))
    group.update(changes)


def _setdefault(run: Run, group: dict[str, object], key: object, value: object = None) -> object:
    check_count(len(group) + 1)
    return group.setdefault(text_key(key), value)


def _add(run: Run, members: set[object], member: object) -> None:
    check_count(len(members) + 1)
    members |= make_set([member])


CHANGING: Mapping[type, Mapping[str, Method]] = {
    list: {
        "append": _append,
        "clear": lambda run, values: values.clear(),
        "extend": _extend,
        "insert": _insert,
        "pop": _pop,
        "remove": _remove,
        "reverse": lambda run, values: values.reverse(),
        "sort": _sort,
    },
    dict: {
        "clear": lambda run, group: group.clear(),
        "pop": _pop_key,
        "setdefault": _setdefault,
        "update": _update,
    },
    set: {"add": _add, "discard": lambda run, members, member: members.discard(member)},
}


def known_methods(*, changing: bool) -> frozenset[str]:
    """The names of all methods that may be called."""
    return frozenset(name for _, methods in _tables(changing=changing) for name in methods)


def methods_of(receiver: object, *, changing: bool) -> Mapping[str, Method]:
    """The methods of this value that may be called here, by name."""
    found: dict[str, Method] = {}
    for kind, methods in _tables(changing=changing):
        if isinstance(receiver, kind):
            found.update(methods)
    return found


def find_method(receiver: object, name: str, *, changing: bool) -> Method | None:
    """The method `name` of this value; None if it has none (or none that may be called here)."""
    for kind, methods in _tables(changing=changing):
        if isinstance(receiver, kind) and name in methods:
            return methods[name]
    return None


READING_TABLES = (*READING.items(), *unified.METHODS.items())
ALL_TABLES = (*READING_TABLES, *CHANGING.items())


def _tables(*, changing: bool) -> tuple[tuple[type, Mapping[str, Method]], ...]:
    return ALL_TABLES if changing else READING_TABLES
