"""One form-js component -> a Field, or a problem that the server could not check it.

Owns the supported components and settings. Everything that only a browser would check (FEEL, HTML,
expression fields) is refused here, at deployment.
"""

from __future__ import annotations

import keyword
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from engine.language import LanguageError, compile_template
from engine.models.forms.conditions import Condition, ConditionError, parse_condition
from engine.models.forms.field import Choice, Field, Json
from engine.models.forms.rules import KEY, with_rules
from engine.models.forms.settings import number_of, text_of, yes
from engine.models.reserved import RESERVED
from engine.sentences.errors import ModelError
from engine.sentences.problems import Problem
from engine.sentences.sentence import Sentence, say

ANSWERING = frozenset(
    [
        "textfield",
        "textarea",
        "number",
        "datetime",
        "checkbox",
        "select",
        "radio",
        "checklist",
        "taglist",
        "filepicker",
    ]
)
CHOOSING = frozenset(["select", "radio", "checklist", "taglist"])
SHOWN = frozenset(["text", "separator", "spacer"])
LEFT_OUT = frozenset({"button"})
"""The page has its own buttons."""

TAKEN = RESERVED | {"self", "now", "today"}
"""Names with another meaning for expressions and the engine."""

MAX_DEPTH = 8
MAX_FIELDS = 500
MAX_CHOICES = 2_000
"""Number of choices of one field: a list that a person can read through."""

Component = Mapping[str, object]


@dataclass(slots=True)
class Desk:
    """The form under reading and its problems so far."""

    file: str
    source: str
    problems: list[Problem] = field(default_factory=list)
    fields: int = 0

    def error(self, at: Field, what: Sentence, advice: Sentence) -> None:
        """Note a problem of one component, with the line of its id."""
        self._write(at.id, at.label or at.key, self._line_of(at.id), what, advice)

    def whole(self, what: Sentence, advice: Sentence) -> None:
        """Note a problem of the form as a whole."""
        self._write("", "", 0, what, advice)

    def unreadable(self, what: Sentence, advice: Sentence, line: int = 0) -> ModelError:
        """The error for a file that contains no form."""
        return ModelError([Problem(self.file, "", "", line, "error", "json", what, advice)])

    def _write(self, at: str, name: str, line: int, what: Sentence, advice: Sentence) -> None:
        self.problems.append(Problem(self.file, at, name, line, "error", "form", what, advice))

    def _line_of(self, component_id: str) -> int:
        position = self.source.find(f'"{component_id}"') if component_id else -1
        return self.source.count("\n", 0, position) + 1 if position >= 0 else 0


def read_components(
    components: object, desk: Desk, depth: int = 0, in_rows: bool = False
) -> tuple[Field, ...]:
    """The fields of a list of components; a component with a problem is noted and may be
    missing."""
    if not isinstance(components, list):
        return ()
    found: list[Field] = []
    for component in components:
        if not isinstance(component, dict):
            desk.fields += 1
            if desk.fields <= MAX_FIELDS:
                desk.whole(say("A component is no object."), say("Save the form again."))
            continue
        read = _component(component, desk, depth, in_rows)
        if read is not None:
            found.append(read)
    return tuple(found)


def _component(component: Component, desk: Desk, depth: int, in_rows: bool) -> Field | None:
    base = _base(component)
    desk.fields += 1
    if desk.fields > MAX_FIELDS or depth > MAX_DEPTH:
        if desk.fields == MAX_FIELDS + 1 or depth > MAX_DEPTH:
            desk.error(base, say("The form is too large or too deeply nested."), say("Split it."))
        return None
    if base.type in LEFT_OUT:
        return None
    if base.type in ("group", "dynamiclist") and not in_rows:
        return _container(base, component, desk, depth)
    if base.type in ANSWERING:
        return _question(_described(base, component, desk), component, desk)
    if base.type in SHOWN and not in_rows:
        return _shown(_described(base, component, desk), component, desk)
    desk.error(
        base,
        say("A {type} cannot be checked by the server here.", type=base.type or "component"),
        say("Use text, number, date, choice, file and list fields; lists hold plain fields only."),
    )
    return None


def _base(component: Component) -> Field:
    kind = text_of(component, "type")
    label = text_of(component, "dateLabel" if kind == "datetime" else "label")
    key = text_of(component, "key")
    return Field(kind, text_of(component, "id") or key, label=label or key)


