"""Who may do what, in one table: every address needs a scope, every role has some.

An address that no row names needs `Scope.EVERYTHING`, which only an admin has: what is forgotten here stays closed. Which
rows and fields of an answer a role sees beyond that, `Caller` says and the store and `api.plan_loader` apply.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from data.store.audit import Actor
from data.store.tables import Role


class Scope(StrEnum):
    """What can be granted. `plans:read` is what a plan is about, without a cost; all that holds money is `costs:read`."""

    ANYTHING_PUBLIC = "service:read"
    CASES_READ = "cases:read"
    CASES_WRITE = "cases:write"
    FORECASTS_READ = "forecasts:read"
    FORECASTS_WRITE = "forecasts:write"
    PLANS_READ = "plans:read"
    PLANS_WRITE = "plans:write"
    PLANS_PUBLISH = "plans:publish"
    ROSTERS_READ = "rosters:read"
    COVERAGE_READ = "coverage:read"
    COSTS_READ = "costs:read"
    COMPLIANCE_READ = "compliance:read"
    JOBS_READ = "jobs:read"
    REQUESTS_READ = "capacity-requests:read"
    REQUESTS_ANSWER = "capacity-requests:answer"
    REQUESTS_AGREE = "capacity-requests:agree"
    LAW_READ = "law:read"
    WEBHOOKS_WRITE = "webhooks:write"
    METRICS_READ = "metrics:read"
    AUDIT_READ = "audit:read"
    KEYS_WRITE = "keys:write"
    EVERYTHING = "everything"


OPEN = re.compile(r"/health(/live|/ready)?|/static/.*")
"""Addresses that never need a key: they show nothing of any case."""

_READS = frozenset((Scope.ANYTHING_PUBLIC, Scope.LAW_READ, Scope.PLANS_READ, Scope.ROSTERS_READ))
_SEES = _READS | {
    Scope.CASES_READ, Scope.FORECASTS_READ, Scope.COVERAGE_READ, Scope.COSTS_READ, Scope.COMPLIANCE_READ,
    Scope.JOBS_READ, Scope.REQUESTS_READ, Scope.METRICS_READ,
}  # fmt: skip
GRANTS: dict[Role, frozenset[Scope]] = {
    Role.PLANNER: _SEES
    | {
        Scope.CASES_WRITE, Scope.FORECASTS_WRITE, Scope.PLANS_WRITE, Scope.PLANS_PUBLISH, Scope.REQUESTS_AGREE,
        Scope.WEBHOOKS_WRITE,
    },
    Role.SCHEDULER: _READS | {Scope.COVERAGE_READ},
    Role.SITE_MANAGER: _READS,
    Role.PARTNER: frozenset((Scope.REQUESTS_READ, Scope.REQUESTS_ANSWER)),
    Role.COMPLIANCE: _READS | {Scope.COMPLIANCE_READ, Scope.AUDIT_READ},
    Role.VIEWER: _SEES,
    Role.ADMIN: frozenset(Scope) - {Scope.REQUESTS_ANSWER},  # which needs a partner to answer for
}  # fmt: skip
"""The scopes of each role."""

_TABLES: tuple[tuple[str, str, Scope], ...] = (
    ("GET", "/docs|/v1/openapi.json|/v1/problems", Scope.ANYTHING_PUBLIC),
    ("GET", "/v1/law/.*", Scope.LAW_READ),
    ("GET", "/v1/cases(/{id})?", Scope.CASES_READ),
    ("POST", "/v1/cases", Scope.CASES_WRITE),
    ("GET", "/v1/drafts(/.*)?", Scope.CASES_READ),
    ("POST|PUT|DELETE", "/v1/drafts(/.*)?", Scope.CASES_WRITE),
    ("GET", "/v1/forecasts(/.*)?", Scope.FORECASTS_READ),
    ("POST|PUT|PATCH|DELETE", "/v1/forecasts(/.*)?", Scope.FORECASTS_WRITE),
    ("GET", "/v1/requirements(/{id})?", Scope.FORECASTS_READ),
    ("POST", "/v1/requirements", Scope.FORECASTS_WRITE),
    ("GET", "/v1/plans(/{id})?", Scope.PLANS_READ),
    ("POST", "/v1/plans", Scope.PLANS_WRITE),
    ("POST", "/v1/plans/{id}/publish", Scope.PLANS_PUBLISH),
    ("PATCH", "/v1/plans/{id}/assignments", Scope.PLANS_WRITE),
    ("POST", "/v1/plans/{id}/replan", Scope.PLANS_WRITE),
    ("GET", "/v1/plans/{id}/roster", Scope.ROSTERS_READ),
    ("GET", "/v1/plans/{id}/(coverage|figures|figures/{id})", Scope.COVERAGE_READ),
    ("GET", "/v1/plans/{id}/(compliance|violations)", Scope.COMPLIANCE_READ),
    ("GET", "/v1/plans/{id}/(costs|purchases|certificate|advice|report|compare|export)", Scope.COSTS_READ),
    ("GET|POST", "/v1/plans/{id}/simulation(/figure)?", Scope.COSTS_READ),
    ("GET", "/v1/jobs(/{id}(/events)?)?", Scope.JOBS_READ),
    ("POST|DELETE", "/v1/jobs/{id}(/cancel)?", Scope.PLANS_WRITE),
    ("GET", "/v1/capacity-requests(/{id})?", Scope.REQUESTS_READ),
    ("POST", "/v1/capacity-requests/{id}/(accept|counter|decline)", Scope.REQUESTS_ANSWER),
    ("POST", "/v1/capacity-requests/{id}/agree", Scope.REQUESTS_AGREE),
    (".*", "/v1/webhooks(/.*)?", Scope.WEBHOOKS_WRITE),
    ("GET", "/metrics", Scope.METRICS_READ),
    ("GET", "/v1/audit", Scope.AUDIT_READ),
    (".*", "/v1/keys(/{id})?", Scope.KEYS_WRITE),
    ("GET", "/|/plans/{id}", Scope.COSTS_READ),  # the pages show all of a plan
    ("GET", "/plans/{id}/accuracy", Scope.FORECASTS_READ),
    ("POST", "/cases", Scope.CASES_WRITE),
    ("POST", "/jobs/{id}/stop", Scope.PLANS_WRITE),
)
_ROWS = tuple(
    (re.compile(methods), re.compile(path.replace("{id}", "[^/]+")), scope) for methods, path, scope in _TABLES
)


def scope_of(method: str, path: str) -> Scope:
    """The scope that a request needs; HEAD needs that of GET."""
    wanted = "GET" if method == "HEAD" else method
    return next(
        (scope for methods, paths, scope in _ROWS if methods.fullmatch(wanted) and paths.fullmatch(path)),
        Scope.EVERYTHING,
    )


@dataclass(frozen=True)
class Caller:
    """Whose request this is. `partner`, `site`: the only one whose rows the caller sees; None: everybody's."""

    name: str
    role: Role
    partner: str | None = None
    site: str | None = None
    request_id: str | None = None

    def may(self, scope: Scope) -> bool:
        return scope in GRANTS[self.role]

    @property
    def sees_costs(self) -> bool:
        return self.may(Scope.COSTS_READ)

    @property
    def sees_drafts(self) -> bool:
        """Whether plans are seen that nobody has put in force: those who plan, and those who watch over them."""
        return self.may(Scope.COSTS_READ) or self.may(Scope.AUDIT_READ)

    @property
    def actor(self) -> Actor:
        """The caller as the audit log names it."""
        return Actor(self.name, self.role.value, self.request_id)
