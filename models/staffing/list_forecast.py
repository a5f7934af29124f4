"""The records that known lists bring into the plan, as a forecast: what is on the list is not guessed from the past."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np

from models.staffing.attempts import dialling, most_attempts
from models.staffing.first_calls import mask_on
from models.staffing.lists import WorkedOff, work_off
from models.staffing.outbound import checked_reach_rate, open_days
from wfm.campaign import Campaign
from wfm.case import Case
from wfm.clock import Grid, day_start, zone
from wfm.demand import CampaignForecast
from wfm.history import CampaignHistory
from wfm.list_batch import ListBatch


def list_forecast(
    case: Case, campaign: Campaign, histories: Mapping[str, CampaignHistory], forecast: CampaignForecast
) -> CampaignForecast:
    """`forecast` with its volumes replaced by those of the campaign's lists, if it has any.

    A calling day's attempts (`lists.work_off`) become records that get all their attempts that day: attempts / A(m), which
    leads to the same attempts and contacts. They are spread evenly over the day's open slots and hold at every quantile:
    the size of a list is known. Where there are no lists, records that may not be called are taken off (`eligible_share`).
    """
    batches = [batch for batch in case.list_batches if batch.campaign == campaign.id]
    if not batches:
        return _eligible(forecast, campaign.eligible_share)
    rate = checked_reach_rate(campaign, forecast.reach_rate)
    market = case.market_by_id[campaign.market]
    tz = zone(market.time_zone)
    first = min([case.first_day, *(batch.loaded_on for batch in batches)])
    last = max([case.last_day, *(batch.last_day for batch in batches)])
    grid = Grid.of_days(first, (last - first).days + 1, case.interval_minutes, case.home_zone)
    slots_of = open_days(mask_on(case, campaign, grid), grid.walls(tz))
    made = _made(histories[campaign.id], first, tz)
    worked = work_off(campaign, market.country, batches, sorted(slots_of), made, as_of=case.as_of, reach_rate=rate)
    mean = np.zeros(grid.slots)
    for day, attempts in worked.attempts.items():
        a_record = dialling(rate, most_attempts(campaign, market.country, day)).attempts
        mean[slots_of[day]] = attempts / a_record / len(slots_of[day])
    offset = grid.slot(case.grid.start)
    mean = np.round(mean[offset : offset + case.grid.slots], 6)
    walls = [wall.date() for wall in case.grid.walls(tz)]
    owner = np.array([forecast.days.index(day) for day in walls])
    day_mean = np.bincount(owner, weights=mean, minlength=len(forecast.days))
    levels = len(forecast.quantiles)
    return forecast.model_copy(
        update={
            "mean": tuple(mean.tolist()),
            "quantiles": (tuple(mean.tolist()),) * levels,
            "day_mean": tuple(day_mean.tolist()),
            "day_quantiles": (tuple(day_mean.tolist()),) * levels,
            "method": _words(batches, worked, case),
        }
    )


def _made(history: CampaignHistory, since: date, tz: ZoneInfo) -> dict[date, float]:
    """Attempts that were made per day of the market from `since` on."""
    first = int(day_start(since, tz).timestamp()) // 60
    made: dict[date, float] = {}
    for minute, attempts in zip(history.start_minute.tolist(), history.attempts.tolist(), strict=True):
        if minute >= first and attempts > 0:
            day = datetime.fromtimestamp(minute * 60, tz).date()
            made[day] = made.get(day, 0.0) + attempts
    return made


def _eligible(forecast: CampaignForecast, share: float | None) -> CampaignForecast:
    if share is None or share == 1:
        return forecast

    def less(values: tuple[float, ...]) -> tuple[float, ...]:
        return tuple(np.round(np.array(values) * share, 6).tolist())

    mean = less(forecast.mean)
    return forecast.model_copy(
        update={
            "mean": mean,
            "quantiles": tuple(less(row) for row in forecast.quantiles),
            "day_mean": less(forecast.day_mean),
            "day_quantiles": tuple(less(row) for row in forecast.day_quantiles),
            "method": f"{forecast.method}; {share:.0%} of the records loaded may be called",
        }
    )


def _words(batches: list[ListBatch], worked: WorkedOff, case: Case) -> str:
    asked = sum(attempts for day, attempts in worked.attempts.items() if case.first_day <= day <= case.last_day)
    later = sum(attempts for day, attempts in worked.attempts.items() if day > case.last_day)
    eligible = sum(batch.eligible for batch in batches)
    end = f", exhausted on {worked.exhausted_on}" if worked.exhausted_on is not None else ""
    rest = f", {later:,.0f} after it" if later >= 1 else ""
    lapsed = f"; {worked.lapsed:,.0f} attempts lapse for want of calling days" if worked.lapsed >= 1 else ""
    return (
        f"{len(batches)} list{'s' * (len(batches) != 1)} known, {eligible:,} records that may be called: {asked:,.0f} attempts "
        f"in the plan{rest}{end}{lapsed}; the past loads are not carried on"
    )
