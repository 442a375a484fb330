"""What an operator is told of one subject of the doctor."""

from __future__ import annotations

from dataclasses import dataclass

from engine.sentences.sentence import Sentence


@dataclass(frozen=True, slots=True)
class Finding:
    """One subject: whether it is healthy, and its sentence."""

    subject: Sentence
    well: bool
    words: Sentence
