"""`${...}` and `#{...}`: finding them in text, and turning JUEL's words into Python's.

Python syntax inside the braces is unchanged. In addition `&&`, `||`, `!`, `? :`, `empty`, `eq` `ne`
`lt` `gt` `le` `ge` `div` `mod` have the meaning of the Unified Expression Language (JSR 341,
chapter 1). This module only changes the text; `syntax` parses it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.language.budget import MAX_DEPTH, MAX_SOURCE_BYTES
from engine.language.errors import LanguageError
from engine.language.syntax import advice_for, too_deep
from engine.language.values import checked_text
from engine.sentences.sentence import say

MAX_PARTS = 1_000
OPENING = re.compile(r"\\?[$#]\{")
# An unclosed quote is read once, to the end, and not again from every quote after it.
TOKEN = re.compile(
    r"""(?P<space>\s*)
        (?P<text> "(?:[^"\\]|\\.)*+(?:"|\\?\Z) | '(?:[^'\\]|\\.)*+(?:'|\\?\Z)
        | [^\W\d]\w* | \d[\w.]* | ===|!== | && | \|\| | [=!<>]= | .)""",
    re.VERBOSE | re.DOTALL,
)
JUEL = re.compile(r"&&|\|\||!|\?|\b(empty|eq|ne|lt|gt|le|ge|div|mod)\b")
WORDS = {
    "&&": "and", "||": "or", "eq": "==", "ne": "!=", "lt": "<", "gt": ">", "le": "<=", "ge": ">=",
    "div": "/", "mod": "%",
}  # fmt: skip
PREFIXES = {"!": "(not {})", "empty": "empty({})", "-": "(-{})"}
BRACKETS = {"(": ")", "[": "]", "{": "}"}


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a text: plain, or the inside of `${...}`; `line` is its first line."""

    text: str
    is_expression: bool
    line: int


def has_expression(text: str) -> bool:
    """Whether `text` holds a `${` or `#{` that is not escaped by a backslash."""
    return any(not found[0].startswith("\\") for found in OPENING.finditer(text))


def split_parts(text: str) -> list[Part]:
    """The plain and the evaluated parts of `text`; `\\${` stands for `${` itself."""
    checked_text(text)
    parts: list[Part] = []
    plain, place = "", 0
    while found := OPENING.search(text, place):
        plain += text[place : found.start()]
        place = found.end()
        if found[0].startswith("\\"):
            plain += found[0][1:]
            continue
        if len(parts) > MAX_PARTS:
            raise LanguageError(say("The text has too many ${{...}}."), say("Split the text."), 1)
        line = text.count("\n", 0, place) + 1
        end = _closing(text, place, line)
        parts += [Part(plain, False, line), Part(text[place:end], True, line)]
        plain, place = "", end + 1
    parts.append(Part(plain + text[place:], False, text.count("\n", 0, place) + 1))
    return [part for part in parts if part.text or part.is_expression]


def _closing(text: str, start: int, line: int) -> int:
    """The place of the brace that closes the one just before `start`."""
    depth = 1
    for token in TOKEN.finditer(text, start):
        depth += {"{": 1, "}": -1}.get(token["text"], 0)
        if depth == 0:
            return token.end() - 1
    raise LanguageError(
        say("A ${{ is not closed."), say("End it with }}, and close every quote inside."), line
    )


@dataclass(frozen=True, slots=True)
class Token:
    """A word, sign or text, or a whole bracket; `space` is the space before it."""

    space: str
    text: str
    inside: Sequence[Token] | None = None
    closing: str = ""


def translate(body: str) -> str:
    """The inside of `${...}` as Python text; line breaks stay where they are."""
    if len(body) > MAX_SOURCE_BYTES or not JUEL.search(body):
        return body
    tokens = list(TOKEN.finditer(body))
    if any(token["text"] in ("===", "!==") for token in tokens):
        raise LanguageError(say("This cannot be read: {text}", text=body[:80]), advice_for(body), 1)
    return _write(_grouped(iter(tokens), ""), "(")


