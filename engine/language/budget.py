"""What one evaluation may use: steps, sizes, depth.

Owns the limits and the running account (`Run`). Every node of an expression costs a step and every
64 characters or entries read or made cost one more, so the steps bound time and memory together:
at most 64 x 20,000 characters or entries can be made in one run.
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
"""Of all text in one value, keys included, an alias counted as often as it is met: what is small in
memory may be large where it is written down."""
MAX_SOURCE_BYTES = 20_000
MAX_DEPTH = 100
UNITS_PER_STEP = 64
# Ten years of days: far beyond any deadline, near enough that counting stays cheap.
MAX_DAYS = 3_660

Function = Callable[..., object]


class Run:
    """One evaluation: the names it sees, the functions it may call, the steps it has left.

    `slots` holds the variables of comprehensions, numbered by the compiler. `changing` is the
    mapping a script assigns to; an expression has none.
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
        """Takes steps from the account. Raises LanguageError when it is empty."""
        self.fuel -= steps
        if self.fuel < 0:
            raise LanguageError(
                say("This takes too many steps."),
                say("Check loops that do not end, and work on less data at a time."),
            )

    def spend_size(self, units: int) -> None:
        """Pays for `units` characters or entries that are read or made at once."""
        self.spend(units // UNITS_PER_STEP)
