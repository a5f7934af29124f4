"""Country packs: dated, sourced rules as data (`wfm/rules/packs/*.toml`), so that a changed law is a new row, not new code."""

from __future__ import annotations

import importlib.resources
import tomllib
from datetime import date
from functools import cache
from importlib.resources.abc import Traversable
from typing import Any

from wfm.document import Document
from wfm.errors import WfmError

PACK_FOLDERS: tuple[Traversable, ...] = (importlib.resources.files("wfm").joinpath("rules", "packs"),)
"""Where packs are looked for, in order: a country's pack is the first file `<country>.toml`."""


class LawRule(Document):
    """One rule of a country pack, in force from `valid_from` to `valid_to` (inclusive; None: open)."""

    code: str
    title: str
    parameters: dict[str, Any]
    valid_from: date
    valid_to: date | None = None
    hard: bool
    source: str
    verified: bool

    def is_in_force(self, on: date) -> bool:
        """Whether the rule holds on a day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


class City(Document):
    """Where a city lies, degrees north and east."""

    latitude: float
    longitude: float


class CountryPack(Document):
    """All rules of one country; `version` is recorded in plans, `time_zone` is the clock of most of it."""

    country: str
    version: str
    time_zone: str
    cities: dict[str, City]
    rules: tuple[LawRule, ...]

    def in_force(self, on: date) -> list[LawRule]:
        """All rules in force on a day, in the order of the file."""
        return [rule for rule in self.rules if rule.is_in_force(on)]

    def rule(self, code: str, on: date) -> LawRule | None:
        """The rule in force on a day, None where there is none."""
        return next((rule for rule in self.rules if rule.code == code and rule.is_in_force(on)), None)

    def require(self, code: str, on: date) -> LawRule:
        """The rule in force on a day; raises WfmError where the pack has none."""
        rule = self.rule(code, on)
        if rule is None:
            raise WfmError(f"Country pack {self.country} {self.version} has no rule {code} in force on {on}.")
        return rule


def country_pack(country: str) -> CountryPack | None:
    """The pack of an ISO 3166 alpha-2 country, None when no folder has one."""
    return _country_pack(country, PACK_FOLDERS)


@cache
def _country_pack(country: str, folders: tuple[Traversable, ...]) -> CountryPack | None:
    file = pack_file(f"{country}.toml", folders)
    return None if file is None else CountryPack.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))


def pack_file(name: str, folders: tuple[Traversable, ...]) -> Traversable | None:
    """The first file of that name in the folders, None when there is none."""
    return next((file for folder in folders if (file := folder.joinpath(name)).is_file()), None)


def pack_countries() -> tuple[str, ...]:
    """Countries that there is a pack for, in order."""
    files = (file for folder in PACK_FOLDERS for file in folder.iterdir())
    names = {file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml")}
    return tuple(sorted(name for name in names if "-" not in name))  # XX-calendar.toml holds dates, not rules


def labour_pack(country: str) -> CountryPack:
    """The pack whose labour rules bind a site's country; raises WfmError when there is none."""
    pack = country_pack(country)
    if pack is None or not any(rule.code.endswith("DAY-MAX") for rule in pack.rules):
        raise WfmError(f"No labour rules for country {country!r}: add wfm/rules/packs/{country}.toml.")
    return pack
