"""`python -m benchmarks.spiff` on its own small models, and its tables in the documents."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.spiff import __main__ as runner
from benchmarks.spiff import table, trying
from benchmarks.spiff.models import files_of, names_of
from benchmarks.spiff.ours import Ours
from benchmarks.spiff.sides import Offer
from benchmarks.spiff.table import Difference, Entry, Table
from benchmarks.spiff.trying import Outcome, try_file
from tests.engine.models.building import (
    Part,
    boundary,
    bpmn,
    call,
    catch,
    end,
    event,
    exclusive,
    flow,
    node,
    parallel,
    process,
    script_task,
    start,
    sub_process,
    timer,
    user_task,
)

DOCS = Path(__file__).parents[3] / "docs"
ASKED = (
    start(),
    user_task("ask"),
    boundary("told", "ask", event("message", "stop")),
    exclusive("big", default="small"),
    script_task("count", "total = amount * 2"),
    catch("later", timer("'PT1H'")),
    end(),
    flow("start", "ask"),
    flow("ask", "big"),
    flow("told", "end"),
    flow("big", "count", "amount > 10"),
    flow("big", "later", id="small"),
    flow("count", "end"),
    flow("later", "end"),
)
BESIDE = (
    start(),
    parallel("fork"),
    user_task("left"),
    sub_process("right", start("begin"), node("task", "inner"), end("over")),
    parallel("join"),
    end(),
    *(flow(a, b) for a, b in (("start", "fork"), ("fork", "left"), ("fork", "right"))),
    *(flow(a, b) for a, b in (("left", "join"), ("right", "join"), ("join", "end"))),
)
HEARD = (
    start(),
    user_task("ask"),
    boundary("told", "ask", event("message", "hint"), interrupting=False),
    end(),
    *(flow(a, b) for a, b in (("start", "ask"), ("ask", "end"), ("told", "end"))),
)
ONCE = Difference("ours", "It hears each message.")
HEARS = "stock nothing | ours waits for message told"


def tried(root: Path, *parts: Part, entry: Entry | None = None, folder: str = "bpmn") -> Outcome:
    """What becomes of one file in a folder of its own."""
    place = root / folder / "data"
    place.mkdir(parents=True, exist_ok=True)
    (place / "p.bpmn").write_bytes(bpmn(process("p", *parts)))
    return try_file(root, f"{folder}/data/p.bpmn", entry or Entry(), root)


def test_two_engines_that_agree_are_the_same(tmp_path: Path) -> None:
    plays = ({"start": {}, "answers": {"ask": [{"amount": 20}]}}, {"start": {"amount": 1}})
    asked = tried(tmp_path, *ASKED, entry=Entry(plays=plays))
    assert (asked.place, asked.seen, asked.plays) == ("same", [], 4)
    beside = tried(tmp_path, *BESIDE)
    assert (beside.place, beside.seen) == ("same", [])


class TakesAnotherWay(Ours):
    def passed(self) -> Counter[str]:
        return super().passed() - Counter(["count"])


class WaitsForNothing(Ours):
    def offers(self) -> Counter[Offer]:
        return super().offers() - Counter([Offer("message", "told")])


class ForgetsAnAnswer(Ours):
    def data(self) -> dict[str, object]:
        return {name: value for name, value in super().data().items() if name != "amount"}


@pytest.mark.parametrize(
    ("wrong", "seen"),
    [
        (TakesAnotherWay, "after task ask: stock passes count | ours nothing"),
        (WaitsForNothing, "after start: stock waits for message told | ours nothing"),
        (ForgetsAnAnswer, "at the end: stock amount=20 | ours nothing"),
    ],
)
def test_a_wrong_engine_is_seen(
    wrong: type[Ours], seen: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trying, "Ours", wrong)
    play = {"start": {}, "answers": {"ask": {"amount": 20}}}
    assert seen in tried(tmp_path, *ASKED, entry=Entry(plays=(play,))).seen


def test_an_engine_that_stops_is_seen(tmp_path: Path) -> None:
    fails = (start(), script_task("sum", "total = amount + 1"), end())
    parts = (*fails, flow("start", "sum"), flow("sum", "end"))
    outcome = tried(tmp_path, *parts, entry=Entry(plays=({"start": {}},)))
    (seen,) = outcome.seen
    assert seen.startswith("both stop: after start: stock stops (")
    assert outcome.place == "same"
    assert list(runner.unexplained(outcome, Table({}, {}))) == [seen]
    told = Table({outcome.name: Entry(stops=True)}, {})
    assert list(runner.unexplained(outcome, told)) == []


def test_a_difference_is_explained_by_the_table_as_long_as_it_is_seen(tmp_path: Path) -> None:
    outcome = tried(tmp_path, *HEARD)
    assert (outcome.place, outcome.seen) == ("differs", [f"after message told: {HEARS}"])

    def wrong(**said: object) -> list[str]:
        told = Table({outcome.name: Entry(**said)}, {"once": ONCE})  # type: ignore[arg-type]
        return list(runner.unexplained(outcome, told))

    assert wrong() == outcome.seen
    assert wrong(differs={"once": [HEARS]}) == []
    assert wrong(differs={"once": [HEARS, "waits for timer"]}) == [
        "once is not seen: waits for timer"
    ]
    assert wrong(differs={"twice": [HEARS]}) == ["no difference is called twice"]
    assert wrong(differs={"once": [HEARS]}, stops=True) == ["does not stop"]


def test_a_file_that_one_of_them_does_not_take_has_its_own_place(tmp_path: Path) -> None:
    ours = tried(tmp_path, start(), script_task("s", "import os"), end(), flow("start", "s"))
    assert (ours.place, list(ours.refused)) == ("refused by us", ["script"])
    assert len(list(runner.unexplained(ours, Table({}, {})))) == 1
    stock = tried(tmp_path, user_task("a"), end(), flow("a", "end"))
    assert (stock.place, "No start event found" in stock.unread) == ("not run by stock", True)
    told = Table({stock.name: Entry(unread="No start event")}, {})
    assert list(runner.unexplained(stock, told)) == []
    both = tried(tmp_path, start(), call("c", None), end(), flow("start", "c"))
    assert both.place == "neither runs"


def test_what_only_spiff_takes_for_granted_is_written_into_its_models(tmp_path: Path) -> None:
    place = tmp_path / "bpmn/data/Test-Workflows"
    place.mkdir(parents=True)
    parts = (start(), node("task", "t"), exclusive("g"), call("c", "other"), end())
    flows = [flow(a, b) for a, b in (("start", "t"), ("t", "g"), ("g", "c"), ("g", "end"))]
    heard = catch("ear", Part("<messageEventDefinition/>"))
    drawn = bpmn(process("p", *parts, heard, *flows))
    (place / "p.bpmn").write_bytes(drawn.replace(b"<sequenceFlow", b'<sequenceFlow name="Yes"'))
    (name,) = names_of(tmp_path)
    text = files_of(tmp_path, name, [("other", "another")])["p.bpmn"].decode()
    assert "userTask" in text
    assert "<task" not in text
    assert text.count("choice == 'Yes'") == 2
    assert text.count('variables="all"') == 2
    assert 'messageRef="message_of_ear"' in text
    assert 'calledElement="another"' in text


def test_the_columns_are_counted_and_what_is_not_explained_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tried(tmp_path, *BESIDE)
    tried(tmp_path, *HEARD, folder="spiff")
    monkeypatch.setattr(sys, "argv", ["spiff", str(tmp_path), "--list"])
    monkeypatch.setattr(table, "read", lambda: Table({"bpmn/gone.bpmn": Entry()}, {}))
    with pytest.raises(SystemExit, match="True"):
        runner.main()
    lines = capsys.readouterr().out.splitlines()
    assert "same\tbpmn/data/p.bpmn" in lines
    assert "| all | 2 | 1 | 1 | 0 | 0 | 0 |" in lines
    assert f"- spiff/data/p.bpmn: after message told: {HEARS}" in lines
    assert lines[-1] == "- bpmn/gone.bpmn: no such file"


def test_a_folder_without_models_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["spiff", str(tmp_path)])
    with pytest.raises(SystemExit, match="There are no models in"):
        runner.main()


def test_every_difference_stands_in_the_documents_with_who_is_right() -> None:
    told = table.read()
    files = Counter(name for entry in told.entries.values() for name in entry.differs)
    assert set(files) == set(told.differences)
    english = (DOCS / "semantics.en.md").read_text().splitlines()
    rows = [f"| {d.why} | {d.right} | {files[name]} |" for name, d in told.differences.items()]
    assert english[-len(rows) :] == rows
    indonesian = (DOCS / "semantics.md").read_text().splitlines()
    right = {"ours": "kami", "stock": "SpiffWorkflow", "both": "keduanya"}
    ends = [f"{right[d.right]} | {files[name]} |" for name, d in told.differences.items()]
    assert [row.split(" | ", 1)[1] for row in indonesian[-len(rows) :]] == ends


def test_the_documents_count_what_the_tables_say() -> None:
    entries = table.read().entries.values()
    counts = [
        sum(bool(one.differs) for one in entries),
        sum(bool(one.refused and not one.unread) for one in entries),
        sum(bool(one.unread and not one.refused) for one in entries),
        sum(bool(one.unread and one.refused) for one in entries),
    ]
    for name in ("semantics.md", "semantics.en.md"):
        lines = (DOCS / name).read_text().splitlines()
        (row,) = (line for line in lines if line.startswith(("| all |", "| semua |")))
        files, same, *others = map(int, row.strip("| ").split(" | ")[1:])
        assert others == counts
        assert same + sum(others) == files
