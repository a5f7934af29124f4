"""On a tz database older than Morocco's change of 2026-09-20 nothing runs, and the message says why and what to do."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

EXPLANATION = (
    "The tz database 2026.2 is older than Morocco's change of 2026-09-20: every roster would be one hour late. "
    "Install tzdata 2026.3 or newer."
)


@pytest.fixture(scope="module")
def stale(tmp_path_factory) -> Path:
    """A folder that holds an older `tzdata`, to go before the real one: Morocco stays at UTC+1, as its law was."""
    folder = tmp_path_factory.mktemp("stale")
    africa = folder / "tzdata" / "zoneinfo" / "Africa"
    africa.mkdir(parents=True)
    for package in (africa, *africa.parents[:2]):
        (package / "__init__.py").touch()
    one_hour_ahead = files("tzdata").joinpath("zoneinfo", "Etc", "GMT-1").read_bytes()
    (africa / "Casablanca").write_bytes(one_hour_ahead)
    metadata = folder / "tzdata-2026.2.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: tzdata\nVersion: 2026.2\n", encoding="utf-8")
    return folder


def run(stale: Path, program: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(stale)}
    return subprocess.run(
        [sys.executable, "-c", program], env=environment, cwd=stale, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    "command",
    [
        ["serve", "--data", "service"],
        ["plan", "case", "--out", "plan"],
        ["forecast", "case"],
        ["legal-window", "--market", "FR", "--date", "2026-11-23", "--site", "rabat"],
    ],
    ids=lambda command: command[0],
)
def test_commands_stop_before_they_do_anything(stale, command):
    ended = run(stale, f"from api.cli import main; main({command!r})")

    assert (ended.returncode, ended.stdout, ended.stderr) == (1, "", f"wfm: {EXPLANATION}\n")
    assert not (stale / "service").exists()


def test_the_service_is_not_even_made(stale):
    ended = run(stale, "from pathlib import Path; from api.app import create_app; create_app(Path('service'))")

    assert ended.returncode != 0
    assert ended.stderr.endswith(f"StaleTimeZoneDataError: {EXPLANATION}\n")
    assert not (stale / "service").exists()
