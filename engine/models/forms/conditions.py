"""When a field is hidden: `=key op literal`, joined by `and` and `or` (form-js `conditional.hide`).

Owns the small grammar and its meaning. It is FEEL's, except for a choice without an answer: a
comparison with one of its values hides the field in both cases, because nobody knows yet whether it
will matter. Any other unanswered field equals only null, and is neither smaller nor larger than any
value.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Literal = None | bool | float | str

TOKEN = re.compile(
    r"""\s*(?:(?P<text>"[^"\\]*")|(?P<number>-?\d+(?:\.\d+)?)|(?P<word>[A-Za-z_]\w*)"""
    r"""|(?P<sign><=|>=|!=|=|<|>))"""
)
MAX_CHARACTERS = 4_000
"""Number of characters of one condition."""

WORDS: Mapping[str, Literal] = {"true": True, "false": False, "null": None}
ORDER: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class ConditionError(ValueError):
    """The text is not a condition of this grammar."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One `key op literal`."""

    key: str
    sign: str
    literal: Literal

    def holds(self, values: Mapping[str, object]) -> bool:
        """Whether the comparison is true of these answers."""
        value = values.get(self.key)
        if value is None and isinstance(self.literal, str):
            return True
        if self.sign in ("=", "!="):
            return _same(value, self.literal) == (self.sign == "=")
        if not isinstance(value, int | float) or not isinstance(self.literal, int | float):
            return False
        return ORDER[self.sign](value, self.literal)


@dataclass(frozen=True, slots=True)
class Condition:
    """Alternatives (`or`) of comparisons that all hold (`and`)."""

    alternatives: tuple[tuple[Comparison, ...], ...]

    @property
    def keys(self) -> frozenset[str]:
        """The fields it reads."""
        return frozenset(part.key for parts in self.alternatives for part in parts)

    def holds(self, values: Mapping[str, object]) -> bool:
        """Whether the condition is true of these answers."""
        return any(all(part.holds(values) for part in parts) for parts in self.alternatives)


def parse_condition(text: str) -> Condition:
    """`=a = "x" and b != 3 or c` -> Condition; a bare key means `key = true`.

    Raises ConditionError for any other FEEL.
    """
    if len(text) > MAX_CHARACTERS:
        raise ConditionError(text[:MAX_CHARACTERS])
    tokens = _tokens(text.strip().removeprefix("="))
    if not tokens:
        raise ConditionError(text)
    alternatives = [_split(part, "and") for part in _split(tokens, "or")]
    return Condition(tuple(tuple(_comparison(part) for part in parts) for parts in alternatives))


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens, position, end = [], 0, len(text.rstrip())
    while position < end:
        match = TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            raise ConditionError(text)
        tokens.append((match.lastgroup, match.group(match.lastgroup)))
        position = match.end()
    return tokens


def _split(tokens: list[tuple[str, str]], word: str) -> list[list[tuple[str, str]]]:
    parts: list[list[tuple[str, str]]] = [[]]
    for token in tokens:
        if token == ("word", word):
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _comparison(tokens: list[tuple[str, str]]) -> Comparison:
    kinds = [kind for kind, _ in tokens]
    if not tokens or kinds[0] != "word" or tokens[0][1] in WORDS:
        raise ConditionError("no key")
    if kinds == ["word"]:
        return Comparison(tokens[0][1], "=", True)
    if len(tokens) != 3 or kinds[1] != "sign":
        raise ConditionError("no comparison")
    return Comparison(tokens[0][1], tokens[1][1], _literal(*tokens[2]))


def _literal(kind: str, text: str) -> Literal:
    if kind == "text":
        return text[1:-1]
    if kind == "number":
        return float(text)
    if kind == "word" and text in WORDS:
        return WORDS[text]
    raise ConditionError(text)


def _same(value: object, literal: Literal) -> bool:
    """Equality without Python's 1 == True."""
    if isinstance(value, bool) or isinstance(literal, bool):
        return value is literal
    return value == literal
