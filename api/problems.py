"""Errors as RFC 9457 problem details: one shape for everything that goes wrong, with a machine code that never changes.

{"type": "/v1/problems#case-invalid", "title": …, "status": 422, "code": "case-invalid", "detail": …,
"errors": [{"reason": …, "mend": …, "pointer": "/history/12/volume", "table": "history", "row": 12, …}]}
"""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from wfm.errors import CaseError, Problem, WfmError

MEDIA_TYPE = "application/problem+json"
_log = logging.getLogger(__name__)

CODES: dict[str, tuple[int, str]] = {
    "json-invalid": (400, "The body is not JSON"),
    "upload-incomplete": (400, "The upload cannot be read"),
    "key-needed": (401, "A valid key is needed"),
    "cross-site": (403, "Another site sent this request"),
    "role-needed": (403, "The token gives no role here"),
    "not-found": (404, "There is no such thing"),
    "method-not-allowed": (405, "This address does not answer to this method"),
    "no-forecast": (409, "The case cannot be forecast"),
    "job-finished": (409, "The job has already ended"),
    "plan-superseded": (409, "A later plan took its place"),
    "not-simulable": (409, "The plan cannot be simulated"),
    "request-state": (409, "The state of the capacity request does not allow this"),
    "not-comparable": (409, "The plans cannot be compared"),
    "secret-told": (409, "The secret was told before"),
    "no-requirement": (409, "The forecast means no requirement"),
    "no-tables": (409, "The tables of the case are not kept"),
    "version-changed": (412, "Somebody changed it meanwhile"),
    "too-large": (413, "The body is too large"),
    "media-type": (415, "The body is of a type that is not read here"),
    "request-invalid": (422, "The request does not fit its description"),
    "upload-invalid": (422, "The file cannot be read as a case"),
    "case-invalid": (422, "The case has faults and was not stored"),
    "assignment-illegal": (422, "The changed plan breaks a rule and was not stored"),
    "key-reused": (422, "The Idempotency-Key belongs to another request"),
    "version-needed": (428, "The version seen must be named"),
    "too-many-requests": (429, "Too many requests"),
    "http": (400, "The request was refused"),
    "internal": (500, "The service failed"),
    "busy": (503, "The service is at work for others"),
    "not-ready": (503, "The service cannot serve now"),
    "identity-unreachable": (503, "The identity provider does not answer"),
    # Of jobs, never of requests:
    "no-plan": (422, "No plan could be made"),
    "plan-rejected": (500, "The plan broke a rule and was not stored"),
    "workers-vanished": (503, "Workers vanished while the job ran"),
}
"""Machine code to (HTTP status, title)."""

_CODE_OF_STATUS = {
    400: "upload-incomplete",
    404: "not-found",
    405: "method-not-allowed",
    413: "too-large",
    415: "media-type",
}


class ProblemItem(BaseModel):
    """One fault. Faults in a case carry table, row, column and value; breaches in a plan carry rule and subject."""

    reason: str = Field(description="What is wrong and why.")
    mend: str | None = Field(None, description="How to mend it.")
    pointer: str | None = Field(
        None,
        description="JSON pointer (RFC 6901) into the body; in a case: /table/row/column, with the row a spreadsheet shows.",
    )
    parameter: str | None = Field(None, description="Name of the query, path or header parameter at fault.")
    code: str | None = Field(None, description="Machine code of the fault: the validator's type or the broken rule.")
    table: str | None = Field(None, description="Table of the case.")
    row: int | None = Field(None, description="Line a spreadsheet shows; the header is 1.")
    column: str | None = Field(None, description="Column of the table.")
    value: str | None = Field(None, description="The value found.")


class ProblemDetails(BaseModel):
    """RFC 9457 problem details."""

    type: str = Field(description="Address that explains the code.")
    title: str = Field(description="The kind of problem in words.")
    status: int = Field(description="HTTP status.")
    code: str = Field(description="Machine code: the kind of problem, stable.")
    detail: str = Field(description="This problem in words: what, where, why and how to mend it.")
    errors: list[ProblemItem] = Field([], description="Every fault found.")


