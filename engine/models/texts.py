"""The texts of models that people read, and their English as the author wrote it beside them.

Owns the names under which English stands in a model: in BPMN the properties `name_en`,
`documentation_en` and `instructions_en`, in a form `label_en` and the like (`forms.english`), in a
decision table the column `level_name_en` beside `level_name`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from engine.decisions.table import DecisionTable
from engine.models.bpmn.vocabulary import SPIFF, VENDORS
from engine.models.bundle import Bundle
from engine.models.elements import ProcessModel
from engine.models.forms import Field
from engine.sentences.errors import ModelError
from engine.xml.tree import Node, local_name, namespace, parse_xml

ENGLISH = "_en"
SHOWN_OUTPUTS = frozenset({"level_name"})
"""The columns of decision tables whose words people read."""


def texts_of(bundle: Bundle) -> list[str]:
    """Every text that people read, once."""
    return list(dict.fromkeys(text for found in texts_by_file(bundle).values() for text in found))


def texts_by_file(bundle: Bundle) -> dict[str, list[str]]:
    """The same by the file that holds them."""
    found: dict[str, list[str]] = {}
    for model in bundle.processes.values():
        found.setdefault(model.file, []).extend(_of_process(model))
    for id, form in bundle.forms.items():
        found.setdefault(bundle.form_files[id], []).extend([form.title, *_of_fields(form.fields)])
    for id, decision in bundle.decisions.items():
        if isinstance(decision, DecisionTable):
            words = [text for name in SHOWN_OUTPUTS for text in _column(decision, name) if text]
            found.setdefault(bundle.decision_files[id], []).extend(words)
    return {file: [text for text in dict.fromkeys(texts) if text] for file, texts in found.items()}


def english_of(bundle: Bundle) -> dict[str, str]:
    """Text -> its English, for the texts that have one."""
    pairs: dict[str, str] = {}
    for file in sorted({model.file for model in bundle.processes.values()}):
        pairs |= _of_drawing(bundle.xml[file], file)
    for form in bundle.forms.values():
        pairs |= dict(form.english)
    for decision in bundle.decisions.values():
        if isinstance(decision, DecisionTable):
            pairs |= dict(_of_table(decision))
    return {text: english for text, english in pairs.items() if text and english}


def _of_process(model: ProcessModel) -> Iterator[str]:
    yield from (model.name, *model.lanes.values())
    for element in model.elements.values():
        yield from (element.name, element.documentation, element.instructions)


def _of_fields(fields: Sequence[Field]) -> Iterator[str]:
    for field in fields:
        yield from (field.label, field.description, field.text)
        yield from (choice.label for choice in field.choices)
        yield from _of_fields(field.children)


def _of_drawing(content: bytes, file: str) -> Mapping[str, str]:
    try:
        root = parse_xml(content, file)
    except ModelError:
        return {}
    return {text: english for node in root.iter() for text, english in _of_node(node)}


def _of_node(node: Node) -> Iterator[tuple[str, str]]:
    if local_name(node) != "extensionElements":
        return
    drawn = node.getparent()
    given = {one.get("name") or "": (one.get("value") or "").strip() for one in _properties(node)}
    if drawn is None or not any(name.endswith(ENGLISH) for name in given):
        return
    yield (drawn.get("name") or "").strip(), given.get(f"name{ENGLISH}", "")
    yield _text(drawn, "documentation"), given.get(f"documentation{ENGLISH}", "")
    yield _text(node, "instructionsForEndUser"), given.get(f"instructions{ENGLISH}", "")


def _properties(node: Node) -> Iterator[Node]:
    for child in node:
        if local_name(child) == "properties" and namespace(child) in (*VENDORS, SPIFF):
            yield from child


def _text(node: Node, name: str) -> str:
    found = (child for child in node if local_name(child) == name)
    return next(((child.text or "").strip() for child in found), "")


def _of_table(table: DecisionTable) -> Iterator[tuple[str, str]]:
    for name in SHOWN_OUTPUTS & frozenset(table.output_names):
        if f"{name}{ENGLISH}" in table.output_names:
            yield from zip(_column(table, name), _column(table, f"{name}{ENGLISH}"), strict=True)


def _column(table: DecisionTable, name: str) -> list[str]:
    """The words of a column, rule by rule; "" where a cell computes them or there are none."""
    if name not in table.output_names:
        return []
    place = table.output_names.index(name)
    cells = [rule.outputs[place] for rule in table.rules]
    return [_word(cell.source) if cell is not None else "" for cell in cells]


def _word(source: str) -> str:
    plain = source.strip()
    return plain[1:-1] if plain[:1] == plain[-1:] == '"' and '"' not in plain[1:-1] else ""
