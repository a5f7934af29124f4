"""Whatever is sent to any operation, the answer is one that the OpenAPI document describes, and never a failure of the
service: schemathesis makes up the requests, fitting and unfitting ones, and judges the answers.
"""

from __future__ import annotations

import os
from collections import Counter

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api import examples

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


EXAMPLES = int(os.environ.get("WFM_FUZZ", "4"))
"""Requests of each kind to each operation: few here, many with WFM_FUZZ=200, which also makes up others each time."""
SLOW = {"POST /v1/plans/{plan_id}/simulation", "GET /v1/plans/{plan_id}/simulation/figure"}
"""They simulate for seconds, and are asked a few times only."""


def test_no_answer_is_a_failure_or_undocumented(app, client, world):
    header = {"Authorization": f"Bearer {world['secret']}"}
    statuses: Counter = Counter()
    wrong = []
    schema = schemathesis.openapi.from_asgi("/v1/openapi.json", started(app), headers=header)
    for result in schema.get_all_operations():
        operation = result.ok()
        can_be_wrong = bool(operation.query or operation.body)  # any text is an id
        for mode in [GenerationMode.POSITIVE, *[GenerationMode.NEGATIVE] * can_be_wrong]:
            try:
                fuzz(operation, mode, header, statuses)
            except (FailureGroup, Failure) as failure:
                told = failure.exceptions if isinstance(failure, FailureGroup) else [failure]
                wrong += [f"{operation.method.upper()} {operation.path}, {mode.value}: {entry!s}" for entry in told]
    by_kind: Counter = Counter()
    for (_, status), count in statuses.items():
        by_kind[status // 100] += count
    print(sum(by_kind.values()), "requests", dict(by_kind))
    assert wrong == [], "\n\n".join(wrong)
    assert by_kind[5] == 0
    assert by_kind[2] > 20
    assert by_kind[4] > 20


def started(app):
    """The application without its lifespan, which `client` began: schemathesis would begin it anew for every request."""

    async def serve(scope, receive, send):
        if scope["type"] != "lifespan":
            await app(scope, receive, send)
            return
        for event in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{event}.complete"})

    return serve


def fuzz(operation, mode, header, statuses):
    """Send made-up requests to one operation and judge each answer."""
    name = f"{operation.method.upper()} {operation.path}"

    @settings(
        max_examples=min(EXAMPLES, 4) if name in SLOW else EXAMPLES,
        deadline=None,
        database=None,
        derandomize="WFM_FUZZ" not in os.environ,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(case=operation.as_strategy(generation_mode=mode), real=st.booleans())
    def send(case, real):
        for parameter in case.path_parameters or {}:
            if real and parameter in examples.PATH:
                case.path_parameters[parameter] = examples.PATH[parameter]
        # Ten seconds, schemathesis' own, are too few for a simulation on a busy machine.
        response = case.call(headers=header, timeout=300)
        statuses[name, response.status_code] += 1
        case.validate_response(response, checks=CHECKS)

    send()
