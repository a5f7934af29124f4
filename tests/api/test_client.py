"""The client in one file: its types are those of the OpenAPI document, and the tutorial that uses it works as it stands."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import get_type_hints

import pytest

from api import client as client_file
from api.client import ApiError, Client
from api.openapi import describe

PYTHON = {
    "string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None", "array": "list",
    "object": "dict",
}  # fmt: skip
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "name",
    [
        "CaseSize", "CaseAccepted", "Draft", "Job", "Changed", "PlanBrief", "PlanEntry", "RosterRow", "OfferedShift",
        "RequestRow", "CapacityRequestEntry", "CapacityRequestView", "AuditEntry",
    ],
)  # fmt: skip
def test_its_types_are_those_of_the_document(app, name):
    schema = describe(app)["components"]["schemas"][name]["properties"]

    def said(part):
        if "$ref" in part:
            target = describe(app)["components"]["schemas"][part["$ref"].rpartition("/")[2]]
            return {"str"} if "enum" in target else {"dict"}
        found = set()
        for entry in part.get("anyOf", [part]):
            found |= {PYTHON[entry["type"]]} if "type" in entry else said(entry)
        return found

    def typed(hint):
        found = set(re.findall(r"\b(str|int|float|bool|None|dict|list)\b(?!\.)", str(hint).replace("NoneType", "None")))
        if "list" in found:
            return {"list"}
        if "api.client." in str(hint):
            return found | {"dict"}
        return found & {"dict", "None"} if "dict" in found else found or {"dict"}

    hints = get_type_hints(getattr(client_file, name))
    assert {field: typed(hint) for field, hint in hints.items()} == {
        field: said(part) for field, part in schema.items()
    }


def test_it_needs_nothing_but_python():
    text = Path(client_file.__file__).read_text(encoding="utf-8")
    modules = re.findall(r"^(?:from|import) ([a-z_]+)", text, re.MULTILINE)
    assert set(modules) <= sys.stdlib_module_names


@pytest.mark.parametrize("address", ["", "file:///etc/passwd", "127.0.0.1:8000", "ftp://x", "http://"])
def test_an_address_is_one_of_a_service(address):
    with pytest.raises(ValueError, match="is no address of a service"):
        Client(address)


def test_the_tutorial_works_as_it_stands(live_service, tmp_path):
    text = (ROOT / "docs" / "tutorial-api.md").read_text(encoding="utf-8")
    shell = [block for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) if "wfm serve" not in block]
    script = "\n".join(shell).replace("tutorial-service", "out/service")
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    made = subprocess.run(
        ["sh", "-eu"], input=script, cwd=tmp_path, env={**os.environ, "PATH": path}, text=True,
        capture_output=True, check=True,
    )  # fmt: skip
    keys = re.findall(r"^wfm_\S+$", made.stdout, re.MULTILINE)
    names = ("WFM_PLANNER_KEY", "WFM_PARTNER_KEY", "WFM_COMPLIANCE_KEY")
    cells = "\n".join(re.findall(r"```python\n(.*?)```", text, re.DOTALL))
    settings = dict(zip(names, keys, strict=True)) | {"WFM_ADDRESS": live_service}
    done = subprocess.run(
        [sys.executable, "-c", cells], cwd=tmp_path, env={**os.environ, **settings}, text=True, capture_output=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr + (tmp_path / "log").read_text()
    assert "plan.published" in done.stdout
    assert not [key for key in keys if key in (tmp_path / "log").read_text()]
    with pytest.raises(ApiError) as refused:
        Client(live_service, key="wfm_unknown").plan("x")
    assert (refused.value.status, refused.value.code) == (401, "key-needed")
    assert refused.value.request_id
