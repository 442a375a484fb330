"""The letters under which the stored form keeps what a token carries, each with its name.

A case has them many times, so they are short. They are part of the form that `codec` writes, so
none is ever given another meaning. Only `codec`, `folding` (of the former form) and this table
spell a letter.
"""

from __future__ import annotations

from typing import Final


class OfToken:
    """What a token carries."""

    TASK: Final = "h"
    """Of a human task: `OfTask`."""
    TIMER: Final = "t"
    """`OfTimer`."""
    REPEATED: Final = "i"
    """Of an activity that is repeated: `OfLoop`."""
    MESSAGE: Final = "m"
    """What it listens for: the name of the message, the key, the order of its arrival."""
    EXTERNAL: Final = "x"
    """Waits for a worker; a list with the priority where that is no constant."""
    FLOW: Final = "f"
    """The flow by which it came to a gateway."""
    ARRIVED: Final = "o"
    """Its place in the order of arrival at a gateway."""
    ARMED: Final = "q"
    """Its place in the order in which events were armed."""
    CODE: Final = "c"
    """The code that an event catches, where it is computed."""
    COPY: Final = "c"
    """Of a call of the former form: the variables it had begun with."""
    VERSION: Final = "p"
    """The version a call began with."""
    BUSINESS_KEY: Final = "y"
    """The business key a call gave."""
    BEGAN_WITH: Final = "b"
    """Variables that an event sub-process began with."""
    COMPENSATED: Final = "u"
    """The token that has thrown its compensation."""
    ITEM: Final = "v"
    """The entry of the list that a run is for."""


class OfTask:
    """The record of a human task."""

    ROW: Final = "r"
    CREATED: Final = "c"
    ROUND: Final = "n"
    DUE: Final = "d"
    MOVED: Final = "x"
    """A person has set the deadline."""
    FOLLOW_UP: Final = "f"
    PRIORITY: Final = "p"
    ASSIGNEE: Final = "a"
    USERS: Final = "u"
    GROUPS: Final = "g"
    NAME: Final = "t"


class OfTimer:
    """The record of a timer that waits."""

    DUE: Final = "d"
    """None: it sleeps."""
    ARMED: Final = "a"
    NUMBER: Final = "k"
    """Of the next occurrence."""
    CYCLE: Final = "o"
    """The text of a cycle."""


class OfLoop:
    """The record of an activity that is repeated."""

    BEGUN: Final = "k"
    DONE: Final = "d"
    REST: Final = "r"
    """Entries for which no run has begun."""
    RESULTS: Final = "w"
