"""Reading and checking model files: all facts about them that a deployment needs.

Pure. The answer is small and can be sent to another process, because untrusted models are examined
in a separate one (`engine.deployment.apart`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from engine.models.bundle import UNREADABLE, Bundle, digest_of, files_of, read_bundle
from engine.models.checks import Known, check_bundle
from engine.sentences.problems import Problem

Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Examined:
    """The facts of a set of files.

    `sets`: process key -> the complete file set that it would be pinned to; `digests`, `names` and
    `calls` (keys of the called processes in the deployed version) by the same key. `owners`: what
    the files define, by kind -> the defining file. `problems`: all findings. `seal`: digest of the
    files as given.
    """

    sets: Mapping[str, Files] = field(default_factory=dict)
    digests: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    calls: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    seal: str = ""

    @property
    def unreadable(self) -> list[Problem]:
        """Findings for files that cannot be opened: they are no models, whatever their names
        say."""
        return [problem for problem in self.problems if problem.code in UNREADABLE]


Examine = Callable[[Files, Mapping[str, Files], Known], Examined]
"""(files, process key -> files of its newest version, what models may refer to) -> findings."""


def examine(files: Files, deployed: Mapping[str, Files], known: Known) -> Examined:
    """Read and check files together with the deployed files that they build on. Raises nothing."""
    completed = _completed(files, deployed)
    bundle = read_bundle(completed)
    sets = file_sets(bundle, completed)
    return Examined(
        sets=sets,
        digests={key: digest_of(content) for key, content in sets.items()},
        names={key: process.name or key for key, process in bundle.processes.items()},
        calls={key: _calls(bundle, key) for key in bundle.processes},
        owners=_owners(bundle),
        problems=tuple(check_bundle(bundle, known)),
        seal=digest_of(files),
    )


def file_sets(bundle: Bundle, files: Files) -> dict[str, Files]:
    """Process key -> the files that it would be pinned to."""
    return {key: {name: files[name] for name in files_of(bundle, key)} for key in bundle.processes}


def _completed(files: Files, deployed: Mapping[str, Files]) -> dict[str, bytes]:
    """The files, the deployed files that they refer to, and every deployed process that uses a file
    of the same name."""
    completed = dict(files)
    uploaded = read_bundle(files).processes
    for key, present in deployed.items():
        if key in uploaded or present.keys() & files.keys():
            used = present if key not in uploaded else _without_models(present)
            completed = {**used, **completed}
    return completed


def _without_models(files: Files) -> dict[str, bytes]:
    return {name: content for name, content in files.items() if not name.endswith(".bpmn")}


def _calls(bundle: Bundle, key: str) -> tuple[str, ...]:
    elements = bundle.processes[key].elements.values()
    fixed = (one.called_process for one in elements if one.binding == "deployment")
    return tuple(key for key in fixed if key)


def _owners(bundle: Bundle) -> dict[str, str]:
    return {
        **{f"process {id}": one.file for id, one in bundle.processes.items()},
        **{f"decision {id}": file for id, file in bundle.decision_files.items()},
        **{f"form {id}": file for id, file in bundle.form_files.items()},
    }
