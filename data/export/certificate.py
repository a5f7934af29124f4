"""certificate.json: what is proven of which plan."""

from __future__ import annotations

import json
from typing import Any

from wfm.plan import Plan


def certificate_dict(plan: Plan) -> dict[str, Any]:
    """The certificate with what it speaks of: the plan's, case's and requirement's hashes, status and reason to stop."""
    return {
        "plan_hash": plan.content_hash(),
        "case_hash": plan.case_hash,
        "requirement_hash": plan.requirement_hash,
        "status": plan.status.value,
        "stop_reason": plan.stop_reason.value,
        **plan.certificate.to_dict(),
    }


def certificate_json(plan: Plan) -> str:
    return json.dumps(certificate_dict(plan), indent=2, ensure_ascii=False) + "\n"
