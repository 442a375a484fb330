"""The class of a word: read, harmless, or reported at deployment.

A word is `Type.property` in the terms of bpmn-moddle and camunda-bpmn-moddle; `Type.*` stands for
all properties of a type.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from engine.sentences.problems import Severity
from engine.sentences.sentence import Sentence


@dataclass(frozen=True, slots=True)
class Told:
    """A finding at the place of the word. `silent`: values that equal the default, so they need no
    finding."""

    advice: Sentence
    severity: Severity = "warning"
    code: str = "ignored"
    silent: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one namespace, each in exactly one of the four tables.

    `harmless`: word -> the reason why leaving it out changes nothing; `told`: word -> its finding;
    `refused`: word -> code of the finding that another reader or check makes.
    """

    read: frozenset[str]
    harmless: Mapping[str, Sentence]
    told: Mapping[str, Told]
    refused: Mapping[str, str] = field(default_factory=dict)


def because(*reasons: tuple[Sentence, str]) -> dict[str, Sentence]:
    """Word -> reason. Each reason comes with its words in one text."""
    return {word: reason for reason, words in reasons for word in words.split()}


def telling(*findings: tuple[Told, str]) -> dict[str, Told]:
    """Word -> finding. Each finding comes with its words in one text."""
    return {word: told for told, words in findings for word in words.split()}


def names(words: Iterable[str]) -> frozenset[str]:
    """The properties without their types."""
    return frozenset(word.partition(".")[2] for word in words)
