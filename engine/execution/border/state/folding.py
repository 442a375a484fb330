"""States of the first form, whose tokens carried data: read, and folded into scopes of variables.

Owns the meaning of that form: each token held a copy of all data. At a join the changes of the
branches since their split were put together, and the last branch won. Facts that are no longer
certain are noted in `Instance.folded`. `merged`: names that branches changed differently.
`unordered`: repeated activities whose results have lost their places; the results fill the places
of the ended runs in the order of arrival.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias
from uuid import UUID

from engine.execution.border.activities.calls import Called, Embedded
from engine.execution.border.activities.event_scopes import EventScope, Trigger
from engine.execution.border.activities.loops import COUNTER, Many, Repeated
from engine.execution.border.events.boundary import Boundary
from engine.execution.border.state.letters import TOKEN
from engine.execution.border.tree.faults import Fault
from engine.execution.border.tree.kernel import WAITING, Instance, Scope, SubScope, Token
from engine.execution.border.tree.values import Data, same
from engine.execution.border.tree.variables import Variables
from engine.sentences.sentence import say

Changes: TypeAlias = dict[str, list[list[object]]]
"""The changes of a branch: key -> [[value before], [value after]]; an empty list means that the key
is absent."""


def fold(top: Instance, content: Mapping[str, Any]) -> None:
    """Fill an empty instance from a state of the first form."""
    folding = _Folding(top)
    folding.restore(top, content, {})
    top.variables.values = folding.known(top)
    folding.settle(top)
    top.folded = {
        key: sorted(names)
        for key, names in (("merged", folding.merged), ("unordered", folding.unordered))
        if names
    }


class _Folding:
    """One state on its way from the first form. `stored`: what each token carried, in letters;
    `held`: the data of each token without the facts of a firing, which are in `told`; `ended`: the
    changes of ended branches."""

    def __init__(self, top: Instance) -> None:
        self.top = top
        self.stored: dict[UUID, dict[str, Any]] = {}
        self.held: dict[UUID, Data] = {}
        self.told: dict[UUID, Data] = {}
        self.ended: dict[UUID | None, Changes] = {}
        self.merged: set[str] = set()
        self.unordered: set[str] = set()

    def restore(self, scope: Scope, content: Mapping[str, Any], around: Data) -> None:
        """Restore the tokens of a scope and of the scopes inside, with the data they held. `around`
        is the data of the activity that the scope is the inside of."""
        tokens: list[Token] = []
        for row in content["t"]:
            parent, state, name, hex_id, record, changed, dropped = row + [0] * (7 - len(row))
            token = token_of(scope, tokens, (parent, state, name, hex_id))
            self.stored[token.id] = record or {}
            tokens.append(token)
            above: Data = {}
            if parent >= 0:
                above = {**self.held[tokens[parent].id], **self.told[tokens[parent].id]}
            lost: Any = dropped or ()
            if "h" in self.stored[token.id]:
                # An open form had its keys dropped from the data: nobody has taken them away.
                before = {key: one[0][0] for key, one in content.get("e", {}).items() if one[0]}
                known = {**around, **before, **above}
                lost, above = (), above | _of_form(token, known)
            data = {key: above[key] for key in above if key not in lost} | (changed or {})
            facts = {key for key, value in data.items() if _is_fact(key, value)}
            self.told[token.id] = {key: data[key] for key in facts}
            self.held[token.id] = {key: data[key] for key in data if key not in facts}
        scope.task_tree = tokens[0]
        key = scope.parent_task_id if isinstance(scope, SubScope) else None
        self.ended[key] = content.get("e", {})
        for number, inner in content.get("s", {}).items():
            token = tokens[int(number)]
            variables = Variables("process", token.task_spec.element.id, None, {})
            name, specs = token.task_spec.inside, scope.specs
            inside = SubScope(name, specs, token.id, self.top, variables)
            self.top.subprocesses[token.id] = inside
            self.restore(inside, inner, self.held[token.id])

    # --- what the first form said the data were ---------------------------------------------------

    def known(self, scope: Scope) -> Data:
        """The data of a scope: the changes of its branches since their split, in the order of their
        join."""
        branches = [t for t in scope.live_tokens() if self.speaks(t)]
        branches.sort(key=lambda token: self.stored[token.id].get("o", self.top.arrivals + 1))
        base = self.held[_parting(branches).id] if len(branches) > 1 else {}
        data = self.put_together(base, [self.of(token) for token in branches])
        key = scope.parent_task_id if isinstance(scope, SubScope) else None
        for name, (before, after) in self.ended[key].items():
            now = [data[name]] if name in data else []
            if _is_fact(name, *after):
                continue
            if same(now, before):
                _put(data, name, after)
            elif not same(now, after):
                self.merged.add(name)
        return data

    def put_together(self, base: Data, branches: Iterable[Data]) -> Data:
        merged, touched = dict(base), set[str]()
        for branch in branches:
            for name, (_, after) in _changes(base, branch).items():
                if name in touched and not same([merged[name]] if name in merged else [], after):
                    self.merged.add(name)
                touched.add(name)
                _put(merged, name, after)
        return merged

    def speaks(self, token: Token) -> bool:
        """Whether the token is a branch of its scope: no armed event, no run of a repeated
        activity."""
        node = token.task_spec
        armed = isinstance(node, Boundary) and token._state == WAITING
        return node.owner is None and not armed and not isinstance(node, Trigger)

    def of(self, token: Token) -> Data:
        """The data of a branch, with everything inside it."""
        held, node = self.held[token.id], token.task_spec
        if isinstance(node, Repeated):
            return self.of_runs(token)
        scope = self.top.subprocesses.get(token.id)
        if scope is None:
            return held
        inside = self.known(scope)
        scope.variables.values = inside
        if isinstance(node, Called):
            return held
        own = {name for name, _ in node.element.inputs}
        began = self.stored[token.id].get("b") if isinstance(node, EventScope) else None
        if began is not None:
            began = {key: value for key, value in began.items() if not _is_fact(key, value)}
        made = _changes(held if began is None else began, inside)
        return _patched(held, {name: one for name, one in made.items() if name not in own})

    def of_runs(self, token: Token) -> Data:
        """The data of a repeated activity: the results of ended runs, then the changes of the
        running ones."""
        held, node = self.held[token.id], token.task_spec
        data = dict(held)
        for name, (before, after) in self.stored[token.id]["i"].get("c", {}).items():
            if same([data[name]] if name in data else [], before) and not _is_fact(name, *after):
                _put(data, name, after)
        own = _own_names(node)
        for run in [child for child in token.children if child.live]:
            made = _changes(held, self.of(run))
            data = _patched(data, {name: one for name, one in made.items() if name not in own})
        return data

    # --- where they are now -----------------------------------------------------------------------

    def settle(self, scope: Scope) -> None:
        """Give every token of a scope, and of the scopes inside, its scope of variables."""
        for token in list(scope.tasks.values()):
            self.place(token)
            self.load(token)
        for token in scope.live_tokens():
            node = token.task_spec
            if isinstance(node, Boundary) and token._state == WAITING:
                activity = node.activity(token)
                token.variables = activity.variables if activity else scope.variables
        for token in list(scope.tasks.values()):
            if isinstance(token.task_spec, Boundary):
                _adopt(scope.task_tree, token)
            if (inside := self.top.subprocesses.get(token.id)) is not None:
                self.settle(inside)

    def place(self, token: Token) -> None:
        scope, node = token.workflow, token.task_spec
        record, element = self.stored[token.id], node.element
        if node.owner is not None:
            token.variables = self.run_of(token)
        else:
            seen = scope.variables.visible()
            told = {k: v for k, v in self.told[token.id].items() if k not in seen}
            if told:
                token.variables = Variables("firing", "", scope.variables, told)
            else:
                token.variables = scope.variables
        inside = self.top.subprocesses.get(token.id)
        if isinstance(node, Many) and "i" in record:
            self.place_whole(token, node, record["i"])
        elif isinstance(node, Called) and inside is not None:
            record["c"] = self.held[token.id]
        elif isinstance(node, Embedded) and inside is not None:
            own = {name for name, _ in element.inputs}
            values = {k: v for k, v in inside.variables.values.items() if k in own}
            values |= self.told[inside.task_tree.id]
            inside.variables = Variables("activity", element.id, token.variables, values)
            token.variables = inside.variables
        elif "in" in record or "x" in record:
            values = {**(record.get("x") or {}), **record.pop("in", {})}
            if values:
                token.variables = Variables("activity", element.id, token.variables, values)
            if "x" in record:
                record["x"] = 1

    def load(self, token: Token) -> None:
        """Let the token carry what it carried, without what only the first form knew."""
        self.stored[token.id].pop("b", None)
        TOKEN.fill(token.record, self.stored[token.id])
        if isinstance(token.task_spec, Many) and token.record.loop is not None:
            token.task_spec.count(token, token.record.loop)

    def run_of(self, token: Token) -> Variables:
        whole, held = token.workflow.tasks[token._parent], self.held[token.id]
        own = {name: held.get(name) for name in sorted(_own_names(whole.task_spec))}
        number = own.get(COUNTER)
        run = number + 1 if isinstance(number, int) else 1
        return Variables("run", whole.task_spec.element.id, whole.variables, own, run)

    def place_whole(self, token: Token, node: Many, record: dict[str, Any]) -> None:
        record.pop("c", None)
        live = {self.held[child.id].get(COUNTER) for child in token.children if child.live}
        ended = [number for number in range(record["k"]) if number not in live]
        results: list[object] = [None] * (record["k"] + len(record["r"]))
        if record["w"]:
            self.unordered.add(node.element.id)
        for number, result in zip(ended, record["w"], strict=False):
            results[number] = result
        record["d"], record["w"] = len(ended), results
        token.variables = Variables("whole", node.element.id, token.variables, {})


def token_of(scope: Scope, tokens: list[Token], head: tuple[int, int, str, str]) -> Token:
    """The token of a stored row. Raises Fault if the model lacks the node."""
    parent, state, name, hex_id = head
    node = scope.spec.task_specs.get(name)
    if node is None:
        raise Fault(
            None,
            say("The case stands at {element}, which this version does not have.", element=name),
            say("Move it to a version that has this element, or add the element again."),
        )
    above = tokens[parent] if parent >= 0 else None
    return Token(scope, node, above, state, UUID(int=int(hex_id, 16)) if hex_id else None)


def _is_fact(name: str, *values: object) -> bool:
    """Whether the name is a fact of a firing and no variable."""
    wanted = {"timer": {"planned", "fired"}, "error": {"code", "message"}}.get(name)
    return wanted is not None and all(isinstance(v, dict) and wanted <= v.keys() for v in values)


def _of_form(token: Token, known: Data) -> Data:
    """The known values of the variables that the form of an open task asks for."""
    form = token.task_spec.form
    return {key: known[key] for key in (form.keys if form else ()) if key in known}


def _own_names(node: Any) -> set[str]:
    """The names that belonged to one run of a repeated activity."""
    loop = node.element.multi_instance
    named = (loop.item, loop.output_item) if loop is not None else ()
    return {COUNTER, *(name for name in named if name)}


def _parting(tokens: list[Token]) -> Token:
    """The nearest ancestor that all these tokens share."""
    first, *rest = tokens
    shared = [first, *first.ancestors()]
    for token in rest:
        mine = {one.id for one in (token, *token.ancestors())}
        shared = [one for one in shared if one.id in mine]
    return shared[0]


def _adopt(root: Token, event: Token) -> None:
    """Move the branches of an event that stays attached below the root."""
    for child in event.children:
        child._parent = root.id
        root._children.append(child.id)
    event._children = []


def _changes(base: Mapping[str, object], data: Mapping[str, object]) -> Changes:
    """What `data` changed, added or dropped since `base`."""
    found: Changes = {}
    for key, value in data.items():
        if key not in base:
            found[key] = [[], [value]]
        elif not same(value, base[key]):
            found[key] = [[base[key]], [value]]
    for key in base:
        if key not in data:
            found[key] = [[base[key]], []]
    return found


def _patched(data: Mapping[str, object], made: Changes) -> Data:
    """`data` with the changes `made` by others, which win."""
    merged = dict(data)
    for key, (_, after) in made.items():
        _put(merged, key, after)
    return merged


def _put(data: Data, key: str, after: list[object]) -> None:
    if after:
        data[key] = after[0]
    else:
        data.pop(key, None)
