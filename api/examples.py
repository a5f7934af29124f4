"""An example for every operation: what to send, and what the service then answers. `examples.json` holds them, and tests
send them; `./dev openapi` records the answers anew.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

PATH = {
    "case_id": "1bf41ef6fd6f6f6c",
    "plan_id": "711d7b067f3018b6",
    "job_id": "9e251905a6d98e01",
    "request_id": "8b54089fee8d99a0",
    "key_id": "5110adc459f44b27",
    "forecast_id": "750f013235bbef06",
    "override_id": "2fd955e7ad1c",
    "webhook_id": "20398d138e4d7bb4",
    "draft_id": "b9167f78d8cf8e19",
    "key": "A1",
    "requirement_id": "55026919b0714fac",
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
    if example["answer"] is None:
        return
    answers = operation["responses"][str(example["status"])].setdefault("content", {})
    kind = next(iter(answers), "application/json")
    answers.setdefault(kind, {})["example"] = example["answer"]
