"""What is known of a word: read, harmless, or told at deployment.

A word is `Type.property` as the descriptors of bpmn-moddle and camunda-bpmn-moddle name it;
`Type.*` stands for all properties of a type.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from engine.sentences.problems import Severity
from engine.sentences.sentence import Sentence


@dataclass(frozen=True, slots=True)
class Told:
    """A finding where the word stands. `silent`: values that say what happens anyway."""

    advice: Sentence
    severity: Severity = "warning"
    code: str = "ignored"
    silent: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one namespace, each in exactly one of the four tables.

    `harmless`: word -> why leaving it out changes nothing; `told`: word -> what its finding says;
    `refused`: word -> code of the finding that comes from reading or checking what it belongs to.
    """

    read: frozenset[str]
    harmless: Mapping[str, Sentence]
    told: Mapping[str, Told]
    refused: Mapping[str, str] = field(default_factory=dict)


def because(*reasons: tuple[Sentence, str]) -> dict[str, Sentence]:
    """Word -> reason, from reasons with their words in one text."""
    return {word: reason for reason, words in reasons for word in words.split()}


def telling(*findings: tuple[Told, str]) -> dict[str, Told]:
    """Word -> finding, from findings with their words in one text."""
    return {word: told for told, words in findings for word in words.split()}


def names(words: Iterable[str]) -> frozenset[str]:
    """The properties without their types."""
    return frozenset(word.partition(".")[2] for word in words)
