"""The files of a deployment, read: processes, decisions, forms, and the findings of reading.

Owns the kinds of files, repeated ids, the files of a process, and the digest of a file set.
`engine.models.checks` judges whether the models can run.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from engine.decisions import Decision, read_decisions
from engine.models.bpmn import read_bpmn
from engine.models.elements import Element, ProcessModel
from engine.models.forms import Form, canonical_form, form_of, read_form
from engine.sentences.errors import ModelError
from engine.sentences.problems import Problem, Severity, errors_of
from engine.sentences.sentence import Sentence, say
from engine.xml.tree import canonical_xml

KINDS = {
    "bpmn": (".bpmn", ".bpmn20.xml", ".bpmn2"),
    "dmn": (".dmn", ".dmn11.xml"),
    "form": (".form",),
}

UNREADABLE = frozenset({"xml", "json", "bpmn", "dmn", "limit"})
"""Codes of the findings after which a file cannot be shown or edited."""

ID = re.compile(rb"\bid\s{0,9}=\s{0,9}[\"']([^\"'<>]{1,400})[\"']")

MESSAGE_FORM = "form"
"""The `camunda:property` of a catch event with the form of its message."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """Everything readable in a set of files, by id, and the findings of reading it.

    `processes`: the executable ones by key; `decision_files` and `form_files`: the file of each id;
    `xml`: the content of the BPMN and DMN files by name; `unread_ids`: the ids in DMN files that
    could not be read.
    """

    processes: Mapping[str, ProcessModel] = field(default_factory=dict)
    decisions: Mapping[str, Decision] = field(default_factory=dict)
    forms: Mapping[str, Form] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    xml: Mapping[str, bytes] = field(default_factory=dict)
    decision_files: Mapping[str, str] = field(default_factory=dict)
    form_files: Mapping[str, str] = field(default_factory=dict)
    unread_ids: frozenset[bytes] = frozenset()

    def form_of(self, element: Element) -> Form | None:
        """The form of a task: the form it refers to, else its embedded form."""
        return form_of(element, self.forms)

    def lacks_decision(self, name: str) -> bool:
        """Whether no file holds the decision. A file that could not be read has a finding already,
        so its ids do not count as missing."""
        return name not in self.decisions and name.encode() not in self.unread_ids


def kind_of(file: str) -> str | None:
    """`bpmn`, `dmn` or `form` by the file's name; None for any other."""
    name = file.lower()
    return next((kind for kind, ends in KINDS.items() if name.endswith(ends)), None)


def read_bundle(files: Mapping[str, bytes]) -> Bundle:
    """Read all files; a file that cannot be read is a problem of the bundle. Raises nothing."""
    return _read_contents(tuple(sorted(files.items())))


@lru_cache(maxsize=32)
def _read_contents(files: tuple[tuple[str, bytes], ...]) -> Bundle:
    """Cached: reading the shipped models takes 0.1 s. A check, a deployment and every engine of a
    process ask for the same contents, and a bundle never changes."""
    reading = _Reading()
    for file, content in files:
        reading.read(file, content)
    if not (reading.processes or reading.decisions or reading.forms or reading.problems):
        reading.note(
            "",
            "empty",
            say("There is nothing to deploy."),
            say("Give at least one file that ends in .bpmn, .dmn or .form."),
        )
    return reading.bundle()


def decisions_of(process: ProcessModel) -> frozenset[str]:
    """Ids of the decisions of a process: in its tasks and in its ladder timers."""
    asked = {element.decision_ref for element in process.elements.values()}
    ladders = {
        element.event.timer.ladder
        for element in process.elements.values()
        if element.event is not None and element.event.timer is not None
    }
    return frozenset(name for name in asked | ladders if name)


def forms_of(process: ProcessModel) -> frozenset[str]:
    """Ids of the forms of a process: those of its tasks (`formRef`) and those of the messages it
    catches (property `form` of the event: the questions to the sender of the message)."""
    asked = {element.form_ref for element in process.elements.values()}
    asked |= {element.properties.get(MESSAGE_FORM) for element in process.elements.values()}
    return frozenset(name for name in asked if name)


def files_of(bundle: Bundle, key: str) -> frozenset[str]:
    """Names of the files of process `key`: its own, its decisions', its forms'. Called processes
    have versions of their own and are not included."""
    process = bundle.processes[key]
    decisions = _files(decisions_of(process), bundle.decision_files)
    return frozenset({process.file}) | decisions | _files(forms_of(process), bundle.form_files)


