"""The findings of a reader of models, element by element.

Owns the list of problems of one file. Compiles texts and notes those that do not compile. Knows
lines of XML nodes, no BPMN.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from engine.language import (
    Expression,
    LanguageError,
    Script,
    Template,
    compile_attribute,
    compile_expression,
    compile_script,
    compile_template,
)
from engine.sentences.problems import MakeTopic, Problem, Severity
from engine.sentences.sentence import Sentence, say
from engine.xml.bounds import refused
from engine.xml.tree import Node, line_of

MAX_COMPILED = 1_000_000
"""Number of characters of the expressions, scripts and texts with places in a file; many have
50,000."""

Compiled = TypeVar("Compiled", Expression, Script, Template)


@dataclass(frozen=True, slots=True)
class Notes:
    """Problems of one file, noted about one element (`about` changes the element)."""

    file: str
    element_id: str = ""
    element_name: str = ""
    problems: list[Problem] = field(default_factory=list)
    compiled: Counter[str] = field(default_factory=Counter)
    """Characters of the texts that were compiled so far, by file."""
    fix: MakeTopic | None = None
    """The correction for all problems noted here."""

    def about(self, element_id: str, element_name: str) -> Notes:
        """The same list, for findings about another element."""
        return replace(self, element_id=element_id, element_name=element_name)

    def corrected_by(self, fix: MakeTopic | None) -> Notes:
        """The same list, for findings that a tool can correct with `fix`."""
        return replace(self, fix=fix)

    def error(self, node: Node, code: str, what: Sentence, advice: Sentence) -> None:
        """Note an error, which stops the deployment."""
        self._write(line_of(node), "error", code, what, advice)

    def warning(self, node: Node, code: str, what: Sentence, advice: Sentence) -> None:
        """Note a warning for the author."""
        self._write(line_of(node), "warning", code, what, advice)

    def warning_at(self, line: int, code: str, what: Sentence, advice: Sentence) -> None:
        """Note a warning about an element whose XML is no longer at hand."""
        self._write(line, "warning", code, what, advice)

    def error_at(self, line: int, code: str, what: Sentence, advice: Sentence) -> None:
        """Note an error about an element whose XML is no longer at hand."""
        self._write(line, "error", code, what, advice)

    def expression(self, node: Node, part: Sentence, text: str) -> Expression | None:
        """`text` as an expression (with or without `${}`); None after noting its error."""
        return self._compiled(node, part, text, "expression", compile_expression)

    def attribute(self, node: Node, part: Sentence, text: str) -> Expression | None:
        """`text` as a constant, or as an expression if it has `${}`; None after noting its
        error."""
        return self._compiled(node, part, text, "expression", compile_attribute)

    def script(self, node: Node, part: Sentence, text: str) -> Script | None:
        """`text` as a script; None after noting its error."""
        return self._compiled(node, part, text, "script", compile_script)

    def template(self, node: Node, part: Sentence, text: str) -> Template | None:
        """`text` as a text with `${}` places; None after noting its error."""
        return self._compiled(node, part, text, "expression", compile_template)

    def does_not_compile(
        self, node: Node, part: Sentence, error: LanguageError, code: str = "expression"
    ) -> None:
        """Note a text that the language refuses, at the line inside the text."""
        line = line_of(node) + max(error.line - 1, 0)
        what = say("{part}: {reason}", part=part, reason=error.what)
        self._write(line, "error", code, what, error.advice)

    def _compiled(
        self,
        node: Node,
        part: Sentence,
        text: str,
        code: str,
        compiler: Callable[[str], Compiled],
    ) -> Compiled | None:
        self.compiled[self.file] += len(text)
        if self.compiled[self.file] > MAX_COMPILED:
            raise refused(
                self.file,
                line_of(node),
                say("The expressions of the file hold more than {n} characters.", n=MAX_COMPILED),
                say("Split the model into several files."),
            )
        try:
            return compiler(text)
        except LanguageError as error:
            self.does_not_compile(node, part, error, code)
            return None

    def _write(
        self, line: int, severity: Severity, code: str, what: Sentence, advice: Sentence
    ) -> None:
        self.problems.append(
            Problem(
                self.file,
                self.element_id,
                self.element_name,
                line,
                severity,
                code,
                what,
                advice,
                fix=self.fix,
            )
        )
