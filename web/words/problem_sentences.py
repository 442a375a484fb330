"""The findings of the checks, for pages and for the editors.

Owns their order, their place in words and their link. The engine has the sentence of the problem.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from engine.sentences.problems import MakeTopic, Problem, words_of_flow
from web.words.i18n import language, render

Leads = Callable[[str], str | None]
"""File -> address of its editor; None where there is none."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding in words. `place`: element, or nothing for the whole file; `href`: the place of
    the correction; `topic`: a topic for the work if a worker did it."""

    severity: str
    file: str
    place: str
    line: int
    what: str
    advice: str
    href: str | None
    topic: str | None = None


def findings(problems: Sequence[Problem], leads: Leads) -> list[Finding]:
    """The findings, errors first, then by file and line."""
    ordered = sorted(problems, key=lambda p: (p.severity != "error", p.file, p.line))
    return [
        Finding(
            one.severity,
            one.file,
            _place(one) or one.element_id,
            one.line,
            render(one.what),
            render(one.advice),
            leads(one.file) if one.file else None,
            one.fix.topic if one.fix else None,
        )
        for one in ordered
    ]


def records(problems: Sequence[Problem], leads: Leads) -> list[dict[str, object]]:
    """The same for an editor, which marks the elements of its own file."""
    return [
        {
            "file": one.file,
            "element_id": one.element_id or None,
            "element_name": _place(one) or None,
            "line": one.line or None,
            "severity": one.severity,
            "what": render(one.what),
            "advice": render(one.advice),
            "href": leads(one.file) if one.file else None,
            "fix": one.fix and fix_record(one.fix),
        }
        for one in sorted(problems, key=lambda p: (p.severity != "error", p.file, p.line))
    ]


def fix_record(fix: MakeTopic) -> dict[str, str]:
    """The correction of a finding by a tool; `kind` names the tool's act."""
    return {"kind": "make-topic", **asdict(fix)}


def _place(problem: Problem) -> str:
    """The element with its name on the drawing; a flow, which seldom has a name, by its two
    ends."""
    spoken = language()
    name = spoken.model_text(problem.element_name) if problem.element_name else ""
    if problem.ends is None:
        return name
    return render(words_of_flow(name, *map(spoken.model_text, problem.ends)))
