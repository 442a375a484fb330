"""`tindak check` and `tindak deploy`: models as files, for process owners with another editor."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import click
import orjson

from engine.deployment.examining import examine
from engine.models.bundle import kind_of, used_files
from engine.sentences.errors import ModelError
from engine.sentences.problems import Problem, errors_of, words_of_flow
from processes.composition import SHARED_MODELS, known
from processes.programs import engine_acts
from web.commands.people import console
from web.commands.topic_copies import write_copies
from web.composition import service_from_environment
from web.translations.model_english import TRANSLATED
from web.words.problem_sentences import fix_record


class Unreadable(click.ClickException):
    """The path has nothing to check."""


def read_models(path: Path) -> dict[str, bytes]:
    """File name -> content of a model file, or of all model files below a folder.

    A single file brings along the tables and forms that its processes use: from its own folder,
    else from a folder `lifecycle` beside that. `check` and `deploy` look at the same files.
    """
    return {name: file.read_bytes() for name, file in model_files(path).items()}


def model_files(path: Path) -> dict[str, Path]:
    """The same as paths."""
    found = _below(path) if path.is_dir() else _with_used(path)
    if not any(map(kind_of, found)):
        raise Unreadable(f"{path}: no .bpmn, .dmn or .form file")
    return found


def _below(folder: Path) -> dict[str, Path]:
    files: dict[str, Path] = {}
    for file in sorted(folder.rglob("*")):
        if not (file.is_file() and kind_of(file.name)):
            continue
        if file.name in files:
            raise Unreadable(f"{files[file.name]} and {file}: give each file a name of its own")
        files[file.name] = file
    return files


def _with_used(path: Path) -> dict[str, Path]:
    beside = _beside(path)
    contents = {name: file.read_bytes() for name, file in beside.items()}
    used = used_files(path.name, path.read_bytes(), contents)
    return {path.name: path, **{name: beside[name] for name in used}}


def _beside(path: Path) -> dict[str, Path]:
    """The tables and forms that a file may use; those of its own folder come first."""
    folders = (path.absolute().parent.parent / SHARED_MODELS, path.parent)
    files = [file for folder in folders if folder.is_dir() for file in sorted(folder.iterdir())]
    return {f.name: f for f in files if kind_of(f.name) in ("dmn", "form") and f.name != path.name}


@click.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Problems as a JSON list.")
@click.option(
    "--fix-topics",
    is_flag=True,
    help="Write copies in which workers do the work of other engines' code, and check these.",
)
def check(path: Path, as_json: bool, fix_topics: bool) -> None:
    """Check a model file or a folder of them. Needs no database and no settings.

    Exit status 1 when there are errors; warnings do not stop a deployment.
    """
    files = read_models(path)
    if fix_topics:
        files, told = write_copies(model_files(path), files)
        for line in told:
            click.echo(line, err=as_json)
    known_here = replace(known(), translated=TRANSLATED)
    problems = list(examine(files, {}, known_here).problems)
    if as_json:
        sys.stdout.write(orjson.dumps([as_record(p) for p in problems]).decode() + "\n")
    else:
        show(problems)
        if any(problem.fix for problem in problems):
            click.echo("With --fix-topics copies are written in which workers do this work.")
    sys.exit(1 if errors_of(problems) else 0)


@click.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--note", default="", help="What changed and why; shown beside the version.")
def deploy(path: Path, note: str) -> None:
    """Deploy a model file or a folder of them. Running instances stay on their version."""
    with service_from_environment() as service:
        try:
            done = engine_acts.deploy(service, console(), read_models(path), note)
        except ModelError as error:
            show(error.problems)
            sys.exit(1)
    if done.warnings:
        show(done.warnings)
    for version in done.versions:
        click.echo(f"{version.key}: version {version.number}")


@click.command()
@click.argument("key")
def retire(key: str) -> None:
    """Let no timer start the process KEY any more. Cases that run go on, and its next release lets
    timers start it again."""
    with service_from_environment() as service:
        engine_acts.retire(service, console(), key)
    click.echo(f"{key}: no timer starts it any more")


def show(problems: Sequence[Problem]) -> None:
    """Problems as text, errors first."""
    for problem in sorted(problems, key=lambda p: (p.severity, p.file, p.line)):
        where = f"{problem.file}:{problem.line}" if problem.line else problem.file
        element = problem.element_name or problem.element_id
        if problem.ends is not None:
            element = str(words_of_flow(problem.element_name, *problem.ends))
        about = f" {element} ({problem.element_id})" if problem.element_id else ""
        click.echo(f"{where}: {problem.severity}:{about} {problem.what}")
        click.echo(f"    {problem.advice}")
        if problem.fix is not None:
            click.echo(f"    Its topic could be {problem.fix.topic}.")
    errors = len(errors_of(problems))
    click.echo(f"{errors} errors, {len(problems) - errors} warnings")


def as_record(problem: Problem) -> Mapping[str, object]:
    """A problem as JSON, in the words of its author."""
    return {
        "file": problem.file,
        "element_id": problem.element_id,
        "element_name": problem.element_name,
        "line": problem.line,
        "severity": problem.severity,
        "code": problem.code,
        "what": str(problem.what),
        "advice": str(problem.advice),
        "fix": problem.fix and fix_record(problem.fix),
    }
