import io
import zipfile
from pathlib import Path

import pytest

from api import upload
from data.store.cases import list_cases

SAMPLE = Path(__file__).parents[2] / "data" / "samples" / "rabat"


def archive_of(files: dict[str, bytes | str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def send(client, content: bytes, kind: str = "application/zip", query: str = ""):
    return client.post(f"/v1/cases{query}", content=content, headers={"content-type": kind})


@pytest.fixture
def stored(app):
    """Names of the stored cases."""

    def names() -> list[str]:
        with app.state.services.store.read() as session:
            return [case.name for case in list_cases(session, 10)]

    return names


def test_a_case_is_stored_once(client, small_zip, stored):
    answer = client.post("/v1/cases", files={"file": ("case.zip", small_zip)})
    assert answer.status_code == 201, answer.text
    case_id = answer.json()["id"]
    assert answer.headers["location"] == f"/v1/cases/{case_id}"
    again = send(client, small_zip)
    assert (again.status_code, again.json()["id"]) == (200, case_id)
    assert stored() == ["Centre d'été"]
    detail = client.get(f"/v1/cases/{case_id}").json()
    assert (detail["name"], detail["days"], detail["currency"]) == ("Centre d'été", 7, "EUR")
    assert [entry["id"] for entry in client.get("/v1/cases").json()] == [case_id]


def test_a_dry_run_stores_nothing(client, small_zip, stored):
    answer = send(client, small_zip, query="?dry_run=true")
    assert (answer.status_code, answer.json()["id"]) == (200, None)
    assert answer.json()["case"]["name"] == "Centre d'été"
    assert stored() == []


def test_the_tables_may_lie_in_one_folder_among_what_file_managers_add(client, small_case):
    files = {f"case/{name}": content for name, content in small_case.items()}
    assert send(client, archive_of(files | {"__MACOSX/._plan.csv": b"x", "case/.DS_Store": b"x"})).status_code == 201


def test_every_fault_of_a_case_is_told(client, small_case, stored):
    broken = dict(small_case)
    broken["agents.csv"] = broken["agents.csv"].replace("full", "quarter").replace("A1", "A2")
    del broken["opening_hours.csv"]
    answer = send(client, archive_of(broken))
    assert answer.status_code == 422
    body = answer.json()
    assert body["code"] == "case-invalid"
    assert {fault["table"] for fault in body["errors"]} >= {"agents", "opening_hours"}
    contract = next(fault for fault in body["errors"] if fault.get("column") == "contract")
    assert (contract["row"], contract["value"], contract["pointer"]) == (2, "quarter", "/agents/2/contract")
    assert contract["reason"]
    assert contract["mend"]
    assert stored() == []


def link() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        info = zipfile.ZipInfo("plan.csv")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/hostname")
    return buffer.getvalue()


def damaged() -> bytes:
    content = bytearray(archive_of({"plan.csv": "".join(str(number**2) for number in range(1000))}))
    content[100:110] = b"\xff" * 10
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"name,as_of\n", "neither a zip"),
        (archive_of({"../plan.csv": b""}), "leave its folder"),
        (archive_of({"/plan.csv": b""}), "leave its folder"),
        (archive_of({"..\\plan.csv": b""}), "leave its folder"),
        (archive_of({"C:plan.csv": b""}), "leave its folder"),
        (link(), "leave its folder"),
        (archive_of({"a/plan.csv": b"", "b/plan.csv": b""}), "several folders"),
        (archive_of({"huge.csv": b"0" * 2_000_000}), "unpacks to more"),
        (archive_of({"[Content_Types].xml": b"0" * 2_000_000}), "unpacks to more"),
        (damaged(), "cannot be unpacked"),
    ],
)
def test_archives_that_are_refused(client, monkeypatch, content, words):
    monkeypatch.setattr(upload, "MAX_UNPACKED_BYTES", 1_000_000)
    answer = send(client, content)
    assert (answer.status_code, answer.json()["code"]) == (422, "upload-invalid")
    assert words in answer.json()["detail"]


def test_uploads_without_a_file_and_of_other_kinds(client):
    assert send(client, b"").json()["code"] == "upload-incomplete"
    assert client.post("/v1/cases", files={"other": b"x"}).json()["code"] == "upload-incomplete"
    assert client.post("/v1/cases", data={"file": "text"}, files={"x": b""}).json()["code"] == "upload-incomplete"
    answer = send(client, b"x", kind="text/csv")
    assert (answer.status_code, answer.json()["code"]) == (415, "media-type")


def test_a_form_that_is_cut_off(client):
    kind = "multipart/form-data; boundary=b"
    answer = send(client, b'--b\r\nContent-Disposition: form-data; name="file"', kind=kind)
    assert (answer.status_code, answer.json()["code"]) == (400, "upload-incomplete")
    answer = send(client, b"--b", kind="multipart/form-data")
    assert (answer.status_code, answer.json()["code"]) == (400, "upload-incomplete")