def _described(base: Field, component: Component, desk: Desk) -> Field:
    for name in ("label", "dateLabel", "description"):
        _refuse_feel(base, text_of(component, name), desk)
    appearance = component.get("appearance")
    around = appearance if isinstance(appearance, dict) else {}
    return replace(
        base,
        description=text_of(component, "description"),
        hide=_hide(base, component, desk),
        prefix=text_of(around, "prefixAdorner"),
        suffix=text_of(around, "suffixAdorner"),
    )


def _refuse_feel(at: Field, text: str, desk: Desk) -> None:
    if text.startswith("=") or "{{" in text:
        desk.error(
            at,
            say("FEEL is not evaluated here: {text}", text=text),
            say("Write plain text; a text component may contain ${{name}}."),
        )


def _hide(base: Field, component: Component, desk: Desk) -> Condition | None:
    conditional = component.get("conditional")
    text = text_of(conditional, "hide") if isinstance(conditional, dict) else ""
    if not text:
        return None
    try:
        return parse_condition(text)
    except ConditionError:
        desk.error(
            base,
            say("The server cannot check the condition {text}", text=text),
            say('Write comparisons such as =verdict != "conforms", joined by "and" or "or".'),
        )
        return None


def _container(base: Field, component: Component, desk: Desk, depth: int) -> Field:
    described = _described(base, component, desk)
    is_list = base.type == "dynamiclist"
    children = read_components(component.get("components"), desk, depth + 1, is_list)
    if not is_list:
        _refuse_path(described, component, desk)
        return replace(described, children=children)
    validate = component.get("validate")
    return replace(
        _keyed(described, text_of(component, "path"), desk),
        children=children,
        required=isinstance(validate, dict) and yes(validate, "required"),
        rows=int(number_of(component, "defaultRepetitions", default=1)),
        growing=component.get("allowAddRemove") is not False,
    )


def _refuse_path(group: Field, component: Component, desk: Desk) -> None:
    if text_of(component, "path"):
        desk.error(
            group,
            say("A group with a path is not supported."),
            say("Empty the path; the keys of its fields must differ from all others anyway."),
        )


def _question(base: Field, component: Component, desk: Desk) -> Field:
    keyed = _keyed(base, text_of(component, "key"), desk)
    if keyed.type in CHOOSING:
        keyed = _with_choices(keyed, component, desk)
    locked = yes(component, "disabled") or yes(component, "readonly")
    for name in ("readonly", "required"):
        _refuse_feel(keyed, text_of(component, name), desk)
    default = component.get("defaultValue")
    plain = default if isinstance(default, str | int | float | bool | list) else None
    return with_rules(replace(keyed, locked=locked, default=_json(plain)), component, desk.error)


def _json(value: object) -> Json:
    """Choices as texts; any other JSON from an editor is no default."""
    if isinstance(value, list):
        return [item for item in value if isinstance(item, str)]
    return value if isinstance(value, str | int | float | bool) else None


def _keyed(base: Field, key: str, desk: Desk) -> Field:
    if not KEY.fullmatch(key) or keyword.iskeyword(key) or key in TAKEN:
        desk.error(
            base,
            say('The key "{key}" cannot be used in expressions.', key=key),
            say("Write letters, digits and underscores, beginning with a letter."),
        )
    return replace(base, key=key)


def _with_choices(base: Field, component: Component, desk: Desk) -> Field:
    source = text_of(component, "valuesKey")
    expression = text_of(component, "valuesExpression")
    if expression:
        source = expression.removeprefix("=").strip()
    if source and not KEY.fullmatch(source):
        desk.error(
            base,
            say("The choices are computed by {text}, which the server cannot do.", text=source),
            say("List the choices, or name the list they come from (one word)."),
        )
    choices = tuple(_choices(component))
    if len(choices) > MAX_CHOICES:
        desk.error(
            base,
            say("There are more than {limit} choices.", limit=MAX_CHOICES),
            say("Ask for a text, or for a wider group first."),
        )
        choices = ()
        source = source or base.key
    if not source and not choices:
        desk.error(base, say("There is nothing to choose from."), say("Add at least one choice."))
    return replace(base, choices=() if source else choices, options_key=source or None)


def _choices(component: Component) -> list[Choice]:
    values = component.get("values")
    entries = values if isinstance(values, list) else []
    pairs = [
        (str(entry.get("value") or ""), text_of(entry, "label"))
        for entry in entries
        if isinstance(entry, dict)
    ]
    return [Choice(value, label or value) for value, label in pairs if value]


def _shown(base: Field, component: Component, desk: Desk) -> Field:
    text = text_of(component, "text")
    if base.type != "text":
        return base
    _refuse_feel(base, text, desk)
    try:
        compile_template(text)
    except LanguageError as error:
        desk.error(base, error.what, error.advice)
    return replace(base, text=text)
