import pytest

from api.problems import CODES

PROBLEM = "application/problem+json"


def assert_problem(answer, status, code):
    assert answer.status_code == status
    assert answer.headers["content-type"] == PROBLEM
    body = answer.json()
    assert (body["status"], body["code"], body["type"]) == (status, code, f"/v1/problems#{code}")
    assert body["title"]
    assert body["detail"]
    return body


@pytest.mark.parametrize(
    "address",
    ["/nowhere", "/v1/cases/x", "/v1/jobs/x", "/v1/jobs/x/events", "/v1/plans/x", "/plans/x", "/static/none.js"]
    + [f"/v1/plans/x/{part}" for part in ("roster", "purchases", "coverage", "costs", "violations", "certificate")]
    + ["/v1/plans/x/figures", "/v1/plans/x/figures/coverage", "/v1/plans/x/report"],
)
def test_what_is_not_there(client, address):
    assert_problem(client.get(address), 404, "not-found")


def test_method_that_is_not_answered(client):
    answer = client.put("/v1/cases")
    assert_problem(answer, 405, "method-not-allowed")
    assert "POST" in answer.headers["allow"] or "GET" in answer.headers["allow"]


def test_body_that_is_no_json(client):
    answer = client.post("/v1/plans", content=b'{"case_id": ', headers={"content-type": "application/json"})
    assert_problem(answer, 400, "json-invalid")


def test_every_fault_of_a_body_has_its_pointer(client):
    body = {"case_id": 3, "time_limit_seconds": -1, "wörkers": 2}
    answer = assert_problem(client.post("/v1/plans", json=body), 422, "request-invalid")
    assert {fault["pointer"] for fault in answer["errors"]} == {"/case_id", "/time_limit_seconds", "/wörkers"}
    assert all(fault["code"] and fault["reason"] for fault in answer["errors"])


def test_fault_of_a_parameter_is_named(client):
    answer = assert_problem(client.get("/v1/plans?limit=0"), 422, "request-invalid")
    assert answer["errors"][0]["parameter"] == "limit"
    assert "pointer" not in answer["errors"][0]


def test_failure_inside_is_logged_and_not_told(client, app, caplog):
    app.state.services.store.read = None
    assert_problem(client.get("/health"), 500, "internal")
    assert "GET /health failed" in caplog.text


def test_a_body_that_announces_too_much_is_refused(client):
    answer = client.post("/v1/cases", content=b"x" * 1_000_001, headers={"content-type": "application/zip"})
    assert "1 MB" in assert_problem(answer, 413, "too-large")["detail"]


@pytest.mark.parametrize("address", ["/v1/cases", "/v1/plans"])
def test_a_body_that_grows_too_large_is_refused(client, address):
    kind = "application/zip" if address == "/v1/cases" else "application/json"
    chunks = (b" " * 100_000 for _ in range(11))
    assert_problem(client.post(address, content=chunks, headers={"content-type": kind}), 413, "too-large")


def test_every_code_is_explained(client):
    assert {entry["code"] for entry in client.get("/v1/problems").json()} == CODES.keys()


def test_openapi_describes_every_error_as_a_problem(client):
    document = client.get("/v1/openapi.json").json()
    assert "HTTPValidationError" not in document["components"]["schemas"]
    for path, operations in document["paths"].items():
        for operation in operations.values():
            assert operation["description"], path
            for status, answer in operation["responses"].items():
                if int(status) >= 400:
                    assert list(answer["content"]) == [PROBLEM], (path, status)
    assert "400" in document["paths"]["/v1/plans"]["post"]["responses"]


def test_references_of_the_description_resolve(client):
    document = client.get("/v1/openapi.json").json()

    def references(node):
        if isinstance(node, dict):
            yield from ([node["$ref"]] if "$ref" in node else [])
            for child in node.values():
                yield from references(child)
        elif isinstance(node, list):
            for child in node:
                yield from references(child)

    for reference in references(document):
        assert reference.rpartition("/")[2] in document["components"]["schemas"]
