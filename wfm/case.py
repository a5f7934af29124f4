"""All inputs of one plan, content-hashed."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from functools import cached_property
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import Field

from wfm.agent import Absence, Agent, Contract, Site, Wish
from wfm.assumptions import Routing
from wfm.calendar import Calendar, CalendarChange, calendar
from wfm.campaign import Campaign, Event, Market, OpeningHours
from wfm.clock import Grid, zone
from wfm.document import Document
from wfm.history import CampaignHistory
from wfm.list_batch import ListBatch
from wfm.override import Override
from wfm.partner import Partner
from wfm.shift import ShiftPattern


class ExchangeRate(Document):
    """One unit of `currency` is worth `rate` units of the plan's currency from `valid_from` on."""

    currency: str
    rate: Annotated[float, Field(gt=0)]
    valid_from: date


class Case(Document):
    """Everything one plan needs except the history rows, which `history_hash` stands for.

    The plan covers `days` local days of the own sites from `first_day` (a Monday; whole weeks). `as_of` is the day on
    which the plan is made: history ends before it and lead times count from it. Money is in minor units (cents) of
    `currency`; other currencies were converted with `exchange_rates` when the case was read.
    """

    schema_version: Literal[2] = 2
    name: str
    as_of: date
    first_day: date
    days: Annotated[int, Field(gt=0)]
    interval_minutes: Literal[15, 30]
    currency: str
    sites: tuple[Site, ...]
    markets: tuple[Market, ...]
    campaigns: tuple[Campaign, ...]
    opening_hours: tuple[OpeningHours, ...]
    events: tuple[Event, ...]
    contracts: tuple[Contract, ...]
    agents: tuple[Agent, ...]
    absences: tuple[Absence, ...]
    wishes: tuple[Wish, ...]
    shift_patterns: tuple[ShiftPattern, ...]
    partners: tuple[Partner, ...]
    exchange_rates: tuple[ExchangeRate, ...]
    calendar_changes: tuple[CalendarChange, ...] = ()
    list_batches: tuple[ListBatch, ...] = ()
    overrides: tuple[Override, ...] = ()
    routing: Routing = Routing.ROSTERED
    history_hash: str

    @property
    def weeks(self) -> int:
        return self.days // 7

    @property
    def last_day(self) -> date:
        return self.first_day + timedelta(days=self.days - 1)

    @property
    def home_zone(self) -> ZoneInfo:
        """The clock of the own sites: all of a case share one."""
        return zone(self.sites[0].time_zone)

    def calendar(self, country: str) -> Calendar:
        """Holidays of a country as this case knows them, its own changes included."""
        return calendar(country, self.calendar_changes)

    @cached_property
    def grid(self) -> Grid:
        return Grid.of_days(self.first_day, self.days, self.interval_minutes, self.home_zone)

    @cached_property
    def site_by_id(self) -> dict[str, Site]:
        return {site.id: site for site in self.sites}

    @cached_property
    def market_by_id(self) -> dict[str, Market]:
        return {market.id: market for market in self.markets}

    @cached_property
    def campaign_by_id(self) -> dict[str, Campaign]:
        return {campaign.id: campaign for campaign in self.campaigns}

    @cached_property
    def contract_by_id(self) -> dict[str, Contract]:
        return {contract.id: contract for contract in self.contracts}

    @cached_property
    def agent_by_id(self) -> dict[str, Agent]:
        return {agent.id: agent for agent in self.agents}

    @cached_property
    def pattern_by_id(self) -> dict[str, ShiftPattern]:
        return {pattern.id: pattern for pattern in self.shift_patterns}

    @cached_property
    def partner_by_id(self) -> dict[str, Partner]:
        return {partner.id: partner for partner in self.partners}


def hash_histories(histories: dict[str, CampaignHistory]) -> str:
    """One hash for all campaigns' histories, independent of their order."""
    digest = hashlib.sha256()
    for campaign in sorted(histories):
        digest.update(histories[campaign].content_hash().encode())
    return digest.hexdigest()
