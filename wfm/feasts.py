"""Feasts that follow the moon, and the dates declared of them, as data (`wfm/rules/packs/<country>-calendar.toml`)."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from importlib.resources.abc import Traversable

from wfm import law
from wfm.document import Document


class Feast(Document):
    """A feast that follows the moon: its name in the library, and the days that private employers grant."""

    key: str
    name: str
    library: str
    days: int


class FeastDate(Document):
    """The declared first day of a feast."""

    feast: str
    day: date
    source: str


class Fasting(Document):
    """A month of fasting: the key of its first day, and the feast on whose eve it ends."""

    key: str
    ends_before: str
    fasting_days: int


class FeastTable(Document):
    """What a country's calendar file holds."""

    country: str
    version: str
    feasts: tuple[Feast, ...]
    fasting: Fasting
    dates: tuple[FeastDate, ...]


def feast_table(country: str) -> FeastTable | None:
    """The movable feasts of a country, None when it has none."""
    return _feast_table(country, law.PACK_FOLDERS)


@cache
def _feast_table(country: str, folders: tuple[Traversable, ...]) -> FeastTable | None:
    file = law.pack_file(f"{country}-calendar.toml", folders)
    return None if file is None else FeastTable.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
