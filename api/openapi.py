"""The OpenAPI description, with errors as they really are: problem details, and 400 for a body that is not JSON."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.access import OPEN
from api.examples import add_examples
from api.problems import CODES, MEDIA_TYPE, ProblemDetails

_PROBLEM = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}}
_FOR_ALL = ("401", "403", "404", "429", "503")
"""Whatever is asked, the caller may be unknown, without a role, without business there, too fast, or not to be checked."""
_REPLACED = ("HTTPValidationError", "ValidationError")


def describe(app: FastAPI) -> dict[str, Any]:
    """The document, made once per application."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title, version=app.version, summary=app.summary, description=app.description, routes=app.routes
        )
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        for name in _REPLACED:
            schemas.pop(name, None)
        own = ProblemDetails.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas.update(own.pop("$defs", {}))
        schemas["ProblemDetails"] = own
        document["components"]["securitySchemes"] = {
            "key": {"type": "http", "scheme": "bearer"}
        }  # a token goes the same way
        document["security"] = [{"key": []}, {}]  # without one while no key was ever made
        for address, path in document["paths"].items():
            for method, operation in path.items():
                if not OPEN.fullmatch(address):
                    operation["responses"].update({status: {} for status in _FOR_ALL})
                if (
                    method == "get"
                    and address.startswith("/v1/")
                    and "text/event-stream" not in str(operation["responses"])
                ):
                    operation["responses"]["304"] = {"description": "As If-None-Match says, it is known already"}
                _mend_errors(operation)
                _order(operation)
                add_examples(f"{method.upper()} {address}", operation)
        app.openapi_schema = document
    return app.openapi_schema


def _order(operation: dict[str, Any]) -> None:
    operation["responses"] = dict(sorted(operation["responses"].items()))


def _mend_errors(operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    if "application/json" in operation.get("requestBody", {}).get("content", {}):
        responses.setdefault("400", {})
        responses.setdefault("413", {})
        responses.setdefault("422", {})
    responses["500"] = {}
    for status, response in responses.items():
        if int(status) >= 400:
            codes = [code for code, (usual, _) in CODES.items() if usual == int(status)]
            response["description"] = f"Problem: {', '.join(codes)}"
            response["content"] = _PROBLEM
