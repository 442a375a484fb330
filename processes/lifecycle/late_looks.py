"""When late tasks are looked at each day, and how long that may take."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Final

from engine.time.looks import Looks

LOOKS: Final = Looks(time(7, 30), timedelta(minutes=90), "normal")
"""From 07.30 to 09.00, before people begin; of priority "normal"."""
