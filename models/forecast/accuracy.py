"""How good the forecasts of a case would have been: the whole method from past origins, on the case's own history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

import numpy as np
from numpy.typing import NDArray

from models.engine.engine import LOCAL, Engine, map_chunks
from models.forecast.accuracy_report import AccuracyReport, CampaignAccuracy, ForecastDay
from models.forecast.accuracy_scores import Scored, ScoredDays, big_only, by_band, by_hour, by_member, misses, pit
from models.forecast.components import components
from models.forecast.ensemble import Asked, SeriesForecast, forecast_batch
from models.forecast.forecast import asked_of, history_walls
from models.forecast.metrics import ratio, tally
from models.forecast.series import Days, Floats, weekdays
from wfm.campaign import Campaign, Channel
from wfm.case import Case
from wfm.clock import Grid, day_start, zone
from wfm.demand import QUANTILES
from wfm.errors import WfmError
from wfm.history import CampaignHistory
from wfm.progress import OnProgress, Stop, never, silent

HORIZON_DAYS = 28
SHORTEST_TRAINING_DAYS = 28
LOW, HIGH = QUANTILES.index(0.1), QUANTILES.index(0.9)


@dataclass(frozen=True, eq=False)
class _Past:
    """One campaign from one origin: what was asked, what was forecast, and what came in each slot (NaN: not recorded)."""

    asked: Asked
    made: SeriesForecast
    actual: Floats


def accuracy_of(
    case: Case,
    histories: Mapping[str, CampaignHistory],
    *,
    origins: int = 3,
    seed: int = 0,
    workers: int = 1,
    engine: Engine = LOCAL,
    on_progress: OnProgress = silent,
    stop: Stop = never,
) -> AccuracyReport:
    """Forecast every campaign from `origins` past days, 28 days apart and the last 28 before the case's `as_of`, knowing
    only what came before, and from `as_of` itself. Campaigns with less than 28 days before an origin are left out there.

    Raises WfmError when no campaign reaches back far enough, or when `stop` asked to stop.
    """
    starts = [case.as_of - timedelta(days=HORIZON_DAYS * back) for back in range(origins, -1, -1)]
    chunks = [
        [asked for campaign in case.campaigns if (asked := _asked(case, campaign, histories, day, seed)) is not None]
        for day in starts
    ]
    kept = [(day, chunk) for day, chunk in zip(starts, chunks, strict=True) if chunk]
    if len(kept) < 2:
        raise WfmError(
            f"No campaign has {HORIZON_DAYS + SHORTEST_TRAINING_DAYS} days of history before {case.as_of}, so there is nothing "
            "to train on and hold against what came: give a longer history."
        )
    function = partial(forecast_batch, seed=seed)
    results = map_chunks(
        function, [chunk for _, chunk in kept], workers=workers, engine=engine, on_progress=on_progress, stop=stop
    )
    past: dict[str, list[_Past]] = {}
    for (_, chunk), made in zip(kept, results, strict=True):
        by_name = dict(made)
        for asked in chunk:
            past.setdefault(asked.name, []).append(
                _Past(asked, by_name[asked.name], _actual(case, asked, histories[asked.name]))
            )
    scored = [_campaign(case, case.campaign_by_id[name], found) for name, found in past.items() if len(found) > 1]
    return AccuracyReport(
        case_name=case.name,
        case_hash=case.content_hash(),
        seed=seed,
        horizon_days=HORIZON_DAYS,
        origins=tuple(day for day, _ in kept[:-1]),
        campaigns=tuple(sorted(scored, key=lambda entry: list(case.campaign_by_id).index(entry.campaign))),
    )


def _asked(
    case: Case, campaign: Campaign, histories: Mapping[str, CampaignHistory], day: date, seed: int
) -> Asked | None:
    """The campaign as it was known at the start of `day`; None where too little was."""
    history = histories.get(campaign.id)
    if history is None or not len(history):
        return None
    tz = zone(case.market_by_id[campaign.market].time_zone)
    minute = int(day_start(day, tz).timestamp()) // 60
    if minute - int(history.start_minute[0]) < SHORTEST_TRAINING_DAYS * 1440:
        return None
    keep = history.start_minute < minute
    columns = ("start_minute", "volume", "handled", "aht_seconds", "attempts", "contacts")
    known = replace(history, **{column: getattr(history, column)[keep] for column in columns})
    if np.isnan(known.volume).all():
        return None
    grid = Grid.of_days(day, HORIZON_DAYS, case.interval_minutes, tz)
    return asked_of(case, campaign, known, grid, seed)


def _actual(case: Case, asked: Asked, history: CampaignHistory) -> Floats:
    """What came in each asked slot; for outbound, what was loaded on the day, in the day's first open slot."""
    campaign = case.campaign_by_id[asked.name]
    walls = history_walls(history, zone(case.market_by_id[campaign.market].time_zone))
    actual = np.full(len(asked.walls), np.nan)
    order = np.argsort(asked.walls, kind="stable")
    place = np.minimum(np.searchsorted(asked.walls[order], walls), len(order) - 1)
    hit = (asked.walls[order][place] == walls) & ~np.isnan(history.volume)
    actual[order[place[hit]]] = history.volume[hit]
    return actual


