"""From histories to interval distributions, for a batch of series at once: what is scored by the back-test is what is shipped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.forecast.average import average
from models.forecast.boosting import Ahead, Booster, Learner, fit_booster
from models.forecast.calendar import Calendar, Tags
from models.forecast.effects import SMALLEST_FACTOR, learn_effects
from models.forecast.members import Members, ask
from models.forecast.one_thread import one_thread
from models.forecast.profile import Profile, learn_profile
from models.forecast.prophet_member import prophet
from models.forecast.series import Cleaned, Daily, Days, DayTable, Floats, Walls, daily_totals, without_freaks
from models.forecast.smoothing import smoothing
from models.forecast.trials import TRIAL_DAYS, TRIALS, Cut, cuts, run_trial
from models.forecast.uncertainty import Spread, quantiles
from models.forecast.weights import Weighing, weigh

MEMBERS: Members = {"Prophet": prophet, "average": average, "smoothing": smoothing}
"""Members that look at one series; "boosting" looks at all of the batch."""
BOOSTING = "boosting"


@dataclass(frozen=True, eq=False)
class Asked:
    """A series to forecast: its history without rows for closed days, and the slots that start at `walls` (naive wall time,
    ascending but for a clock put back) where `is_open`.

    With `shape`, the profile is learned from that table and each day's whole volume is spread over its open slots (records to
    be dialled); without it, closing a slot loses its contacts. `name` must be its own within a batch; `note` is put in front of
    how the forecast was made.
    """

    name: str
    history: DayTable
    walls: Walls
    is_open: NDArray[np.bool_]
    calendar: Calendar
    seed: int
    shape: DayTable | None = None
    note: str = ""

    @property
    def horizon_days(self) -> int:
        """Days from the end of history to the end of what is asked."""
        if not len(self.walls):
            return 1
        return int((self.walls.max().astype("datetime64[D]") - self.history.end).astype(np.int64)) + 1


@dataclass(frozen=True, eq=False)
class SeriesForecast:
    """`mean` (slots,) and `quantiles` (13, slots) of the asked slots; `days` they touch with `day_mean` (days,) and
    `day_quantiles` (13, days). Closed slots are exactly 0. `spread` is what `uncertainty.paths` draws sums of any slots from;
    `weights` of the members; `members`: what each alone would say, (days,); `factors` (days,): what the calendar multiplies a
    day's usual volume by.
    """

    mean: Floats
    quantiles: Floats
    days: Days
    day_mean: Floats
    day_quantiles: Floats
    spread: Spread
    method: str
    weights: dict[str, float]
    members: dict[str, Floats]
    factors: Floats


@dataclass(frozen=True, eq=False)
class _Prepared:
    """What is known of a series before any member looks at it. `owner[i]`: index of the day of slot i in `ahead.days`."""

    asked: Asked
    profile: Profile
    daily: Daily
    learner: Learner
    tags: Tags
    owner: NDArray[np.int64]
    ahead: Ahead
    cuts: list[Cut]


def forecast_batch(batch: Sequence[Asked], *, seed: int, workers: int = 1) -> Iterator[tuple[str, SeriesForecast]]:
    """Forecast every series of the batch; yields its name and forecast as each is done.

    The forecasts depend neither on `workers` nor on the order of the batch, but on its company: one boosted model learns
    from all. These are threads: Stan runs in a process of its own, so fits go on side by side.
    """
    ordered = sorted(batch, key=lambda asked: asked.name)
    with one_thread("blas"), ThreadPoolExecutor(max(workers, 1)) as pool:
        prepared = list(pool.map(_prepare, ordered))
        learners = [one.learner for one in prepared]
        horizon = max((asked.horizon_days for asked in ordered), default=1)
        booster = fit_booster(learners, horizon, seed)
        # As of before the first trial, so that trials are honest; one more fit for the whole batch.
        past = [one.before(one.history.end - np.timedelta64(TRIALS * TRIAL_DAYS, "D")) for one in learners]
        past_booster = fit_booster(past, TRIAL_DAYS, seed)
        now = _boosted(booster, [one.ahead for one in prepared])
        then = iter(_boosted(past_booster, [cut.asked for one in prepared for cut in one.cuts]))
        jobs = [
            pool.submit(_forecast, one, mean, [next(then) for _ in one.cuts])
            for one, mean in zip(prepared, now, strict=True)
        ]
        names = {job: one.asked.name for job, one in zip(jobs, prepared, strict=True)}
        try:
            for job in as_completed(jobs):
                yield names[job], job.result()
        finally:
            for job in jobs:
                job.cancel()


def _prepare(asked: Asked) -> _Prepared:
    history = asked.history
    table = history if asked.shape is None else asked.shape
    tags = asked.calendar.tags(table.days)
    profile = learn_profile(table, tags.is_holiday, ~tags.normal & ~tags.is_holiday)
    if asked.shape is None:
        daily = daily_totals(history, profile.usual(history.days, tags.is_holiday))
    else:
        daily = Daily(history.days[history.recorded], np.nansum(history.y[history.recorded], axis=1), history.end)
    daily = without_freaks(daily, asked.calendar.tags(daily.days).normal)
    effects = learn_effects(daily, asked.calendar)
    tags, factors = asked.calendar.tags(daily.days), effects.known
    cleaned = Cleaned(daily.days, daily.y / np.maximum(factors, SMALLEST_FACTOR), daily.end, tags.normal)
    learner = Learner(cleaned, factors, tags.group)
    days, owner = np.unique(asked.walls.astype("datetime64[D]"), return_inverse=True)
    tags = asked.calendar.tags(days)
    ahead = Ahead(cleaned, days, effects.factors(days), tags.group)
    return _Prepared(asked, profile, daily, learner, tags, owner, ahead, cuts(daily.y, learner))


def _boosted(booster: Booster | None, asked: Sequence[Ahead]) -> list[Floats | None]:
    return [None] * len(asked) if booster is None else booster(asked)


def _forecast(one: _Prepared, boosted: Floats | None, boosted_then: Sequence[Floats | None]) -> SeriesForecast:
    """From what boosting made of the days ahead and of those of each cut."""
    asked, daily, history, owner = one.asked, one.daily, one.learner.history, one.owner
    days, factors, tags = one.ahead.days, one.ahead.factors, one.tags
    tried = ask(MEMBERS, history, days, asked.seed) | {BOOSTING: boosted}
    made = {name: mean for name, mean in tried.items() if mean is not None}
    members = {name: member for name, member in MEMBERS.items() if name in made}
    then = [{BOOSTING: mean} if mean is not None and BOOSTING in made else {} for mean in boosted_then]
    trials = [run_trial(cut, members, others, asked.seed) for cut, others in zip(one.cuts, then, strict=True)]
    trials = [trial for trial in trials if trial.means]
    weighing = weigh(list(made), trials)
    level = np.zeros(len(days))
    for name, weight in weighing.weights.items():
        level += weight * made[name]
    level = level * factors
    column = (asked.walls - asked.walls.astype("datetime64[D]")).astype("timedelta64[m]").astype(
        np.int64
    ) // asked.history.interval_minutes
    usual = one.profile.usual(days, tags.is_holiday)[owner, column]
    share = np.where(asked.is_open, usual, 0.0)
    if asked.shape is not None:
        share = _whole_days(share, asked.is_open, owner)
    # Six decimals keep files small; sums are taken of the rounded figures, so they still agree.
    mean = np.round(level[owner] * share, 6)
    day_mean = np.asarray(np.bincount(owner, weights=mean, minlength=len(days)), dtype=np.float64)
    spread = Spread.of(
        [trial.log_misses(weighing.weights) for trial in trials],
        [trial.actual for trial in trials],
        one.profile.overdispersion,
    )
    rng = np.random.default_rng(asked.seed)
    return SeriesForecast(
        mean=mean,
        quantiles=quantiles(mean, spread, slots=True, rng=rng),
        days=days,
        day_mean=day_mean,
        day_quantiles=quantiles(day_mean, spread, slots=False, rng=rng),
        spread=spread,
        method="; ".join(filter(None, [asked.note, _words(weighing, daily, days, asked.calendar)])),
        weights=weighing.weights,
        members={
            name: mean * factors * np.bincount(owner, weights=share, minlength=len(days)) for name, mean in made.items()
        },
        factors=factors,
    )


def _whole_days(share: Floats, is_open: NDArray[np.bool_], owner: NDArray[np.int64]) -> Floats:
    """Shares that sum to 1 over each day that is open at all; even where the profile knows nothing. Shape (slots,)."""
    share = np.where(is_open & (np.bincount(owner, weights=share)[owner] <= 0), 1.0, share)
    sums = np.bincount(owner, weights=share)[owner]
    return np.asarray(np.divide(share, sums, out=np.zeros_like(share), where=sums > 0))


def _words(weighing: Weighing, daily: Daily, days: Days, calendar: Calendar) -> str:
    if not weighing.weights:
        return "nothing to learn from: zero"
    everything = np.concatenate([daily.days, days])
    seen = sum(bool(mask.any()) for mask in calendar.event_masks(everything).values())
    holidays = f"holidays of {calendar.country}" if calendar.country else "no holidays"
    events = f"{seen} kind{'s' * (seen != 1)} of event" if seen else "no events"
    return f"{weighing}; {holidays}, {events}"
