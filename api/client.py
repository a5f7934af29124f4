"""A client of the service in one file, of nothing but Python's own library: take it along.

    planner = Client("http://127.0.0.1:8000", key="wfm_…")
    case = planner.send_case(Path("my-case"))
    job = planner.wait(planner.ask_for_plan(case["id"], time_limit_seconds=30)["id"])
    planner.publish(job["plan_id"])

Every error of the service is an `ApiError` with its machine code. A request that came too fast is sent again when the
service says so. Money is in minor units, instants are ISO 8601 text.
"""

from __future__ import annotations

import http.client
import io
import json
import re
import time
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict, cast
from urllib.parse import quote, urlencode, urlsplit

MOST_TRIES = 5
"""How often a request is sent that the service says came too fast."""
LONGEST_WAIT_SECONDS = 30.0


class CaseSize(TypedDict):
    name: str
    content_hash: str
    as_of: str
    first_day: str
    days: int
    interval_minutes: int
    currency: str
    campaigns: int
    agents: int
    partners: int


class CaseAccepted(TypedDict):
    """`id` is None after a dry run."""

    id: str | None
    case: CaseSize


class Draft(TypedDict):
    """A case that is being changed; `case_id` is the case as it stands now."""

    id: str
    case_id: str
    revision: int
    created_at: str
    changed_at: str


class Job(TypedDict):
    """`kind` is plan or forecast; `state` is queued, running, done (there is one), failed or cancelled (there is none)."""

    id: str
    kind: str
    case_id: str
    state: str
    attempt: int
    revision: int
    parameters: dict[str, Any]
    stop_requested: bool
    progress: dict[str, Any] | None
    plan_id: str | None
    forecast_id: str | None
    problem: dict[str, Any] | None
    created_at: str
    started_at: str | None
    finished_at: str | None


class PlanBrief(TypedDict):
    """A plan, as roles see it that see no costs."""

    id: str
    case_id: str
    job_id: str | None
    base_id: str | None
    case_name: str
    version: int
    state: str
    published_at: str | None
    created_at: str


class PlanEntry(PlanBrief):
    status: str
    stop_reason: str
    currency: str
    cost_cents: int
    bound_cents: int
    gap_cents: int
    gap: float


class Changed(TypedDict):
    """A plan changed by hand, None after a dry run, and what differs."""

    plan: PlanEntry | None
    comparison: dict[str, Any]


class RosterRow(TypedDict):
    agent: str
    site: str
    day: str
    pattern: str
    activity: str
    campaign: str | None
    break_name: str | None
    start: str
    end: str
    start_local: str
    end_local: str
    time_zone: str
    minutes: int


class OfferedShift(TypedDict):
    """What a partner offers of one block shift."""

    day: str
    shift: str
    blocks: int


class RequestRow(TypedDict):
    day: str
    shift: str
    start: str
    end: str
    start_local: str
    end_local: str
    blocks: int
    seats: int
    productive_hours: float
    cost_cents: int
    offered_blocks: int | None


class CapacityRequestEntry(TypedDict):
    id: str
    reference: str
    created_at: str
    version: str
    state: str
    revision: int
    partner: str
    city: str
    time_zone: str
    campaign: str
    first_day: str
    last_day: str
    block_seats: int
    tier_mode: str
    min_billed_hours: float
    productive_hours: float
    average_price_cents: int
    cost_cents: int
    currency: str


class CapacityRequestView(CapacityRequestEntry):
    rows: list[RequestRow]
    changed_at: str | None
    comment: str | None


class AuditEntry(TypedDict):
    id: int
    at: str
    actor: str
    role: str
    action: str
    resource: str
    resource_id: str
    version: int | None
    request_id: str | None
    details: dict[str, Any]


