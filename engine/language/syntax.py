"""From text to a syntax tree of limited size, with sentences for errors.

Owns the call of `ast.parse` and all its errors. Compiles and runs nothing.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from typing import Literal

from engine.language.budget import MAX_DEPTH, MAX_SOURCE_BYTES
from engine.language.errors import LanguageError
from engine.sentences.sentence import Sentence, say

FEEL = LanguageError(
    say("A text that begins with '=' is FEEL, which is not read here."),
    say("Leave the '=' out: write amount > 1000, or ${{amount > 1000}}."),
    1,
)
# Tried in this order on a text that is not valid: the first that is found is the likely slip.
SLIPS: Sequence[tuple[str, Sentence]] = (
    (r"===", say("Write == instead of ===.")),
    (r"!==", say("Write != instead of !==.")),
    (r"&&", say("Write `and` instead of &&, or put the text into ${{...}}.")),
    (r"\|\|", say("Write `or` instead of ||, or put the text into ${{...}}.")),
    (r"\?", say("Write: a if condition else b.")),
    (r"!(?!=)", say("Write `not` instead of !, or put the text into ${{...}}.")),
    (
        r"\b(eq|ne|lt|gt|le|ge|div|mod)\b",
        say("Put the text into ${{...}} to use eq, lt and so on."),
    ),
    (r"\b(var|let|const)\b", say("Write: name = value, without var.")),
    (r"[“”‘’]", say('Write straight quotes: ".')),
    (r"(?<![=!<>])=(?!=)", say("Write == to compare.")),
)
SCRIPT_SLIPS = SLIPS[:-1]
INDENTATION = say("Indent what belongs to if, for or while, and nothing else.")
SHOWN_CHARACTERS = 80


def parse_expression(source: str) -> ast.expr:
    """The tree of one expression; a text over several lines needs no brackets of its own."""
    if source.lstrip().startswith("=") and not source.lstrip().startswith("=="):
        raise LanguageError(FEEL.what, FEEL.advice, 1)
    # Blanks at the ends are no indentation; the line breaks before the text keep its lines right.
    text = source.strip()
    before = source[: len(source) - len(source.lstrip())]
    tree = _parse(f"({before}{text}\n)" if "\n" in source.rstrip() else text, "eval", source)
    assert isinstance(tree, ast.Expression)
    return tree.body


def parse_script(source: str) -> list[ast.stmt]:
    """The statements of a script, which may be indented as a whole."""
    tree = _parse(_dedented(source), "exec", source)
    assert isinstance(tree, ast.Module)
    return tree.body


def _dedented(source: str) -> str:
    """The text without the indentation of its first line: XML moves a script in with its
    element."""
    lines = source.replace("\t", "    ").splitlines()
    first = next((line for line in lines if line.strip()), "")
    indent = len(first) - len(first.lstrip())
    return "\n".join(line[indent:] if not line[:indent].strip() else line for line in lines)


def _parse(text: str, mode: Literal["eval", "exec"], source: str) -> ast.AST:
    if len(source) > MAX_SOURCE_BYTES or len(source.encode(errors="replace")) > MAX_SOURCE_BYTES:
        raise LanguageError(
            say("The text is longer than {limit} bytes.", limit=MAX_SOURCE_BYTES),
            say("Split it, or move the work into a service task."),
            1,
        )
    if not text.strip():
        raise LanguageError(
            say("There is nothing to evaluate."), say("Write an expression such as x > 1."), 1
        )
    try:
        tree = ast.parse(text, mode=mode)
    except (RecursionError, MemoryError) as error:
        raise too_deep() from error
    except IndentationError as error:
        raise _unreadable(source, error.lineno, INDENTATION) from error
    except (SyntaxError, ValueError) as error:
        slips = SLIPS if mode == "eval" else SCRIPT_SLIPS
        line = error.lineno if isinstance(error, SyntaxError) else 1
        raise _unreadable(source, line, advice_for(source, slips)) from error
    _check_depth(tree)
    return tree


def too_deep() -> LanguageError:
    """The error for brackets nested too deeply."""
    return LanguageError(
        say("The expression is nested too deep."), say("Split it into several steps."), 1
    )


def _unreadable(source: str, line: int | None, advice: Sentence) -> LanguageError:
    lines = source.splitlines() or [source]
    place = min(line or 1, len(lines))
    what = say("This cannot be read: {text}", text=lines[place - 1].strip()[:SHOWN_CHARACTERS])
    return LanguageError(what, advice, place)


def advice_for(source: str, slips: Sequence[tuple[str, Sentence]] = SLIPS) -> Sentence:
    """What to write instead, guessed from the text outside of quotes."""
    bare = re.sub(r"\"[^\"\n]*\"|'[^'\n]*'", '""', source)
    for pattern, advice in slips:
        if re.search(pattern, bare):
            return advice
    return say("Check brackets, quotes and operators.")


def _check_depth(tree: ast.AST) -> None:
    """Raises LanguageError before any recursive code reads the tree."""
    level: list[ast.AST] = [tree]
    for _ in range(MAX_DEPTH):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return
    raise too_deep()
