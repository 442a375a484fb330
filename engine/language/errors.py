"""The error of this package: a process owner's text is wrong."""

from __future__ import annotations

from engine.sentences.sentence import Sentence


class LanguageError(Exception):
    """An expression, script, timer or cell that cannot be read or run.

    `what` says what is wrong, `advice` what to write instead; `line` is 1-based in the text (0 if
    it is not known yet).
    """

    def __init__(self, what: Sentence, advice: Sentence, line: int = 0) -> None:
        super().__init__(what, advice, line)
        self.what = what
        self.advice = advice
        self.line = line

    def __str__(self) -> str:
        return f"{self.what} {self.advice}"

    def at(self, line: int) -> None:
        """Set the line, unless a nearer place is known already."""
        self.line = self.line or line
