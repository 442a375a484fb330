"""How far a recommendation is by its own rule: the figures, and the sentence that says them.

Owns the one count behind the decision table `rollup`, the pages and the documents. Pure. An
institution that was taken out counts neither as done nor as one that could be; where no lead is
left, all institutions decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.sentences.sentence import Sentence, say
from processes.register.groups import OUTSTANDING, TAKEN_OUT, Group
from processes.register.vocabulary import OwingRole, RollupRule


@dataclass(frozen=True, slots=True)
class Part:
    """One institution that answers for the recommendation."""

    institution: str
    role: OwingRole
    group: Group

    @property
    def is_open(self) -> bool:
        """Whether somebody still works on it."""
        return self.group in OUTSTANDING


@dataclass(frozen=True, slots=True)
class Rollup:
    """The figures of a rule. `percent`: the share that `rule` asks for; `parts`: those that are
    asked still."""

    rule: RollupRule
    percent: int
    parts: Sequence[Part]

    @property
    def leads(self) -> Sequence[Part]:
        """Those that decide under the rule `lead`."""
        return [one for one in self.parts if one.role == "lead"] or self.parts

    @property
    def open(self) -> int:
        """How many are open."""
        return _open(self.parts)

    @property
    def closed_percent(self) -> int:
        """The share that is not open any more, in whole per cent."""
        return 100 * (len(self.parts) - self.open) // max(1, len(self.parts))

    @property
    def lead_closed(self) -> bool:
        """Whether no lead is open."""
        return not _open(self.leads)

    @property
    def sentence(self) -> Sentence:
        """The rule in words, with its figures."""
        if not self.parts:
            return say("No institution is asked any more")
        if self.rule == "lead" and self.leads is not self.parts:
            return self._of_leads()
        figures = {"open": self.open, "all": len(self.parts)}
        if self.rule == "percent":
            return say(
                "{percent}% decides: {share}% not open any more; {open} of {all} open",
                percent=self.percent, share=self.closed_percent, **figures,
            )  # fmt: skip
        return say("All decide: {open} of {all} open", **figures)

    def _of_leads(self) -> Sentence:
        told = _listed([_position(one) for one in self.leads])
        others = [one for one in self.parts if one.role != "lead"]
        if not others:
            return say("Lead decides: {leads}", leads=told)
        return say(
            "Lead decides: {leads}; {open} of {all} supporting open",
            leads=told, open=_open(others), all=len(others),
        )  # fmt: skip


def rollup(rule: RollupRule, percent: int | None, parts: Iterable[Part]) -> Rollup:
    """How far a recommendation is, from the positions of all its institutions."""
    return Rollup(rule, percent or 100, [one for one in parts if one.group not in TAKEN_OUT])


def _open(parts: Sequence[Part]) -> int:
    return sum(one.is_open for one in parts)


def _position(one: Part) -> Sentence:
    return say("{institution}: {state}", institution=one.institution, state=one.group.sentence)


def _listed(words: Sequence[Sentence]) -> Sentence:
    whole = words[0]
    for one in words[1:]:
        whole = say("{before}, {next}", before=whole, next=one)
    return whole
