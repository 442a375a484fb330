"""The one MetaData of the register; every table module of this package uses it."""

from __future__ import annotations

from sqlalchemy import MetaData

from engine.storage.database.types import NAMING

metadata = MetaData(naming_convention=NAMING)