class ProblemError(HTTPException):
    """Raise to answer with a problem of `CODES`."""

    def __init__(
        self,
        code: str,
        detail: str,
        errors: list[ProblemItem] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        self.problem = problem(code, detail, errors)
        super().__init__(status_code=self.problem.status, detail=detail, headers=headers)


def problem(
    code: str, detail: str, errors: list[ProblemItem] | None = None, status: int | None = None
) -> ProblemDetails:
    usual_status, title = CODES[code]
    return ProblemDetails(
        type=f"/v1/problems#{code}",
        title=title,
        status=status or usual_status,
        code=code,
        detail=detail,
        errors=errors or [],
    )


def not_found(kind: str, known_id: str) -> ProblemError:
    return ProblemError("not-found", f"There is no {kind} {known_id!r}. GET /v1/{kind}s lists those there are.")


def case_problem(error: CaseError) -> ProblemDetails:
    count = len(error.problems)
    detail = f"{count} {'fault' if count == 1 else 'faults'} in the case; nothing was stored. Mend every one and send it again."
    return problem("case-invalid", detail, [_case_item(fault) for fault in error.problems])


def response(details: ProblemDetails, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse(
        details.model_dump(exclude_none=True), status_code=details.status, media_type=MEDIA_TYPE, headers=headers
    )


def install_problems(app: FastAPI) -> None:
    """Answer every error of the application as a problem."""

    @app.exception_handler(HTTPException)
    async def on_http(request: Request, error: HTTPException) -> Response:
        headers = dict(error.headers) if error.headers else None
        if isinstance(error, ProblemError):
            return response(error.problem, headers)
        code = _CODE_OF_STATUS.get(error.status_code, "http")
        return response(problem(code, _say(request, error), status=error.status_code), headers)

    @app.exception_handler(RequestValidationError)
    async def on_validation(_request: Request, error: RequestValidationError) -> Response:
        faults = error.errors()
        if any(fault["type"] == "json_invalid" for fault in faults):
            where = faults[0]
            return response(
                problem("json-invalid", f"At character {where['loc'][-1]}: {where['ctx']['error']}. Send valid JSON.")
            )
        items = [_request_item(fault) for fault in faults]
        return response(problem("request-invalid", "; ".join(item.reason for item in items), items))

    @app.exception_handler(CaseError)
    async def on_case(_request: Request, error: CaseError) -> Response:
        return response(case_problem(error))

    @app.exception_handler(Exception)
    async def on_failure(request: Request, error: Exception) -> Response:
        # Answered outside of all middleware, so the request's id is told here.
        request_id = request.scope.get("state", {}).get("request_id", "")
        _log.error("%s %s failed", request.method, request.url.path, exc_info=error, extra={"request": request_id})
        detail = str(error) if isinstance(error, WfmError) else "The log of the service tells more."
        return response(problem("internal", detail), {"X-Request-ID": request_id})


def _say(request: Request, error: HTTPException) -> str:
    if error.status_code == HTTPStatus.NOT_FOUND:
        return f"Nothing is at {request.url.path}. /docs lists every address."
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        return f"{request.url.path} does not answer to {request.method}. /docs lists what it answers to."
    return str(error.detail)


def _case_item(fault: Problem) -> ProblemItem:
    steps = [str(step) for step in (fault.table, fault.row, fault.column) if step is not None]
    return ProblemItem(pointer=pointer_of(steps), **fault.to_dict())


def _request_item(fault: dict[str, Any]) -> ProblemItem:
    place, *path = (str(step) for step in fault["loc"])
    name = ".".join(path) or place
    item = ProblemItem(reason=f"{name}: {fault['msg']}", code=fault["type"], value=_short(fault.get("input")))
    if place == "body":
        item.pointer = pointer_of(path)
    else:
        item.parameter = name
    return item


def _short(value: object) -> str | None:
    return None if value is None or isinstance(value, dict | list) else str(value)[:200]


def pointer_of(steps: list[str]) -> str:
    """A JSON pointer (RFC 6901)."""
    return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)
