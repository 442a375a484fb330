"""The verdicts on a follow-up, as data: `follow_up/verdicts.json`.

Owns the possible verdicts, each with its kind and its words. Code branches only on the kind, so a
further verdict of a known kind is an entry in that file and in the forms. Must not know the state
after a verdict (`processes.register.states`). A verdict that was ever used stays in the file,
because the register keeps its value.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from engine.sentences.sentence import Sentence
from processes.register.states import VerdictKind

FILE: Final = Path(__file__).parents[1] / "follow_up" / "verdicts.json"
ENGLISH: Final = "en"
TEXTS: Final = ("name", "mailed", "in_timeline")


@dataclass(frozen=True, slots=True)
class Verdict:
    """One verdict. `name`: on a mark; `mailed`: the status of the follow-up in a mail;
    `in_timeline`: as the timeline says it."""

    value: str
    kind: VerdictKind
    name: Sentence
    mailed: Sentence
    in_timeline: Sentence


def read(text: str) -> dict[str, Verdict]:
    """Value -> verdict, in the order of the file. Raises `ValueError` for an entry without a known
    kind."""
    return {entry["verdict"]: _verdict(entry) for entry in json.loads(text)}


def _verdict(entry: Mapping[str, Any]) -> Verdict:
    name, mailed, in_timeline = (_plain(entry[text][ENGLISH]) for text in TEXTS)
    return Verdict(entry["verdict"], _kind(entry["kind"]), name, mailed, in_timeline)


def _kind(value: str) -> VerdictKind:
    for kind in VerdictKind:
        if kind.value == value:
            return kind
    raise ValueError(f"there is no kind of verdicts called {value}")


def _plain(text: str) -> Sentence:
    """A sentence without facts."""
    return Sentence(_without_places(text))


def _without_places(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


_TEXT: Final = FILE.read_text("utf-8")
VERDICTS: Final[Mapping[str, Verdict]] = read(_TEXT)


def translations(locale: str) -> dict[str, str]:
    """The English of every text of the file -> its text in another language."""
    texts = [entry[text] for entry in json.loads(_TEXT) for text in TEXTS]
    return {_without_places(one[ENGLISH]): _without_places(one[locale]) for one in texts}


def of_kind(kind: VerdictKind) -> list[Verdict]:
    """The verdicts of a kind, in the order of the file; the first one is the usual one."""
    return [one for one in VERDICTS.values() if one.kind is kind]


def kind_of(verdict: str | None) -> VerdictKind | None:
    """The kind of a verdict; None without a verdict."""
    return None if verdict is None else VERDICTS[verdict].kind


UNSEEN: Final = of_kind(VerdictKind.EMPTY)[0]
"""The status of a follow-up without any claim or verdict."""
