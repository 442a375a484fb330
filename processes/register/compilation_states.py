"""States of an ordered compilation, and the moves between them.

Owns both, as `processes.register.states` does for cases. Must not know how a state is stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from engine.sentences.sentence import say
from processes.register.states import Marked


class OrderState(Marked):
    """The state of an order. refused: whoever ordered it had lost the right when it was to be made;
    empty: nothing fitted any more."""

    WAITING = "waiting", "waiting", say("Waiting")
    MAKING = "making", "active", say("Being made")
    READY = "ready", "done", say("Ready")
    REFUSED = "refused", "late", say("The right was gone")
    EMPTY = "empty", "neutral", say("Nothing fits any more")
    EXPIRED = "expired", "neutral", say("No longer kept")


ORDER_MOVES: Final[Mapping[OrderState, tuple[OrderState, ...]]] = {
    # A worker that was killed while making leaves the state: the next one begins again.
    OrderState.MAKING: (OrderState.WAITING, OrderState.MAKING),
    OrderState.READY: (OrderState.MAKING,),
    OrderState.REFUSED: (OrderState.WAITING, OrderState.MAKING),
    OrderState.EMPTY: (OrderState.MAKING,),
    OrderState.EXPIRED: (OrderState.READY,),
}
"""State -> the states from which an order comes to it."""
UNDER_WAY: Final = (OrderState.WAITING, OrderState.MAKING)
