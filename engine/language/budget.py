"""The limits of one evaluation: steps, sizes, depth.

Owns the limits and the running account (`Run`). Every node of an expression costs a step. Every 64
characters or entries read or made cost one more. So the steps bound time and memory together: one
run can make at most 64 x 20,000 characters or entries.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping

from engine.language.errors import LanguageError
from engine.sentences.sentence import say

FUEL_STEPS = 20_000
INTEGER_LIMIT = 10**18
MAX_TEXT_CHARACTERS = 100_000
MAX_ITEMS = 10_000
MAX_NODES = 50_000
MAX_CHARACTERS = 2_000_000
"""Characters of all text in one value, keys included. An alias counts as often as it occurs: a
value that is small in memory may be large in its written form."""
MAX_SOURCE_BYTES = 20_000
MAX_DEPTH = 100
UNITS_PER_STEP = 64
# Ten years of days: far beyond any deadline, and few enough for cheap counting.
MAX_DAYS = 3_660

Function = Callable[..., object]


class Run:
    """One evaluation: the names it reads, the functions it may call, the steps it has left.

    `slots` holds the variables of comprehensions, numbered by the compiler. `changing` is the
    mapping that a script assigns to; an expression has none.
    """

    __slots__ = ("changing", "fuel", "functions", "names", "slots")

    def __init__(
        self,
        names: Mapping[str, object],
        functions: Mapping[str, Function],
        changing: MutableMapping[str, object] | None = None,
        fuel: int = FUEL_STEPS,
    ) -> None:
        self.names = names
        self.functions = functions
        self.changing: MutableMapping[str, object] = {} if changing is None else changing
        self.fuel = fuel
        self.slots: dict[int, object] = {}

    def spend(self, steps: int) -> None:
        """Take steps from the account. Raises LanguageError if it is empty."""
        self.fuel -= steps
        if self.fuel < 0:
            raise LanguageError(
                say("This takes too many steps."),
                say("Check loops that do not end, and work on less data at a time."),
            )

    def spend_size(self, units: int) -> None:
        """Pay for `units` characters or entries that are read or made at once."""
        self.spend(units // UNITS_PER_STEP)
