"""What customers contact us about, and when: markets, campaigns, opening hours, events."""

from __future__ import annotations

from datetime import date, time
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from wfm.document import Document

Share = Annotated[float, Field(ge=0, le=1)]


class Channel(StrEnum):
    """How work arrives: `inbound` must be answered at once, `outbound` is dialled within the calling day,
    `deferrable` (e-mail, back office) is due before a deadline.
    """

    INBOUND = "inbound"
    OUTBOUND = "outbound"
    DEFERRABLE = "deferrable"


class Stage(StrEnum):
    """Life of a campaign: a `test` is worked in-house only; partners may take over from `pilot` on."""

    TEST = "test"
    PILOT = "pilot"
    INDUSTRIALISED = "industrialised"


class LegalBasis(StrEnum):
    """Why consumers may be called (French Consumer Code L223-1 as of 2026-08-11)."""

    CONSENT = "consent"
    CONTRACT_RELATED = "contract_related"
    OPT_OUT = "opt_out"


class TargetPeriod(StrEnum):
    """Over what an inbound campaign meets its service level: in every interval, or over a market's day or ISO week."""

    INTERVAL = "interval"
    DAY = "day"
    WEEK = "week"


class Market(Document):
    """Where the customers live; `country` (ISO 3166 alpha-2) gives holidays and calling law, `time_zone` their clock."""

    id: str
    name: str
    country: str
    time_zone: str


class Campaign(Document):
    """One queue, dialling list or work basket.

    Rates are in minor units of the plan's currency per hour. `min_inhouse_share` caps the productive hours bought from
    partners at (1 - share) of the required hours of the plan; `min_partner_share` is a floor of the same kind.

    `risk`: share of days on which an inbound campaign's service level must be met; None: it is met in expectation over all
    that the forecast holds possible.

    `target_period`: over what it is met. `concurrency`: contacts that an agent of an inbound campaign handles at once (chat).
    `lost_contact_cost`: what a contact that hangs up costs, minor units; None: nothing beyond the price of shortage.

    `min_activity_minutes`: least working time that an own agent stays on the campaign (rule MIN-ACTIVITY); None: no minimum.

    `callback_of` names the inbound campaign whose callers, still waiting after `callback_seconds`, are offered a call back by
    this deferrable one; `callback_share` of them accept.

    `blended_with` names the inbound campaign in whose agents' idle time this deferrable one may be worked (blending), by those
    who have its skill too.

    `second_call_of` names the outbound campaign whose contacts are called a second time by this one, to sign: its work is
    `second_call_share` of their number, each not before the legal delay between documents and signature.

    `eligible_share`: share of the records loaded that may be called (consent or contract); None: all.
    """

    id: str
    name: str
    market: str
    channel: Channel
    stage: Stage
    legal_basis: LegalBasis | None
    skill: str
    min_level: Annotated[int, Field(ge=1, le=5)]
    open_on_holidays: bool
    max_occupancy: Annotated[float, Field(gt=0, le=1)]
    shortage_cost_per_hour: Annotated[int, Field(ge=0)]
    min_inhouse_share: Share
    min_partner_share: Share
    max_agents: Annotated[int, Field(gt=0)] | None
    service_level: Annotated[float, Field(gt=0, lt=1)] | None
    service_seconds: Annotated[float, Field(ge=0)] | None
    patience_seconds: Annotated[float, Field(gt=0)] | None
    deadline_hours: Annotated[float, Field(gt=0)] | None
    attempt_seconds: Annotated[float, Field(gt=0)] | None
    max_attempts: Annotated[int, Field(ge=1)] | None
    risk: Annotated[float, Field(ge=0.5, le=0.99)] | None = None
    second_call_of: str | None = None
    second_call_share: Annotated[float, Field(gt=0, le=1)] | None = None
    eligible_share: Annotated[float, Field(gt=0, le=1)] | None = None
    target_period: TargetPeriod = TargetPeriod.INTERVAL
    concurrency: Annotated[int, Field(ge=1)] = 1
    lost_contact_cost: Annotated[int, Field(ge=0)] | None = None
    min_activity_minutes: Annotated[int, Field(gt=0)] | None = None
    callback_of: str | None = None
    callback_seconds: Annotated[float, Field(ge=0)] | None = None
    callback_share: Annotated[float, Field(gt=0, le=1)] | None = None
    blended_with: str | None = None


class OpeningHours(Document):
    """Open from `opens` to `closes` in the market's wall time on ISO weekday 1 (Monday) to 7; `closes` 00:00 is midnight
    at the end of the day.
    """

    campaign: str
    weekday: Annotated[int, Field(ge=1, le=7)]
    opens: time
    closes: time


class Event(Document):
    """A dated reason for unusual volume (mailing, price change), days inclusive; `campaign` None: all campaigns."""

    campaign: str | None
    name: str
    first_day: date
    last_day: date
