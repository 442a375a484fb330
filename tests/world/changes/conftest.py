"""The office of the pages, in which a change is played."""

from __future__ import annotations

from tests.web.conftest import office as office
from tests.web.conftest import played as played
