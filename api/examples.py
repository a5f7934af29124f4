"""An example for every operation: what to send, and what the service then answers. `examples.json` holds them, and tests
send them; `./dev openapi` records the answers anew.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

PATH = {
    "case_id": "f6fc42039fba3776",
    "plan_id": "9e251905a6d98e01",
    "job_id": "1bf41ef6fd6f6f6c",
    "request_id": "711d7b067f3018b6",
    "key_id": "a93b64973cfc8897",
    "name": "coverage",
}
"""What stands in the place of ids in addresses, where an example does not say otherwise."""


@cache
def load() -> dict[str, dict[str, Any]]:
    """Operation, such as "GET /v1/plans", to its example: `path`, `query`, `headers`, `body` or `file` sent; `status` and
    `answer`, cut short, received.
    """
    examples: dict[str, dict[str, Any]] = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    return examples


def add_examples(name: str, operation: dict[str, Any]) -> None:
    """Put its example into the description of an operation; one without an example stays as it is."""
    example = load().get(name)
    if example is None or "status" not in example:
        return  # not recorded yet
    places = {"path": PATH | example.get("path", {}), "query": example.get("query", {})}
    places["header"] = {header.lower(): value for header, value in example.get("headers", {}).items()}
    for parameter in operation.get("parameters", []):
        given = places.get(parameter["in"], {})
        wanted = parameter["name"].lower() if parameter["in"] == "header" else parameter["name"]
        if wanted in given:
            parameter["example"] = given[wanted]
    bodies = operation.get("requestBody", {}).get("content", {})
    if "body" in example:
        bodies["application/json"]["example"] = example["body"]
    if "file" in example:
        bodies["multipart/form-data"]["example"] = {"file": example["file"]}
    answers = operation["responses"][str(example["status"])].setdefault("content", {})
    kind = next(iter(answers), "application/json")
    answers.setdefault(kind, {})["example"] = example["answer"]
