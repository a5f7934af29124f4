"""What the documents promise: their links lead somewhere, the commands they name exist, and the tutorial works as it stands."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from fastapi.testclient import TestClient

from api.app import create_app
from api.cli.app import app

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def page_name(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_links_lead_somewhere(page):
    targets = re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
    local = [target for target in targets if "://" not in target and not target.startswith("mailto:")]

    assert [target for target in local if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_commands_named_exist(page):
    commands = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    text = page.read_text(encoding="utf-8")
    code = [*re.findall(r"```\w*\n(.*?)```", text, re.DOTALL), *re.findall(r"`([^`\n]+)`", text)]

    named = {name for piece in code for name in re.findall(r"(?:^|\s)wfm ([a-z][a-z-]+)", piece)}

    assert named <= commands


def test_what_the_guide_asks_of_the_law_is_answered(tmp_path):
    guide = (ROOT / "docs" / "api-guide.md").read_text(encoding="utf-8")
    asked = re.findall(r'"\$BASE(/v1/law/[^"]+)"', guide)
    with TestClient(create_app(tmp_path / "data")) as client:
        answers = {address: client.get(address) for address in asked}

    assert {address.partition("?")[0] for address in asked} == {
        f"/v1/law/{name}" for name in ("rules", "legal-window", "next-attempt", "holidays")
    }
    assert {address: answer.status_code for address, answer in answers.items() if answer.status_code != 200} == {}
    shown = json.loads(re.findall(r"```json\n(\{\"start\".*?)```", guide, re.DOTALL)[0])
    assert answers["/v1/law/legal-window?market=FR&date=2026-11-23&site=rabat"].json()["spans"][0] == shown


def test_the_tutorial_works_as_it_stands(tmp_path):
    """All its sh blocks in one shell, one after another, in an empty folder."""
    text = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
    script = "\n".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL))
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])

    done = subprocess.run(
        ["sh", "-eu"],
        input=script,
        cwd=tmp_path,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "my-plan" / "report.html").stat().st_size > 1_000_000  # it carries the figures' library
