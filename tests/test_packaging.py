"""What is promised about set-up and packaging: locks, names, ignore patterns, the scripts."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
OURS = {"wfm", "models", "data", "api"}
LOCKS = ["main", "dev", "tools"]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def lock_text(name: str) -> str:
    return (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8")


def pins(name: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", lock_text(name), re.MULTILINE))


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_address(name):
    assert "://" not in lock_text(name)


@pytest.mark.parametrize("name", LOCKS)
def test_everything_locked_has_a_version_and_hashes(name):
    blocks = re.split(r"^(?=[^\s#])", lock_text(name), flags=re.MULTILINE)[1:]

    assert blocks
    for block in blocks:
        assert re.match(r"[a-z0-9.-]+==", block)
        assert "--hash=sha256:" in block


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("main", PROJECT["project"]["dependencies"]),
        ("dev", PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"]),
        ("tools", PROJECT["dependency-groups"]["tools"]),
    ],
)
def test_a_lock_fits_the_project(name, wanted):
    locked = pins(name)

    for text in wanted:
        requirement = Requirement(text)
        assert requirement.specifier.contains(locked[requirement.name]), f"{text}: run ./dev lock"


def test_what_is_tested_is_what_runs():
    assert pins("main").items() <= pins("dev").items()


def test_no_other_distribution_provides_our_names():
    providers = packages_distributions()

    assert {name: set(providers[name]) for name in OURS} == {name: {"wfm-planner"} for name in OURS}


def test_ignore_patterns_cannot_swallow_a_package():
    patterns = (ROOT / ".gitignore").read_text(encoding="utf-8").split()

    assert not [pattern for pattern in patterns if pattern.strip("/") in OURS]


def test_the_project_can_never_be_uploaded():
    assert "Private :: Do Not Upload" in PROJECT["project"]["classifiers"]


def test_the_changelog_knows_this_version():
    assert f"## [{version('wfm-planner')}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("script", ["dev", ".ci/run"])
def test_a_script_can_be_run(script):
    assert (ROOT / script).stat().st_mode & 0o111
    subprocess.run(["bash", "-n", script], cwd=ROOT, check=True)


def test_dev_says_what_it_can_do():
    done = subprocess.run(["./dev", "nonsense"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert "./dev demo" in done.stderr


def test_the_command_starts_without_slow_libraries():
    """Each of these takes longer to import than `wfm --help` may take in all."""
    slow = {"numpy", "pandas", "pydantic", "ortools", "prophet", "fastapi", "plotly", "numba", "rich"}
    code = f"import sys, api.cli; print(sorted({slow!r} & set(sys.modules)))"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