def _campaign(case: Case, campaign: Campaign, found: Sequence[_Past]) -> CampaignAccuracy:
    *past, now = found
    scored, days = _intervals(past), _days(past)
    sums = tally(scored.actual, scored.mean, scored.quantiles, scored.day, seasonal_difference=0.0, cpu_seconds=0.0)
    outbound = campaign.channel is Channel.OUTBOUND
    day_volume = float(days.actual.sum())
    return CampaignAccuracy(
        campaign=campaign.id,
        name=campaign.name,
        unit="records" if outbound else "contacts",
        time_zone=case.market_by_id[campaign.market].time_zone,
        intervals=int(sums.intervals),
        volume=day_volume,
        wape=ratio(sums.absolute, sums.volume),
        day_wape=ratio(float(np.abs(days.mean - days.actual).sum()), day_volume),
        bias=ratio(float((days.mean - days.actual).sum()), day_volume),
        quantile_loss=ratio(sums.pinball, sums.volume),
        coverage_80=ratio(sums.inside_80, sums.intervals),
        coverage_95=ratio(sums.inside_95, sums.intervals),
        bands=by_band(scored),
        conditions=tuple(days.condition),
        ensemble_miss=misses(days, days.mean),
        members=by_member(days, now.made.weights),
        pit_days=pit(days.actual, days.quantiles),
        pit_intervals=pit(big_only(scored).actual, big_only(scored).quantiles),
        hour_bias=by_hour(scored, absolute=False),
        hour_wape=by_hour(scored, absolute=True),
        days=_fan(past),
        components=components(now.made, now.asked.calendar),
        method=now.made.method,
    )


def _intervals(past: Sequence[_Past]) -> Scored:
    """Outbound: nothing, for records are dialled when there are agents; its days tell."""
    parts = []
    for number, one in enumerate(past):
        keep = ~np.isnan(one.actual)
        if one.asked.shape is not None:
            keep &= False
        days = one.asked.walls.astype("datetime64[D]")
        hours = (one.asked.walls - days).astype("timedelta64[h]").astype(np.int64)
        numbers = (days - days[0]).astype(np.int64) + 1000 * number
        parts.append(Scored(one.actual, one.made.mean, one.made.quantiles, numbers, weekdays(days), hours).only(keep))
    day = np.unique(np.concatenate([part.day for part in parts]), return_inverse=True)[1]
    return Scored(
        np.concatenate([part.actual for part in parts]),
        np.concatenate([part.mean for part in parts]),
        np.concatenate([part.quantiles for part in parts], axis=1),
        day,
        np.concatenate([part.weekday for part in parts]),
        np.concatenate([part.hour for part in parts]),
    )


def _came(one: _Past) -> tuple[NDArray[np.bool_], Floats]:
    """Days of which something was recorded, and their totals. Shapes (days,)."""
    owner = np.searchsorted(one.made.days, one.asked.walls.astype("datetime64[D]"))
    seen = np.bincount(owner, weights=~np.isnan(one.actual), minlength=len(one.made.days)) > 0
    totals = np.bincount(owner, weights=np.nan_to_num(one.actual), minlength=len(one.made.days))
    return seen, totals.astype(np.float64)


def _days(past: Sequence[_Past]) -> ScoredDays:
    kept = [(one, *_came(one)) for one in past]
    names = [name for name in past[0].made.members if all(name in one.made.members for one in past)]
    every: Days = np.concatenate([one.made.days[seen] for one, seen, _ in kept])
    lead = np.concatenate([np.arange(len(seen))[seen] for _, seen, _ in kept])
    special = np.concatenate([~one.asked.calendar.tags(one.made.days[seen]).normal for one, seen, _ in kept])
    weekday = weekdays(every)
    condition = {f"weekday {day + 1}": (weekday == day) & ~special for day in range(7)}
    condition |= {f"week {week + 1}": lead // 7 == week for week in range(HORIZON_DAYS // 7)}
    condition["special"] = special
    return ScoredDays(
        np.concatenate([totals[seen] for _, seen, totals in kept]),
        np.concatenate([one.made.day_mean[seen] for one, seen, _ in kept]),
        np.concatenate([one.made.day_quantiles[:, seen] for one, seen, _ in kept], axis=1),
        {name: np.concatenate([one.made.members[name][seen] for one, seen, _ in kept]) for name in names},
        {name: mask for name, mask in condition.items() if mask.any()},
    )


def _fan(past: Sequence[_Past]) -> tuple[ForecastDay, ...]:
    found = []
    for one in past:
        seen, totals = _came(one)
        found += [
            ForecastDay(
                day=one.made.days[place].astype(object),
                actual=float(totals[place]),
                mean=round(float(one.made.day_mean[place]), 3),
                low=float(one.made.day_quantiles[LOW][place]),
                high=float(one.made.day_quantiles[HIGH][place]),
            )
            for place in np.flatnonzero(seen).tolist()
        ]
    return tuple(found)
