"""`tindak check --fix-topics`: copies of models in which workers do the work of foreign code."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from engine.deployment.examining import examine
from engine.models.bpmn.made_topics import with_topics
from engine.sentences.errors import Conflict
from engine.sentences.problems import MakeTopic
from engine.sentences.sentence import say
from processes.composition import known

COPY = ".topics.bpmn"


def write_copies(
    places: Mapping[str, Path], files: Mapping[str, bytes]
) -> tuple[dict[str, bytes], list[str]]:
    """Write NAME.topics.bpmn beside each file that the correction changes. Return the files with
    the copies in place of their originals, and a report in lines.

    Raises Conflict, and writes nothing, if another file would be overwritten.
    """
    fixes: dict[str, dict[MakeTopic, str]] = {}
    for problem in examine(files, {}, known()).problems:
        if problem.fix is not None:
            fixes.setdefault(problem.file, {})[problem.fix] = problem.element_name
    copies = {name: with_topics(files[name], name, made) for name, made in fixes.items()}
    for name, content in copies.items():
        _refuse_another(_copy_of(places[name]), content)
    told = []
    for name, content in copies.items():
        _copy_of(places[name]).write_bytes(content)
        told += [
            f"{name}: {element or one.element_id} ({one.element_id}): {one.code} -> {one.topic}"
            for one, element in fixes[name].items()
        ]
        told.append(f"{name}: written as {_copy_of(places[name])}")
    kept = {
        str(_copy_of(Path(name))) if name in copies else name: copies.get(name, content)
        for name, content in files.items()
    }
    return kept, told or ["No code of another engine stands where a topic could."]


def _copy_of(original: Path) -> Path:
    stem = original.name.removesuffix(".xml").removesuffix(".bpmn20").removesuffix(".bpmn")
    return original.with_name(stem + COPY)


def _refuse_another(copy: Path, content: bytes) -> None:
    if copy.exists() and copy.read_bytes() != content:
        raise Conflict(
            say("{file} is there already and holds something else: it stays.", file=str(copy))
        )
