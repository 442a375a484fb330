"""Decisions of process owners: read from DMN, evaluated by rules in S-FEEL, mapped to results."""

from engine.decisions.decision import Decision, Match
from engine.decisions.dmn.file import read_decisions
from engine.decisions.ladder import is_ladder, ladder_problems, rung_of
from engine.decisions.overlaps import overlap_problems
from engine.decisions.table import DecisionTable, map_result

__all__ = [
    "Decision",
    "DecisionTable",
    "Match",
    "is_ladder",
    "ladder_problems",
    "map_result",
    "overlap_problems",
    "read_decisions",
    "rung_of",
]