def _grouped(tokens: Iterator[re.Match[str]], closing: str) -> list[Token]:
    """Tokens with brackets folded; Python refuses a bracket that is not closed."""
    found: list[Token] = []
    for token in tokens:
        space, text = token["space"], token["text"]
        if text == closing:
            return [*found, Token(space, "")]
        if text in BRACKETS:
            inside = _grouped(tokens, BRACKETS[text])
            is_closed = bool(inside) and not inside[-1].text
            found.append(Token(space, text, inside, BRACKETS[text] if is_closed else ""))
        else:
            found.append(Token(space, text))
    return found


def _write(tokens: Sequence[Token], bracket: str) -> str:
    """Everything inside one pair of brackets, piece by piece between its commas."""
    pieces: list[list[Token]] = [[]]
    for token in tokens:
        pieces[-1].append(token)
        if token.text == ",":
            pieces.append([])
    return "".join(_write_piece(piece, bracket) for piece in pieces)


def _write_piece(piece: Sequence[Token], bracket: str) -> str:
    """One piece; `c ? a : b` becomes `((a) if (c) else (b))`."""
    signs = [token.text for token in piece]
    if "?" not in signs:
        return _write_words(piece)
    if signs.count("?") > MAX_DEPTH:
        raise too_deep()  # each of them stands inside the one before
    start = signs.index(":") + 1 if bracket == "{" and ":" in signs[: signs.index("?")] else 0
    question = signs.index("?")
    colon = _matching_colon(signs, question)
    end = len(piece) - (signs[-1] == ",")
    condition, yes, no = (
        _write_piece(part, "(")
        for part in (piece[start:question], piece[question + 1 : colon], piece[colon + 1 : end])
    )
    if not (condition.strip() and yes.strip() and no.strip()):  # `()` would be an empty list
        raise LanguageError(
            say("Something is missing beside a ?."), say("Write: condition ? one : other."), 1
        )
    return (
        f"{_write_words(piece[:start])} (({yes}) if ({condition}) else ({no}))"
        f"{_write_words(piece[end:])}"
    )


def _matching_colon(signs: Sequence[str], question: int) -> int:
    open_questions = 0
    for place in range(question, len(signs)):
        open_questions += {"?": 1, ":": -1}.get(signs[place], 0)
        if open_questions == 0:
            return place
    raise LanguageError(
        say("A ? has no matching colon."), say("Write: condition ? one : other."), 1
    )


def _write_words(tokens: Sequence[Token]) -> str:
    written: list[str] = []
    place = 0
    while place < len(tokens):
        text, place = _write_token(tokens, place)
        written.append(text)
    return "".join(written)


def _write_token(tokens: Sequence[Token], place: int) -> tuple[str, int]:
    """The token at `place` (a prefix with its operand), and the next place."""
    token = tokens[place]
    after_dot = place > 0 and tokens[place - 1].text == "."
    if token.text in ("!", "empty") and not after_dot and place + 1 < len(tokens):
        operand, end = _operand(tokens, place + 1)
        return f"{token.space} {PREFIXES[token.text].format(operand)}", end
    if token.inside is not None:
        inside = _write(token.inside, token.text)
        return f"{token.space}{token.text}{inside}{token.closing}", place + 1
    if token.text in WORDS and not after_dot:
        return f"{token.space} {WORDS[token.text]} ", place + 1
    return token.space + token.text, place + 1


def _operand(tokens: Sequence[Token], place: int) -> tuple[str, int]:
    """The operand of a prefix: a value with its `.names`, `[...]` and `(...)`."""
    prefix = PREFIXES.get(tokens[place].text)
    if prefix and place + 1 < len(tokens):
        operand, end = _operand(tokens, place + 1)
        return tokens[place].space + prefix.format(operand), end
    written, place = _write_token(tokens, place)
    while place < len(tokens) and (tokens[place].text in (".", "(", "[") or written[-1:] == "."):
        more, place = _write_token(tokens, place)
        written += more
    return written, place
