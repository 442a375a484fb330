"""What activities do in the reference: begin, end, are repeated, are interrupted.

The rules of variables that the words of BPMN and Camunda leave open are decided like this:

- an activity has a scope of its own. Its `preScript` runs around it, then its input mappings are
  evaluated around it and are its first variables. Its output mappings are evaluated inside, each
  written from around it outward before the next; then its `postScript` runs around it;
- a repeated activity has a scope for the whole (`nrOfInstances`, `nrOfCompletedInstances`,
  `nrOfActiveInstances`) and in it one for each run (`loopCounter`, the entry, the output data item,
  null at first). The completion condition is asked in the scope of the run that has just ended. The
  collected list has a place for each entry, which gets what the output data item of its run holds
  when the run ends, whatever ends it; null where none began. It is written from around the activity
  outward when that ends. A standard loop has a scope for each run
  (`loopCounter`); its condition is asked around it, with the number of runs done as `loopCounter`;
- a called process is a scope that nothing is around, and begins with what `camunda:in` says, read
  inside the call activity; `camunda:out` is written from there outward when it completes, and when
  an error or escalation passes through on its way to what catches it;
- an activity that is interrupted writes its output mappings and its list all the same: of several
  the one that began first, and before it what is inside it; a mapping that fails is left out;
- a name that nobody has set is null in a mapping.
"""

from __future__ import annotations

from tests.engine.reference.flow import JOINS, mapped, run_script, value_of
from tests.engine.reference.state import Body, Scope, State, Token, Values
from tests.engine.reference.undoing import Undoing

HOLDERS = ("subProcess", "transaction")


