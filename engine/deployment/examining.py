"""Files of models, read and checked: all that a deployment needs to know of them, without them.

Pure, and its answer is small and can be sent: models that nobody vouches for are examined in a
process of its own (`engine.deployment.apart`).
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
    """What is in a set of files.

    `sets`: process key -> the complete file set it would be pinned to; `digests`, `names` and
    `calls` (keys of the processes called in the version deployed now) by the same key.
    `owners`: what the files define, told apart by kind, -> the file that does. `problems`: all
    findings. `seal`: digest of the files as they were given.
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
        """Why some files cannot even be opened: they are no models, whatever their names say."""
        return [problem for problem in self.problems if problem.code in UNREADABLE]


Examine = Callable[[Files, Mapping[str, Files], Known], Examined]
"""(files, process key -> files of its newest version, what models may refer to) -> findings."""


def examine(files: Files, deployed: Mapping[str, Files], known: Known) -> Examined:
    """Read and check files together with the deployed ones they build on. Raises nothing."""
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
    """Process key -> the files it would be pinned to."""
    return {key: {name: files[name] for name in files_of(bundle, key)} for key in bundle.processes}


def _completed(files: Files, deployed: Mapping[str, Files]) -> dict[str, bytes]:
    """The files, plus what the newest versions of their processes have that they refer to, plus
    every deployed process that uses a file of the same name as one of them."""
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
