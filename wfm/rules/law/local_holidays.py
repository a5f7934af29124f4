"""<country>-LOCAL-HOL (soft): calls on holidays that only a part of the country has are legal, and unwelcome there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import holidays as library

from wfm.case import Case
from wfm.clock import zone
from wfm.plan import Plan
from wfm.rules.law.calls import calls, outbound
from wfm.rules.law.measurement import Measurement
from wfm.rules.law.presence import margin_to, whole_day
from wfm.rules.law.scope import consumer_rule, days
from wfm.rules.words import kept_free

CODE = "LOCAL-HOL"


def measure(case: Case, plan: Plan) -> Iterator[Measurement]:
    for campaign in outbound(case):
        market = case.market_by_id[campaign.market]
        national, tz = case.calendar(market.country), zone(market.time_zone)
        found = [(case.grid.instant(first), case.grid.instant(last)) for _, first, last in calls(case, plan, campaign)]
        for day in days(case):
            rule = consumer_rule(case, campaign, CODE, day)
            if rule is None or national.is_holiday(day):
                continue
            names = _local(market.country, rule.parameters["subdivision"], day.year)
            margin = margin_to([whole_day(day, tz)], found) if day in names else None
            if margin is not None:
                departments = " ".join(rule.parameters["departments"])
                where = f"{day}, {names[day]}"
                limit = f"0 min in departments {departments}"
                yield Measurement(rule, campaign.id, where, kept_free(margin), limit, margin, "min")


def _local(country: str, subdivision: str, year: int) -> dict[date, str]:
    return dict(library.country_holidays(country, subdiv=subdivision, years=year))