class ApiError(Exception):
    """The service refused. `code` is its machine code, `errors` every fault it found, `request_id` what its log calls it."""

    def __init__(self, status: int, problem: Mapping[str, Any], request_id: str | None) -> None:
        self.status = status
        self.code = str(problem.get("code", "http"))
        self.detail = str(problem.get("detail", ""))
        self.errors: list[dict[str, Any]] = list(problem.get("errors", []))
        self.request_id = request_id
        super().__init__(f"{status} {self.code}: {self.detail}")


@dataclass(frozen=True)
class Answer:
    """An answer without error. Names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    def json(self) -> Any:
        return json.loads(self.content)


class Client:
    """One caller of one service. Every method raises ApiError; OSError where the service is not reached."""

    def __init__(self, address: str, key: str | None = None, *, timeout_seconds: float = 60) -> None:
        """`address` such as https://planning.example; `key` a key or a token of the identity provider."""
        parts = urlsplit(address)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError(f"{address!r} is no address of a service. Give one such as http://127.0.0.1:8000.")
        self._secure = parts.scheme == "https"
        self._host, self._port, self._base = parts.hostname, parts.port, parts.path.rstrip("/")
        self._key = key
        self._timeout = timeout_seconds

    def send_case(self, path: Path, *, dry_run: bool = False) -> CaseAccepted:
        """Send a folder of CSV files, a zip of them, or a workbook. `dry_run`: only let it be checked."""
        content = _zipped(path) if path.is_dir() else path.read_bytes()
        headers = {"Content-Type": "application/octet-stream"}
        answer = self.request("POST", "/v1/cases", {"dry_run": dry_run}, content, headers)
        return cast(CaseAccepted, answer.json())

    def begin_draft(self, case_id: str, *, idempotency_key: str | None = None) -> Draft:
        """Begin to change a case, which itself stays as it is."""
        return cast(Draft, self._make("/v1/drafts", {"case_id": case_id}, idempotency_key))

    def draft(self, draft_id: str) -> Draft:
        return cast(Draft, self._get(_draft(draft_id)))

    def items(self, draft_id: str, resource: str) -> Iterator[dict[str, Any]]:
        """All of a draft's campaigns, agents, contracts, shift-patterns, partners or calendars."""
        return self._pages(_draft(draft_id, resource), {})

    def add_item(self, draft_id: str, resource: str, key: str, item: Mapping[str, Any]) -> Draft:
        """Add an item; ApiError `version-changed` when there is one with this key."""
        address = _draft(draft_id, resource, key)
        return cast(Draft, self.request("PUT", address, body=item, headers={"If-None-Match": "*"}).json())

    def change_item(self, draft_id: str, resource: str, key: str, **values: Any) -> Draft:
        """Give an item other values; only as long as it is as it was when this began."""
        address = _draft(draft_id, resource, key)
        seen = self.request("GET", address)
        headers = {"If-Match": seen.headers["etag"]}
        return cast(Draft, self.request("PUT", address, body={**seen.json(), **values}, headers=headers).json())

    def remove_item(self, draft_id: str, resource: str, key: str) -> Draft:
        """Take an item away, likewise."""
        address = _draft(draft_id, resource, key)
        headers = {"If-Match": self.request("GET", address).headers["etag"]}
        return cast(Draft, self.request("DELETE", address, headers=headers).json())

    def requirement(self, forecast_id: str) -> dict[str, Any]:
        """How many productive agents a forecast means, per campaign and interval."""
        return cast(dict[str, Any], self._make("/v1/requirements", {"forecast_id": forecast_id}, None))

    def ask_for_plan(
        self,
        case_id: str,
        *,
        time_limit_seconds: float = 60,
        seed: int = 0,
        workers: int = 2,
        idempotency_key: str | None = None,
    ) -> Job:
        """Queue a job that plans a case. The same `idempotency_key` with the same wish gives the same job."""
        wish = {"case_id": case_id, "time_limit_seconds": time_limit_seconds, "seed": seed, "workers": workers}
        return cast(Job, self._make("/v1/plans", wish, idempotency_key))

    def ask_for_forecast(self, case_id: str, *, seed: int = 0, idempotency_key: str | None = None) -> Job:
        """Queue a job that forecasts a case."""
        return cast(Job, self._make("/v1/forecasts", {"case_id": case_id, "seed": seed}, idempotency_key))

    def jobs(self) -> Iterator[Job]:
        """All jobs, newest first."""
        return cast(Iterator[Job], self._pages("/v1/jobs", {}))

    def job(self, job_id: str) -> Job:
        return cast(Job, self._get(f"/v1/jobs/{quote(job_id, safe='')}"))

    def wait(self, job_id: str, *, poll_seconds: float = 0.5) -> Job:
        """The job once it has ended, whatever became of it."""
        while True:
            job = self.job(job_id)
            if job["state"] not in {"queued", "running"}:
                return job
            time.sleep(poll_seconds)

    def cancel(self, job_id: str) -> Job:
        """End a job early; one at work keeps the best plan that it has."""
        return cast(Job, self.request("POST", f"/v1/jobs/{quote(job_id, safe='')}/cancel").json())

    def plans(self) -> Iterator[PlanEntry]:
        """All plans, newest first; only the fields of PlanBrief for roles that see no costs."""
        return cast(Iterator[PlanEntry], self._pages("/v1/plans", {}))

    def plan(self, plan_id: str, part: str = "") -> Any:
        """A plan's summary, or a part of it: roster, purchases, coverage, costs, certificate, violations, compliance, …"""
        return self._get(_plan(plan_id, part))

    def roster(self, plan_id: str) -> list[RosterRow]:
        return cast(list[RosterRow], self.plan(plan_id, "roster"))

    def csv(self, plan_id: str, part: str) -> str:
        """A part of a plan as a CSV file."""
        return self.request("GET", _plan(plan_id, part), {"format": "csv"}).content.decode()

    def replan(
        self,
        plan_id: str,
        case_id: str,
        *,
        change_price_cents: int = 1000,
        time_limit_seconds: float = 60,
        seed: int = 0,
        workers: int = 2,
        idempotency_key: str | None = None,
    ) -> Job:
        """Queue a job that plans a changed case and keeps close to a plan: a changed day of an agent must save its price."""
        wish = {
            "case_id": case_id,
            "change_price_cents": change_price_cents,
            "time_limit_seconds": time_limit_seconds,
            "seed": seed,
            "workers": workers,
        }
        return cast(Job, self._make(_plan(plan_id, "replan"), wish, idempotency_key))

    def reassign(
        self,
        plan_id: str,
        assignments: list[dict[str, Any]],
        *,
        dry_run: bool = False,
        idempotency_key: str | None = None,
    ) -> Changed:
        """Change shifts by hand: a new version of the plan, or after a dry run only what would differ."""
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        body = {"assignments": assignments}
        answer = self.request("PATCH", _plan(plan_id, "assignments"), {"dry_run": dry_run}, body, headers)
        return cast(Changed, answer.json())

    def publish(self, plan_id: str, *, dry_run: bool = False) -> PlanEntry:
        """Put a plan in force, and send its requests to the partners; only as long as it is as it was when this began."""
        seen = self.request("GET", _plan(plan_id)).headers["etag"]
        answer = self.request("POST", _plan(plan_id, "publish"), {"dry_run": dry_run}, headers={"If-Match": seen})
        return cast(PlanEntry, answer.json())

    def capacity_requests(self, state: str | None = None) -> Iterator[CapacityRequestEntry]:
        """What is asked of partners, newest plan first; of a partner's key, what is asked of it."""
        found = self._pages("/v1/capacity-requests", {"state": state} if state else {})
        return cast(Iterator[CapacityRequestEntry], found)

    def capacity_request(self, request_id: str) -> CapacityRequestView:
        return cast(CapacityRequestView, self._get(_request(request_id)))

    def accept(self, request_id: str, comment: str = "") -> CapacityRequestView:
        return self._answer(request_id, "accept", {"comment": comment})

    def decline(self, request_id: str, comment: str = "") -> CapacityRequestView:
        return self._answer(request_id, "decline", {"comment": comment})

    def counter(self, request_id: str, offered: list[OfferedShift], comment: str = "") -> CapacityRequestView:
        """Offer other numbers of blocks in the block shifts named."""
        return self._answer(request_id, "counter", {"comment": comment, "offered": offered})

    def agree(self, seen: CapacityRequestView) -> CapacityRequestView:
        """Agree to a partner's answer as it was seen; ApiError `version-changed` when the partner changed it since."""
        etag = f'"{seen["id"]}-{seen["revision"]}"'
        answer = self.request("POST", f"{_request(seen['id'])}/agree", headers={"If-Match": etag})
        return cast(CapacityRequestView, answer.json())

    def audit(self, **wanted: str) -> Iterator[AuditEntry]:
        """Lines of the audit log, newest first: by actor, action, resource, resource_id, since, until."""
        return cast(Iterator[AuditEntry], self._pages("/v1/audit", wanted))

    def request(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any] | None = None,
        body: bytes | Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send any request; a mapping as `body` goes as JSON."""
        given = {
            name: str(value).lower() if isinstance(value, bool) else value for name, value in (query or {}).items()
        }
        target = self._base + path + (f"?{urlencode(given)}" if given else "")
        sent = {"Accept": "application/json", **(headers or {})}
        if self._key is not None:
            sent["Authorization"] = f"Bearer {self._key}"
        if isinstance(body, Mapping):
            body, sent["Content-Type"] = json.dumps(body).encode(), "application/json"
        for tries in range(1, MOST_TRIES + 1):
            answer = self._send(method, target, body, sent)
            if answer.status != http.HTTPStatus.TOO_MANY_REQUESTS or tries == MOST_TRIES:
                break
            time.sleep(min(float(answer.headers.get("retry-after", "1")), LONGEST_WAIT_SECONDS))
        if answer.status >= http.HTTPStatus.BAD_REQUEST:
            is_problem = "json" in answer.headers.get("content-type", "")
            raise ApiError(answer.status, answer.json() if is_problem else {}, answer.headers.get("x-request-id"))
        return answer

    def _send(self, method: str, target: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        kind = http.client.HTTPSConnection if self._secure else http.client.HTTPConnection
        with closing(kind(self._host, self._port, timeout=self._timeout)) as connection:
            connection.request(method, target, body, headers)
            got = connection.getresponse()
            return Answer(got.status, {name.lower(): value for name, value in got.getheaders()}, got.read())

    def _make(self, path: str, body: Mapping[str, Any], idempotency_key: str | None) -> Any:
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        return self.request("POST", path, body=body, headers=headers).json()

    def _get(self, path: str) -> Any:
        return self.request("GET", path).json()

    def _pages(self, path: str, query: Mapping[str, str]) -> Iterator[Any]:
        answer = self.request("GET", path, query)
        while True:
            yield from answer.json()
            link = re.match(r'<([^>]+)>; rel="next"', answer.headers.get("link", ""))
            if link is None:
                return
            answer = self.request("GET", link[1].removeprefix(self._base))

    def _answer(self, request_id: str, verb: str, words: Mapping[str, Any]) -> CapacityRequestView:
        return cast(CapacityRequestView, self.request("POST", f"{_request(request_id)}/{verb}", body=words).json())


def _draft(draft_id: str, *parts: str) -> str:
    return "/".join(["/v1/drafts", *(quote(part, safe="") for part in (draft_id, *parts))])


def _plan(plan_id: str, part: str = "") -> str:
    return f"/v1/plans/{quote(plan_id, safe='')}" + (f"/{part}" if part else "")


def _request(request_id: str) -> str:
    return f"/v1/capacity-requests/{quote(request_id, safe='')}"


def _zipped(folder: Path) -> bytes:
    """The tables of a folder as one archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            if path.name.endswith((".csv", ".csv.gz")):
                archive.write(path, path.name)
    return buffer.getvalue()
