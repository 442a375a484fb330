"""Many extensions of an element."""

from __future__ import annotations

from benchmarks.scaled.making import START, Kinds, bpmn, extended, many

KINDS: Kinds = {
    "parameters": (
        10_000,
        lambda n: extended(
            "<camunda:inputOutput>"
            + many(n, '<camunda:inputParameter name="a{0}">${{x}}</camunda:inputParameter>')
            + "</camunda:inputOutput>"
        ),
    ),
    "list parameters": (
        20_000,
        lambda n: extended(
            '<camunda:inputOutput><camunda:inputParameter name="a"><camunda:list>'
            + many(n, "<camunda:value>{0}</camunda:value>")
            + "</camunda:list></camunda:inputParameter></camunda:inputOutput>"
        ),
    ),
    "properties": (
        20_000,
        lambda n: extended(
            "<camunda:properties>"
            + many(n, '<camunda:property name="a{0}" value="x"/>')
            + "</camunda:properties>"
        ),
    ),
    "embedded fields": (
        10_000,
        lambda n: extended(
            "<camunda:formData>"
            + many(n, '<camunda:formField id="a{0}" label="a" type="string"/>')
            + "</camunda:formData>"
        ),
    ),
    "embedded choices": (
        20_000,
        lambda n: extended(
            '<camunda:formData><camunda:formField id="a" type="enum">'
            + many(n, '<camunda:value id="a{0}" name="x"/>')
            + "</camunda:formField></camunda:formData>"
        ),
    ),
    "constraints": (
        20_000,
        lambda n: extended(
            '<camunda:formData><camunda:formField id="a" type="string"><camunda:validation>'
            + '<camunda:constraint name="required"/>' * n
            + "</camunda:validation></camunda:formField></camunda:formData>"
        ),
    ),
    "listeners": (
        20_000,
        lambda n: extended('<camunda:taskListener class="x" event="create"/>' * n),
    ),
    "candidate groups": (
        20_000,
        lambda n: extended("", attributes=f'camunda:candidateGroups="{many(n, "g{0}", ",")}"'),
    ),
    "candidate expressions": (
        10_000,
        lambda n: extended("", attributes=f'camunda:candidateGroups="{many(n, "${{g}}", ",")}"'),
    ),
    "instructions": (20_000, lambda n: bpmn(START + f'<userTask id="t" name="{"${x}" * n}"/>')),
    "foreign extensions": (20_000, lambda n: extended('<z:x xmlns:z="http://zeebe/"/>' * n)),
}
