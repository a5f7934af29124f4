"""One piece of advice."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from wfm.document import Document


class AdviceKind(StrEnum):
    """`standby_agent`: call this agent if the day turns out otherwise; `standby_partner`: so many hours of seats are free;
    `premium_at_risk`: what a site's shifts would cost more; `leave_or_training`: paid hours without work.
    """

    STANDBY_AGENT = "standby_agent"
    STANDBY_PARTNER = "standby_partner"
    PREMIUM_AT_RISK = "premium_at_risk"
    LEAVE_OR_TRAINING = "leave_or_training"


class Advice(Document):
    """What a plan does not decide, and somebody should know. `day` is a local day of the own sites; `subject` an agent,
    partner or site; `cents` what following it (premium at risk: what doing nothing) would cost on top of the plan, in minor
    units, None where it costs nothing or cannot be paid for.
    """

    kind: AdviceKind
    day: date
    subject: str
    hours: float
    cents: int | None
    reason: str