def used_files(name: str, content: bytes, beside: Mapping[str, bytes]) -> list[str]:
    """The files `beside` a model that its processes use, so that they must come with it. A file
    that cannot be read is one of them if a wanted id stands in it: its fault is the finding."""
    bundle = read_bundle({name: content, **beside})
    own = [process for process in bundle.processes.values() if process.file == name]
    wanted = frozenset[str]().union(*(decisions_of(p) | forms_of(p) for p in own))
    found = frozenset[str]().union(*(files_of(bundle, process.key) for process in own))
    missing = [id.encode() for id in wanted - bundle.decisions.keys() - bundle.forms.keys()]
    held = {file for file, text in beside.items() if any(id in text for id in missing)}
    return sorted(beside.keys() & (found | held))


def _files(ids: Iterable[str], files: Mapping[str, str]) -> frozenset[str]:
    return frozenset(files[name] for name in ids if name in files)


def digest_of(files: Mapping[str, bytes]) -> str:
    """SHA-256 (hexadecimal) of names and canonical contents: the same for files that differ only in
    layout. Content that cannot be read counts unchanged."""
    digest = hashlib.sha256()
    for name in sorted(files):
        content = _canonical(name, files[name])
        digest.update(b"%d:%s%d:" % (len(name.encode()), name.encode(), len(content)))
        digest.update(content)
    return digest.hexdigest()


@lru_cache(maxsize=32)
def _canonical(name: str, content: bytes) -> bytes:
    """Cached: asked for each process of a file, always with the same result."""
    if kind_of(name) == "form":
        return canonical_form(content)
    try:
        return canonical_xml(content, name)
    except ModelError:
        return content


class _Reading:
    """The parts of a set of files read so far."""

    def __init__(self) -> None:
        self.processes: dict[str, ProcessModel] = {}
        self.decisions: dict[str, Decision] = {}
        self.forms: dict[str, Form] = {}
        self.problems: list[Problem] = []
        self.xml: dict[str, bytes] = {}
        self.decision_files: dict[str, str] = {}
        self.form_files: dict[str, str] = {}

    def read(self, file: str, content: bytes) -> None:
        readers = {"bpmn": self._read_bpmn, "dmn": self._read_dmn, "form": self._read_form}
        kind = kind_of(file)
        if kind is None:
            self.note(
                file,
                "file",
                say("The file is no model and is left out."),
                say("Models end in .bpmn, .dmn or .form."),
                severity="warning",
            )
            return
        try:
            readers[kind](file, content)
        except ModelError as error:
            self.problems.extend(error.problems)

    def bundle(self) -> Bundle:
        return Bundle(
            self.processes,
            self.decisions,
            self.forms,
            tuple(self.problems),
            self.xml,
            self.decision_files,
            self.form_files,
            self._unread_ids(),
        )

    def _unread_ids(self) -> frozenset[bytes]:
        """Found in the text, because the parser may return nothing for such a file."""
        unread = {p.file for p in errors_of(self.problems) if kind_of(p.file) == "dmn"}
        return frozenset(
            id for file in unread & self.xml.keys() for id in ID.findall(self.xml[file])
        )

    def note(
        self,
        file: str,
        code: str,
        what: Sentence,
        advice: Sentence,
        *,
        severity: Severity = "error",
        element_id: str = "",
    ) -> None:
        self.problems.append(Problem(file, element_id, "", 0, severity, code, what, advice))

    def _read_bpmn(self, file: str, content: bytes) -> None:
        self.xml[file] = content
        found = read_bpmn(content, file)
        self.problems.extend(found.problems)
        for process in found.processes:
            if process.executable and self._is_new(file, process.key, self.processes):
                self.processes[process.key] = process

    def _read_dmn(self, file: str, content: bytes) -> None:
        self.xml[file] = content
        for decision in read_decisions(content, file):
            if self._is_new(file, decision.id, self.decisions):
                self.decisions[decision.id] = decision
                self.decision_files[decision.id] = file

    def _read_form(self, file: str, content: bytes) -> None:
        form = read_form(content, file)
        if self._is_new(file, form.id, self.forms):
            self.forms[form.id] = form
            self.form_files[form.id] = file

    def _is_new(self, file: str, name: str, known: Mapping[str, object]) -> bool:
        if name not in known:
            return True
        self.note(
            file,
            "id",
            say("{name} is defined in another file of this deployment too.", name=name),
            say("Remove one of the two, or give it an id of its own."),
            element_id=name,
        )
        return False
