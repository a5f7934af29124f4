"""The whole way with the real chain: a zip of CSV files in, a checked plan with its tables, figures and report out."""

from fastapi.testclient import TestClient

from api.app import create_app
from api.figures import FIGURES


def test_a_case_becomes_a_plan(tmp_path, small_zip):
    with TestClient(create_app(tmp_path / "data")) as client:
        case_id = client.post("/v1/cases", files={"file": ("case.zip", small_zip)}).json()["id"]
        request = {"case_id": case_id, "time_limit_seconds": 5, "seed": 0, "workers": 1}
        job_id = client.post("/v1/plans", json=request).json()["id"]
        events = client.get(f"/v1/jobs/{job_id}/events").text
        assert "event: end" in events
        job = client.get(f"/v1/jobs/{job_id}").json()
        assert job["state"] == "done", job["problem"]
        address = f"/v1/plans/{job['plan_id']}"
        plan = client.get(address).json()
        assert 0 < plan["bound_cents"] <= plan["cost_cents"]
        assert plan["shifts"] > 0
        assert client.get(f"{address}/violations").json() == []
        assert client.get(f"{address}/roster?format=csv").text.count("\n") == 1 + len(
            client.get(f"{address}/roster").json()
        )
        for name in FIGURES:
            assert client.get(f"{address}/figures/{name}").status_code == 200
        assert client.get(f"{address}/report").status_code == 200
        assert plan["case_name"] in client.get("/").text.replace("&#39;", "'")
