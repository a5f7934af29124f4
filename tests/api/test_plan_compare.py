"""Plans compared and exported over HTTP."""

from __future__ import annotations

import io
import zipfile

from data.export.plan_folder import check_folder


def test_a_draft_is_compared_with_the_plan_in_force_or_another(client, run_job, tiny_plan):
    first, second = (run_job()["plan_id"] for _ in range(2))
    nothing = client.get(f"/v1/plans/{second}/compare")
    assert (nothing.status_code, nothing.json()["code"]) == (409, "not-comparable")
    client.post(f"/v1/plans/{first}/publish")
    for address in (f"/v1/plans/{second}/compare", f"/v1/plans/{first}/compare?base={second}"):
        found = client.get(address).json()
        assert (found["shifts"], found["purchases"], found["kept_shifts"]) == ([], [], len(tiny_plan.shifts))
        assert found["before_cents"] == found["after_cents"] == tiny_plan.bill.total_cents
    assert client.get(f"/v1/plans/{second}/compare?base=none").status_code == 404


def test_an_export_is_a_folder_that_passes_the_check(client, plan_id, tmp_path):
    answer = client.get(f"/v1/plans/{plan_id}/export")
    assert answer.headers["content-type"] == "application/zip"
    assert "-v1.zip" in answer.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        archive.extractall(tmp_path / "plan")
    assert check_folder(tmp_path / "plan") == []
    assert client.get(f"/v1/plans/{plan_id}/export").content == answer.content
