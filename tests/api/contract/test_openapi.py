"""The OpenAPI document: each operation has an example, each example is what the service answers, and the file in docs/ is the
document. After a change, `./dev openapi` writes both anew: look at what it changed.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from api import examples
from api.openapi import describe

ROOT = Path(__file__).parents[3]
DOCUMENT = ROOT / "docs" / "openapi.json"
EXAMPLES = Path(examples.__file__).with_suffix(".json")
MEASURED = {"events_per_second": 500_000.0, "seconds": 1.0}
"""What no two runs measure alike."""
LEARNT = {
    "GET /v1/forecasts/{forecast_id}/accuracy",
    "POST /v1/requirements",
    "GET /v1/requirements/{requirement_id}",
}
"""Figures of real forecasts and of queues, whose last digits no two machines share."""
MOST_ENTRIES, LONGEST_TEXT = 2, 300
NOW = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+(Z|\+00:00)")
SECRET = re.compile(r"wfm_[A-Za-z0-9_-]{43}|whsec_[A-Za-z0-9+/]{43}=")


def shortened(value, *, learnt=False):
    """An answer as an example shows it: lists and texts cut short, secrets, the moment and what is `learnt` replaced."""
    if learnt and isinstance(value, float):
        return 0.1
    if isinstance(value, dict):
        return {
            name: MEASURED[name] if name in MEASURED and isinstance(entry, float) else shortened(entry, learnt=learnt)
            for name, entry in value.items()
        }
    if isinstance(value, list):
        return [shortened(entry, learnt=learnt) for entry in value[:MOST_ENTRIES]]
    if isinstance(value, str):
        plain = SECRET.sub("SECRET-THAT-IS-TOLD-ONCE", NOW.sub("2026-11-23T09:30:00Z", value))
        return plain if len(plain) <= LONGEST_TEXT else plain[:LONGEST_TEXT] + "…"
    return value


def ask(client, world, operation, example, small_zip):
    """Send an example's request, as the partner where only a partner may."""
    method, _, path = operation.partition(" ")
    partners = path.endswith(("/accept", "/counter", "/decline"))
    headers = {"Authorization": f"Bearer {world['partner' if partners else 'secret']}", **example.get("headers", {})}
    sent = {"json": example["body"]} if "body" in example else {}
    if "file" in example:
        sent = {"files": {"file": (example["file"], small_zip)}}
    address = path.format(**(examples.PATH | example.get("path", {})))
    return client.request(method, address, params=example.get("query"), headers=headers, **sent)


def answered(answer, operation):
    if not answer.content:
        return None
    if answer.headers["content-type"] == "application/zip":
        return "(a zip file)"
    is_json = answer.headers["content-type"].endswith("json")
    return shortened(answer.json() if is_json else answer.text, learnt=operation == LEARNT)


@pytest.fixture
def document(app):
    return describe(app)


def test_the_ids_of_the_examples_are_there(world):
    assert {name: world[name] for name in examples.PATH} == examples.PATH


def test_every_example_is_what_the_service_answers(client, app, world, small_zip):
    operations = [f"{method.upper()} {path}" for path, verbs in describe(app)["paths"].items() for method in verbs]
    known = json.loads(EXAMPLES.read_text(encoding="utf-8"))
    found = {}
    for operation in [
        *(name for name in known if name in operations),
        *(name for name in operations if name not in known),
    ]:
        asked = {name: value for name, value in known.get(operation, {}).items() if name not in {"status", "answer"}}
        answer = ask(client, world, operation, asked, small_zip)
        found[operation] = {**asked, "status": answer.status_code, "answer": answered(answer, operation)}
        assert answer.status_code < 300, f"{operation}: {answer.text}"
    if os.environ.get("WFM_RECORD"):
        EXAMPLES.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        examples.load.cache_clear()
        known = found
    assert known.keys() == found.keys()
    wrong = {name: (known[name]["answer"], found[name]["answer"]) for name in found if known[name] != found[name]}
    assert wrong == {}


def test_every_operation_is_described_with_its_example(document):
    bare = []
    for path, verbs in document["paths"].items():
        for method, operation in verbs.items():
            needed = [entry for entry in operation.get("parameters", []) if entry["required"]]
            bodies = operation.get("requestBody", {}).get("content", {}).values()
            success = [answer for status, answer in operation["responses"].items() if status < "300"]
            answers = [body for answer in success for body in answer.get("content", {}).values()]
            wrong = {
                "words": not (operation.get("summary") and operation.get("description")),
                "parameters": any("example" not in entry for entry in needed),
                "body": bool(bodies) and not any("example" in body for body in bodies),
                "answer": "204" not in operation["responses"] and not any("example" in body for body in answers),
            }
            bare += [(method, path, name) for name, is_wrong in wrong.items() if is_wrong]
    assert bare == []


def test_the_file_in_docs_is_the_document(document):
    text = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    if os.environ.get("WFM_RECORD"):
        DOCUMENT.write_text(text, encoding="utf-8")
    assert DOCUMENT.read_text(encoding="utf-8") == text, "run ./dev openapi"
