"""The API guide works as it stands: all its shell blocks in one shell, one after another, against a real service."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from api.client import Client
from data.generate.case import generate_case

ROOT = Path(__file__).parents[2]
WFM = Path(sys.executable).with_name("wfm")


@pytest.fixture
def service(tmp_path):
    """A service with its worker; tells its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(
            [WFM, "serve", "--port", str(port), "--data", tmp_path / "out" / "service"], stdout=log, stderr=log
        )
        address = f"http://127.0.0.1:{port}"
        while server.poll() is None:
            try:
                Client(address).request("GET", "/health")
                break
            except OSError:
                time.sleep(0.1)
        yield address
        server.terminate()
        server.wait()


@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("zip")), reason="the guide asks with curl and zip")
def test_the_guide_works_as_it_stands(service, tmp_path):
    """In a folder where a small case stands in for the sample, and searched for a shorter time."""
    generate_case("S", 1, tmp_path / "data" / "samples" / "rabat")
    guide = (ROOT / "docs" / "api-guide.md").read_text(encoding="utf-8")
    script = "\n".join(re.findall(r"```sh\n(.*?)```", guide, re.DOTALL))
    assert 'time_limit_seconds\\": 30' in script
    script = script.replace('time_limit_seconds\\": 30', 'time_limit_seconds\\": 2').replace("days=200", "days=28")
    path = os.pathsep.join([str(WFM.parent), os.environ["PATH"]])
    done = subprocess.run(
        ["sh", "-eu"], input=script, cwd=tmp_path, env={**os.environ, "PATH": path, "BASE": service},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, (
        done.stderr + done.stdout[-2000:] + (tmp_path / "log").read_text(encoding="utf-8")[-2000:]
    )
    assert '"plan.published"' in done.stdout  # the last question, of the audit log