class Acting(Undoing):
    """Activities from their begin to their end."""

    def begin(self, token: Token) -> None:
        """The token's element begins; its boundary events are armed after it has."""
        element = token.element
        if token.whole is None and element.multi_instance is not None:
            self.begin_each(token)
        elif token.whole is None and element.standard_loop is not None:
            self.next_round(token)
        elif element.kind in ("userTask", "receiveTask", "callActivity", *HOLDERS):
            self.begin_activity(token)
        elif element.kind in JOINS and len(self.incoming(token)) > 1:
            self.wait_to_join(token)
        elif element.kind == "intermediateCatchEvent":
            token.state = State.WAITS
            token.guards = [self.arm(element, token.body, token, token.scope)]
        else:
            self.goes(token)
        if token.whole is None:
            seen_from = token.own or token.counts or token.scope
            for guard in self.guards_of(token):
                token.guards.append(self.arm(guard, token.body, token, seen_from))

    def begin_activity(self, token: Token) -> None:
        """A task opens, or what is inside begins."""
        element, model = token.element, token.body.model
        token.state = State.WAITS
        run_script(element.pre_script, token.scope)
        token.own = Scope(token.scope, mapped(element.inputs, token.scope))
        if element.kind in HOLDERS:
            self.open(model, element.id, token.own, token)
        elif element.kind == "callActivity":
            called = element.called_process or ""
            all_in = token.own.seen() if element.passes_all_in else {}
            passed = all_in | mapped(element.passed_in, token.own)
            given = Scope(None, passed, self.variables.news)
            self.open(self.models[called], called, given, token)
        elif element.kind == "receiveTask":
            token.guards = [self.arm(element, token.body, token, token.own)]
        else:
            self.arrivals += 1
            token.opened = self.arrivals

    def body_ended(self, activity: Token) -> None:
        self.pass_out(activity)
        inside, activity.inside = activity.inside, None
        if activity.element.kind in HOLDERS and inside and (inside.memories or inside.armed):
            activity.ended_inside = inside
        self.finish(activity)

    def resumed(self, thrower: Token) -> None:
        self.goes(thrower, State.LEFT)

    def pass_out(self, activity: Token) -> None:
        """What a called process gives back."""
        element = activity.element
        if element.kind == "callActivity" and activity.inside and activity.own:
            inside = activity.inside.scope
            all_out = inside.names if element.passes_all_out else {}
            activity.own.write(all_out | mapped(element.passed_out, inside))

    def finish(self, token: Token) -> None:
        """The work of an activity is done; it leaves at its turn."""
        self.write_outputs(token)
        run_script(token.element.post_script, token.scope)
        self.goes(token, State.LEFT)

    def write_outputs(self, token: Token) -> None:
        """What an activity gives when it ends; its own variables end with it."""
        own, token.own = token.own, None
        if own is not None:
            for parameter in token.element.outputs:
                token.scope.write(mapped([parameter], own))

    def turn(self, token: Token) -> None:
        """It is the token's turn."""
        event, element = token.element.event, token.element
        if token.state is State.ENTERS:
            token.body.tokens.remove(token)
            token.body.tokens.append(token)
            self.begin(token)
            return
        if token.state is State.GOES:
            if element.kind == "scriptTask":
                run_script(element.script, token.scope)
            elif element.kind in ("endEvent", "intermediateThrowEvent") and event is not None:
                if event.kind in ("error", "escalation"):
                    self.throw(token, event.kind, event.code)
                elif event.kind in ("terminate", "cancel"):
                    self.interrupt_all(token.body, token)
                if event.kind in ("compensate", "cancel") and self.compensate(token, event.code):
                    token.state = State.WAITS
                    return
        if event is not None and event.kind == "cancel" and element.kind == "endEvent":
            self.throw(token, "cancel", None)
        self.heed()
        if not token.alive:
            return
        token.guards = []
        self.remember(token)
        if token.whole is not None:
            self.run_ended(token.whole, token)
        else:
            self.leave(token)

    # --- repeated activities ----------------------------------------------------------------------

    def begin_each(self, token: Token) -> None:
        """All runs at once, or the first one."""
        loop = token.element.multi_instance
        assert loop is not None
        names = token.scope.seen()
        if loop.items is not None:
            token.entries = list(value_of(loop.items, names))
        else:
            assert loop.cardinality is not None
            token.entries = list(range(value_of(loop.cardinality, names)))
        number = len(token.entries)
        token.places = [None] * number
        first = number if loop.parallel else min(number, 1)
        counts = {"nrOfInstances": number, "nrOfCompletedInstances": 0}
        token.counts = Scope(token.scope, {**counts, "nrOfActiveInstances": first})
        token.state = State.WAITS
        for _ in range(first):
            self.begin_run(token)
        if not token.entries:
            self.whole_ended(token)

    def begin_run(self, whole: Token) -> None:
        """The next run begins."""
        loop, index = whole.element.multi_instance, whole.begun
        names: Values = {"loopCounter": index}
        if loop is not None and loop.item is not None:
            names[loop.item] = whole.entries[index]
        if loop is not None and loop.output_item is not None:
            names[loop.output_item] = None
        scope = Scope(whole.counts or whole.scope, names)
        run = Token(whole.body, whole.element, scope, whole=whole, index=index)
        whole.begun += 1
        whole.runs.append(run)
        self.begin(run)

    def run_ended(self, whole: Token, run: Token) -> None:
        """One run is done: is there another?"""
        run.alive = False
        whole.runs.remove(run)
        loop = whole.element.multi_instance
        if loop is None:
            self.next_round(whole)
            return
        assert whole.counts is not None
        counts = whole.counts.names
        counts["nrOfCompletedInstances"] += 1
        counts["nrOfActiveInstances"] -= 1
        self.put_in_place(whole, run)
        if loop.until is not None and value_of(loop.until, run.scope.seen()):
            for other in list(whole.runs):
                self.interrupt(other)
            self.whole_ended(whole)
        elif whole.begun < len(whole.entries):
            counts["nrOfActiveInstances"] += 1
            self.begin_run(whole)
        elif not whole.runs:
            self.whole_ended(whole)

    def put_in_place(self, whole: Token, run: Token) -> None:
        """What the run gives to the list."""
        loop = whole.element.multi_instance
        if loop is not None and loop.output_item is not None and whole.places is not None:
            whole.places[run.index] = run.scope.names[loop.output_item]

    def whole_ended(self, whole: Token) -> None:
        self.write_list(whole)
        self.goes(whole, State.LEFT)

    def write_list(self, whole: Token) -> None:
        """The results of all runs, in the order of the entries."""
        loop = whole.element.multi_instance
        if loop is not None and loop.output_items is not None and whole.places is not None:
            whole.scope.write({loop.output_items: whole.places})
        whole.places = None

    def next_round(self, whole: Token) -> None:
        """A standard loop goes on, or has come to its end."""
        loop = whole.element.standard_loop
        assert loop is not None
        whole.state = State.WAITS
        done = whole.begun
        asked = done > 0 or loop.before
        over = loop.most is not None and done >= loop.most
        if asked and loop.condition is not None:
            names = {**whole.scope.seen(), "loopCounter": done}
            over = over or not value_of(loop.condition, names)
        if over:
            self.goes(whole, State.LEFT)
        else:
            self.begin_run(whole)

    # --- being interrupted ------------------------------------------------------------------------

    def interrupt_all(self, body: Body, but: Token | None = None) -> None:
        """Take every token of a body away, and what it may begin; what it remembers stays."""
        self.disarm(body)
        for memory in body.undoing:
            if memory.inside is not None:
                self.interrupt_all(memory.inside)
                self.bodies.remove(memory.inside)
        body.undoing = []
        for token in list(body.tokens):
            if token is not but:
                self.interrupt(token)

    def interrupt(self, token: Token) -> None:
        """Take a token away with everything inside; what it has to give, it gives."""
        for run in list(token.runs):
            self.interrupt(run)
        if token.inside is not None:
            self.interrupt_all(token.inside)
            self.bodies.remove(token.inside)
        token.alive = False
        (token.whole.runs if token.whole else token.body.tokens).remove(token)
        self.write_outputs(token)
        if token.whole is not None:
            self.put_in_place(token.whole, token)
        self.write_list(token)

    def throw(self, token: Token, kind: str, code: str | None) -> None:
        raise NotImplementedError
