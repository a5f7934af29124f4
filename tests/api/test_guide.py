"""The API guide works as it stands: all its shell blocks in one shell, one after another, against a real service."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from data.generate.case import generate_case

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(
    not (shutil.which("curl") and shutil.which("zip")), reason="the guide asks with them; CI installs them"
)
def test_the_guide_works_as_it_stands(live_service, tmp_path):
    """In a folder where a small case stands in for the sample, and searched for a shorter time."""
    generate_case("S", 1, tmp_path / "data" / "samples" / "rabat")
    guide = (ROOT / "docs" / "api-guide.md").read_text(encoding="utf-8")
    script = "\n".join(re.findall(r"```sh\n(.*?)```", guide, re.DOTALL))
    assert 'time_limit_seconds\\": 30' in script
    script = script.replace('time_limit_seconds\\": 30', 'time_limit_seconds\\": 2').replace("days=200", "days=28")
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["sh", "-eu"], input=script, cwd=tmp_path, env={**os.environ, "PATH": path, "BASE": live_service},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, (
        done.stderr + done.stdout[-2000:] + (tmp_path / "log").read_text(encoding="utf-8")[-2000:]
    )
    assert '"plan.published"' in done.stdout  # the last question, of the audit log
