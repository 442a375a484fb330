"""What is wrong with a text a process owner wrote: the one error of this package."""

from __future__ import annotations

from engine.sentences.sentence import Sentence


class LanguageError(Exception):
    """An expression, script, timer or cell that cannot be read or run.

    `what` says what is wrong, `advice` what to write instead; `line` is 1-based in the text (0
    until the place is known).
    """

    def __init__(self, what: Sentence, advice: Sentence, line: int = 0) -> None:
        super().__init__(what, advice, line)
        self.what = what
        self.advice = advice
        self.line = line

    def __str__(self) -> str:
        return f"{self.what} {self.advice}"

    def at(self, line: int) -> None:
        """Notes the line, unless a nearer place is known already."""
        self.line = self.line or line
