"""`python -m benchmarks.tck` on a folder of three models: which pass, are wrong, or are refused."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks import tck
from tests.engine.decisions.drawings import decision, drawing, formula, rules

CASES = """<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    xmlns:xsd="http://www.w3.org/2001/XMLSchema"><modelName>{model}.dmn</modelName>
<testCase id="001"><inputNode name="n"><value xsi:type="xsd:decimal">{given}</value></inputNode>
<resultNode name="y" type="decision"><expected>{expected}</expected></resultNode></testCase>
</testCases>"""
THIRD = '<value xsi:type="xsd:decimal">0.33333333333</value>'
ROWS = '<list><item><component name="a"><value xsi:type="xsd:string">one</value></component>\
<component name="b"><value xsi:nil="true"/></component></item></list>'


def run(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setattr(sys, "argv", ["tck", str(folder)])
    tck.main()


def write(folder: Path, model: str, logic: str, given: int, expected: str) -> None:
    place = folder / "TestCases/compliance-level-2" / model
    place.mkdir(parents=True)
    (place / f"{model}.dmn").write_bytes(drawing(decision("y", logic)))
    cases = CASES.format(model=model, given=given, expected=expected)
    (place / f"{model}-test-01.xml").write_text(cases)


def test_each_model_is_a_line_and_each_case_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    two = rules(["n"], ["a", "b"], ["> 0", '"one"', ""], policy="RULE ORDER")
    write(tmp_path, "1-rows", two, 1, ROWS)
    write(tmp_path, "2-third", formula("1 / n"), 3, THIRD)
    write(tmp_path, "3-wrong", formula("n"), 1, THIRD)
    write(tmp_path, "4-refused", formula("n +"), 1, THIRD)
    run(monkeypatch, tmp_path)
    printed = capsys.readouterr().out.splitlines()
    assert printed[2:4] == ["| 1-rows | 1 | 1 | 0 | 0 |  |", "| 2-third | 1 | 1 | 0 | 0 |  |"]
    assert printed[4] == "| 3-wrong | 1 | 0 | 0 | 1 | 001: 1 instead of 0.33333333333 |"
    assert printed[5].startswith("| 4-refused | 1 | 0 | 1 | 0 | Formula: This cannot be read: n +")
    assert printed[-2:] == [
        "decision tables: 1 of 1 cases pass (100.0%)",
        "all: 2 of 4 cases pass (50.0%)",
    ]


def test_a_folder_without_models_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SystemExit, match="There are no models in"):
        run(monkeypatch, tmp_path)


@pytest.mark.parametrize(
    ("found", "expected"),
    [(True, 1), (1, True), (None, 0), ({"a": 1}, {}), ([1], [1, 2]), (1, "1")],
)
def test_values_of_different_kinds_are_not_the_same(found: object, expected: object) -> None:
    assert not tck.same(found, expected)
