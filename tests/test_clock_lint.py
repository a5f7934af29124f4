"""Zones are made in `wfm.clock` alone: every other way to a zone may end at data of the system, which may be stale."""

from __future__ import annotations

import ast
import importlib.resources
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CLOCK = ROOT / "wfm" / "clock.py"
SOURCES = [path for package in ("wfm", "models", "data", "api") for path in sorted((ROOT / package).rglob("*.py"))]
ZONE_KEYS = {
    key
    for key in importlib.resources.files("tzdata").joinpath("zones").read_text(encoding="utf-8").split()
    if "/" in key
}
OTHER_LIBRARIES = {"pytz", "dateutil"}
PANDAS_ZONES = {"tz_localize", "tz_convert"}


def breaches(source: str) -> Iterator[str]:
    """What a module other than the clock must not do, each with its line."""
    tree = ast.parse(source)
    prose = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if id(node) not in prose and (fault := _fault(node)):
            yield f"line {node.lineno}: {fault}"


def _fault(node: ast.AST) -> str | None:
    fault = None
    match node:
        case ast.Constant(value=str(text)) if text in ZONE_KEYS:
            fault = f"zone name {text!r}: take it from the case, or from wfm.clock"
        case ast.Attribute(attr="dst"):
            fault = "dst(): Morocco's was negative for years; use utcoffset()"
        case ast.Import(names=names) if {entry.name.split(".")[0] for entry in names} & {*OTHER_LIBRARIES, "zoneinfo"}:
            fault = "a library of zones: use wfm.clock"
        case ast.ImportFrom(module=str(module)) if module.split(".")[0] in OTHER_LIBRARIES:
            fault = "a library of zones: use wfm.clock"
        case ast.ImportFrom(module="zoneinfo", names=names) if {entry.name for entry in names} != {"ZoneInfo"}:
            fault = "of zoneinfo only the type is for all: use wfm.clock"
        case ast.Call(func=ast.Name(id="ZoneInfo") | ast.Attribute(value=ast.Name(id="ZoneInfo"))):
            fault = "ZoneInfo made: use wfm.clock.zone"
        case ast.Call(func=ast.Attribute(attr=name), args=args, keywords=keywords) if name in PANDAS_ZONES:
            values = [*args[:1], *(keyword.value for keyword in keywords if keyword.arg == "tz")]
            if any(isinstance(value, ast.Constant) and isinstance(value.value, str) for value in values):
                fault = f"{name} with a name: pandas would look the zone up by itself; give a zone of wfm.clock, or UTC"
    return fault


def test_the_sources_are_found():
    assert len(SOURCES) > 100
    assert CLOCK in SOURCES
    assert {"Europe/Paris", "Africa/Casablanca", "Indian/Reunion"} <= ZONE_KEYS


@pytest.mark.parametrize(
    "path", [path for path in SOURCES if path != CLOCK], ids=lambda path: str(path.relative_to(ROOT))
)
def test_no_module_makes_zones_of_its_own(path):
    assert list(breaches(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "planted",
    [
        'HOME = "Africa/Casablanca"',
        'frame["at"].dt.tz_convert(tz="UTC")',
        'pd.to_datetime(wall).tz_localize("UTC")',
        "winter = not at.dst()",
        "import pytz",
        "import zoneinfo",
        "import dateutil.tz as zones",
        "from dateutil.tz import gettz",
        "from pytz import timezone",
        "from zoneinfo import ZoneInfo, reset_tzpath",
        "tz = ZoneInfo(name)",
        "tz = ZoneInfo.no_cache(name)",
        'def zone_of(site):\n    """Its clock."""\n    return {"rabat": "Africa/Casablanca"}[site]',
    ],
)
def test_the_lint_finds_a_planted_breach(planted):
    assert len(list(breaches(planted))) == 1


@pytest.mark.parametrize(
    "sound",
    [
        '"""Rabat is Africa/Casablanca."""',
        "from zoneinfo import ZoneInfo\ndef at(tz: ZoneInfo) -> None: ...",
        "at.astimezone(zone(site.time_zone))",
        'raise ValueError("use a name such as Europe/Paris")',
        "frame.dt.tz_convert(tz).dt.tz_localize(None)",
        'name = "Africa/Nowhere"',
    ],
)
def test_the_lint_lets_sound_code_pass(sound):
    assert list(breaches(sound)) == []
