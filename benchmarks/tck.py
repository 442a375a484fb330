"""`python -m benchmarks.tck FOLDER [--level 3]`: the public DMN TCK on our reader.

FOLDER is a copy of the TCK, which is not part of this project: `git clone` the repository
`dmn-tck/tck` of GitHub, or unpack its archive. `FOLDER/TestCases/compliance-level-2` is read: level
2 covers decision tables; level 3 shows which parts of FEEL are refused, and that nothing crashes.

Every expected result of a test case counts as one case. It *passes* if the decision gives the
expected value, is *refused* if the file is not accepted (the reason is printed), and is *wrong*
otherwise. Numbers are compared to ten digits, as the expected ones are rounded.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from engine.decisions import Decision, DecisionTable, read_decisions
from engine.language import LanguageError
from engine.sentences.errors import ModelError

LEVELS = "TestCases/compliance-level-"
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
KIND = "{http://www.w3.org/2001/XMLSchema-instance}type"
DIGITS = 1e-10
Node = etree._Element


@dataclass
class Figures:
    """The results of a model's cases, or of all cases."""

    model: str
    cases: int = 0
    passed: int = 0
    refused: int = 0
    reason: str = ""
    wrong: list[str] = field(default_factory=list)
    is_table: bool = False

    def row(self) -> str:
        """A line of the printed table."""
        notes = "; ".join([*([self.reason] if self.reason else []), *self.wrong])
        return (
            f"| {self.model} | {self.cases} | {self.passed} | {self.refused} |"
            f" {len(self.wrong)} | {notes} |"
        )


def main() -> None:
    """Run all models of the level and print the table and the shares."""
    parser = argparse.ArgumentParser(description="The DMN TCK.")
    parser.add_argument("folder", type=Path, help="a copy of the TCK")
    parser.add_argument("--level", choices=("2", "3"), default="2")
    arguments = parser.parse_args()
    folder = arguments.folder / (LEVELS + arguments.level)
    models = sorted(folder.glob("*/*.dmn"))
    if not models:
        sys.exit(f"There are no models in {folder}.")
    found = [figures_of(model) for model in models]
    sys.stdout.write(printed(found))


def printed(found: list[Figures]) -> str:
    """Markdown: a line for each model, then the shares."""
    head = ["| model | cases | passed | refused | wrong | reason |", "|---|---|---|---|---|---|"]
    tables = [figures for figures in found if figures.is_table]
    shares = [_share("decision tables", tables), _share("all", found)]
    return "\n".join([*head, *(figures.row() for figures in found), "", *shares, ""])


def _share(name: str, found: list[Figures]) -> str:
    cases, passed = (sum(getattr(f, part) for f in found) for part in ("cases", "passed"))
    return f"{name}: {passed} of {cases} cases pass ({passed / max(cases, 1):.1%})"


def figures_of(model: Path) -> Figures:
    """All cases of one model."""
    root = etree.parse(model).getroot()
    figures = Figures(model.stem, is_table=root.find(".//{*}decisionTable") is not None)
    decisions: Mapping[str, Decision] = {}
    try:
        decisions = {each.variable: each for each in read_decisions(model.read_bytes(), model.name)}
        figures.is_table = any(isinstance(each, DecisionTable) for each in decisions.values())
    except ModelError as error:
        figures.reason = f"{error.problems[0].what} {error.problems[0].advice}"
    for case in _cases(model):
        for result in case.iterfind("{*}resultNode"):
            figures.cases += 1
            _count(figures, decisions, case, result)
    return figures


def _cases(model: Path) -> Iterator[Node]:
    """The test cases beside a model that name it."""
    for file in sorted(model.parent.glob("*.xml")):
        tests = etree.parse(file).getroot()
        if tests.findtext("{*}modelName") == model.name:
            yield from tests.iterfind("{*}testCase")


def _count(figures: Figures, decisions: Mapping[str, Decision], case: Node, result: Node) -> None:
    if figures.reason:
        figures.refused += 1
        return
    decision = decisions.get(result.get("name") or "")
    wrong = "no such decision" if decision is None else _wrong(decision, case, result)
    if wrong is None:
        figures.passed += 1
    else:
        figures.wrong.append(f"{case.get('id')}: {wrong}")


def _wrong(decision: Decision, case: Node, result: Node) -> str | None:
    """The decision's result if it is not the expected value; None if it is right."""
    given = {node.get("name") or "": _value(node) for node in case.iterfind("{*}inputNode")}
    expected_node = result.find("{*}expected")
    expected = None if expected_node is None else _value(expected_node)
    try:
        found = decision.value(given)
    except LanguageError as error:
        return None if result.get("errorResult") == "true" else str(error)
    return None if same(found, expected) else f"{found!r} instead of {expected!r}"


def _value(node: Node) -> object:
    """The value of a node of a test case: plain, a list, or a mapping of components."""
    plain, listed = node.find("{*}value"), node.find("{*}list")
    if plain is not None:
        return None if plain.get(NIL) == "true" else _plain(plain)
    if listed is not None:
        return None if listed.get(NIL) == "true" else list(_items(listed))
    return {part.get("name"): _value(part) for part in node.iterfind("{*}component")}


def _items(listed: Node) -> Iterator[object]:
    return (_value(item) for item in listed.iterfind("{*}item"))


def _plain(node: Node) -> object:
    text, kind = node.text or "", (node.get(KIND) or "").rpartition(":")[2]
    if kind == "boolean":
        return text.strip() == "true"
    if kind in ("decimal", "double", "integer", "float"):
        number = float(text)
        return int(number) if number.is_integer() else number
    return text


def same(found: object, expected: object) -> bool:
    """Whether two values are the same to ten digits; true is not 1."""
    if isinstance(found, bool) or isinstance(expected, bool):
        return found is expected
    if isinstance(found, int | float) and isinstance(expected, int | float):
        return math.isclose(found, expected, rel_tol=DIGITS)
    if isinstance(found, list) and isinstance(expected, list):
        return len(found) == len(expected) and all(map(same, found, expected))
    if isinstance(found, dict) and isinstance(expected, dict):
        return found.keys() == expected.keys() and all(same(found[k], expected[k]) for k in found)
    return found == expected


if __name__ == "__main__":
    main()
