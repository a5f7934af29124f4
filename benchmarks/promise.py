"""What the staffing formulas promise beside what happens, as JSON: `./dev bench promise [--days N] [--workers N]`.

`intervals`: a two-peak day of half-hours staffed 80/20 at the modified offered load, the service level of every interval by the
transient model and by simulation. `days`: the service level expected of days whose rates vary, and the share of days that meet
the target. `rosters`: 20 campaigns whose agents of several skills change campaign during a shift, breaks and absences included.
"""

from __future__ import annotations

import argparse
import json
import math
import platform
from datetime import date
from time import perf_counter

import numpy as np
from scipy.stats import gamma, nbinom, poisson

from benchmarks.many_campaigns import many_campaigns
from models.promise import live_through
from models.simulate.events import live
from models.simulate.state import COLUMNS, OFFERED, WITHIN, fresh
from models.simulate.streams import streams
from models.simulate.world import ACTIVITY, CLOSING, INBOUND, OFF, Bools, Floats, World, changes, in_order
from models.staffing.arrivals import Arrivals
from models.staffing.inbound import InboundLoad, expected_levels, inbound_load, promised_agents
from models.staffing.rates import rate_spread
from models.staffing.transient import transient_levels
from wfm.assumptions import Rates
from wfm.campaign import Campaign, Channel, Stage
from wfm.demand import QUANTILES, CampaignForecast

SLOTS, SECONDS = 48, 1800.0
LEVEL, TARGET, PATIENCE = 0.8, 20.0, 180.0
OPENS, CLOSES = 16, 42
CHUNK = 100
"""Days of one simulated world."""
FIRST_DAY = date(2026, 1, 5)


def two_peaks(peak_load: float, aht: float) -> Floats:
    """Contacts per half-hour of a day with a peak in the morning and a lower one in the afternoon. Shape (SLOTS,)."""
    hours = (np.arange(SLOTS) + 0.5) / 2
    shape = np.exp(-(((hours - 10.5) / 1.8) ** 2)) + 0.8 * np.exp(-(((hours - 16) / 2.2) ** 2)) + 0.15
    shape[(np.arange(SLOTS) < OPENS) | (np.arange(SLOTS) >= CLOSES)] = 0.0
    return np.asarray(shape / shape.max() * peak_load * SECONDS / aht)


def campaign(risk: float | None) -> Campaign:
    return Campaign(
        id="q", name="q", market="FR", channel=Channel.INBOUND, stage=Stage.INDUSTRIALISED, legal_basis=None, skill="q",
        min_level=1, open_on_holidays=True, max_occupancy=1.0, shortage_cost_per_hour=0, min_inhouse_share=0,
        min_partner_share=0, max_agents=None, service_level=LEVEL, service_seconds=TARGET, patience_seconds=PATIENCE,
        deadline_hours=None, attempt_seconds=None, max_attempts=None, risk=risk,
    )  # fmt: skip


def counts_law(mean: Floats, variation: float) -> Floats:
    """Quantiles of Poisson counts whose rate has a gamma factor of that coefficient of variation. Shape (levels, n)."""
    levels = np.array(QUANTILES)[:, None]
    if variation == 0:
        return np.asarray(poisson.ppf(levels, mean))
    size = 1 / variation**2
    return np.asarray(nbinom.ppf(levels, size, size / (size + mean)))


def queue_of(mean: Floats, aht: float, variation: float, risk: float | None) -> tuple[InboundLoad, Arrivals, Bools]:
    """What a day is staffed for whose rates share one factor of that coefficient of variation."""
    total = np.array([mean.sum()])
    forecast = CampaignForecast(
        campaign="q", mean=tuple(mean), quantiles=tuple(map(tuple, counts_law(mean, variation))),
        aht_seconds=(aht,) * SLOTS, days=(FIRST_DAY,), day_mean=tuple(total),
        day_quantiles=tuple(map(tuple, counts_law(total, variation))), reach_rate=None, method="by formula",
    )  # fmt: skip
    arrivals = Arrivals(mean, np.full(SLOTS, aht))
    day = np.zeros(SLOTS, dtype=np.int64)
    is_open = mean > 0
    return inbound_load(campaign(risk), arrivals, is_open, SECONDS, rate_spread(forecast), day), arrivals, is_open


def lived(agents: Floats, mean: Floats, aht: float, factors: Floats, seed: int) -> Floats:
    """Tally (days, slots, COLUMNS) of days with these factors on their rates; fractional agents are one more on some days."""
    dice = np.random.default_rng(seed)
    tallies = [
        _lived(agents, mean, aht, factors[first : first + CHUNK], dice) for first in range(0, len(factors), CHUNK)
    ]
    return np.concatenate(tallies)


def _lived(agents: Floats, mean: Floats, aht: float, factors: Floats, dice: np.random.Generator) -> Floats:
    days = len(factors)
    there = np.floor(agents + dice.random((days, SLOTS))).astype(np.int64).ravel()
    servers = int(there.max())
    seconds, subject, value = [], [], []
    for server in range(servers):
        on = (there > server).astype(np.int64)
        edges = np.flatnonzero(np.diff(on, prepend=0, append=0))
        seconds.append(edges * SECONDS)
        subject.append(np.full(len(edges), server))
        value.append(np.where(np.arange(len(edges)) % 2 == 0, 0, OFF))
    one = np.ones(1)
    world = World(
        interval=SECONDS, slots=days * SLOTS, sigma=0.0, channel=np.full(1, INBOUND), target=TARGET * one,
        patience=PATIENCE * one, aht=np.full((1, days * SLOTS), aht), pace=one, due=0 * one, attempt=0 * one,
        reach=0 * one, pooled=one > 0, callback=np.full(1, OFF), offer=0 * one,
        accept=0 * one, lender=np.full(1, OFF), kept=np.full((1, days * SLOTS), OFF), lends=one < 0,
        speed=np.ones(servers), group=np.full(servers, OFF),
        serves=np.zeros((0, 1), dtype=np.bool_),
    )  # fmt: skip
    ends = (np.arange(days) * SLOTS + CLOSES) * SECONDS
    roster = changes(np.concatenate(seconds), ACTIVITY, np.concatenate(subject), np.concatenate(value))
    counts = dice.poisson((factors[:, None] * mean).ravel())[None, :]
    seed = int(dice.integers(2**31))
    state = fresh(world, streams(seed, 0, 1), counts, 1, 200_000)
    closings = changes(ends, CLOSING, np.zeros(days, dtype=np.int64), 0)
    if not live(world, in_order([closings, roster]), state):
        raise RuntimeError("too many contacts wait at once")
    return np.asarray(state.tally[:, 0].reshape(days, SLOTS, COLUMNS))


def intervals(days: int) -> list[dict[str, object]]:
    """Known rates, per interval; the day's service level too."""
    rows: list[dict[str, object]] = []
    for load, aht, share in ((20.0, 240.0, 2.0), (125.0, 300.0, 1.0), (60.0, 180.0, 1.0)):
        mean = two_peaks(load, aht)
        queue, _, is_open = queue_of(mean, aht, 0.0, None)
        agents = np.ceil(queue.agents(mean))
        levels = transient_levels(
            agents, mean, np.full(SLOTS, aht), is_open, SECONDS, target_seconds=TARGET, patience_seconds=PATIENCE
        )
        count = round(days * share)
        tally = lived(agents, mean, aht, np.ones(count), 1)
        offered, good = tally[..., OFFERED], tally[..., WITHIN]
        found = good.sum(axis=0)[is_open] / offered.sum(axis=0)[is_open]
        still = queue.service(agents)[is_open]
        ratio = good[:, is_open] - found * offered[:, is_open]
        noise = ratio.std(axis=0) / offered[:, is_open].mean(axis=0) / math.sqrt(count)
        error, before = 100 * np.abs(levels[is_open] - found), 100 * np.abs(still - found)
        rows.append(
            {
                "peak_erlangs": load, "aht_s": aht, "days": count,
                "error_points": {"mean": round(error.mean(), 2), "largest": round(error.max(), 2)},
                "stationary_error_points": {"mean": round(before.mean(), 2), "largest": round(before.max(), 2)},
                "noise_of_simulation_points": round(100 * float(noise.max()), 2),
                "day": {
                    "promised": round(float((levels * mean).sum() / mean.sum()), 4),
                    "simulated": round(float(good.sum() / offered.sum()), 4),
                },
            }
        )  # fmt: skip
    return rows


def day_promises(days: int) -> list[dict[str, object]]:
    """Expected service level of days, and the share of days that reach the target."""
    rows: list[dict[str, object]] = []
    aht = 300.0
    mean = two_peaks(125.0, aht)
    for variation, risk in [(0.0, None)] + [(v, r) for v in (0.05, 0.1, 0.2) for r in (None, 0.7, 0.8, 0.9)]:
        queue, arrivals, is_open = queue_of(mean, aht, variation, risk)
        agents = promised_agents(campaign(risk), queue, arrivals, is_open, SECONDS)
        level = expected_levels(queue, agents, arrivals, is_open, SECONDS)
        size = 1 / max(variation, 1e-9) ** 2
        middles = (np.arange(days) + 0.5) / days  # days stand for equal parts of the distribution: less left to chance
        factors = gamma.ppf(middles, size, scale=1 / size) if variation else np.ones(days)
        tally = lived(agents, mean, aht, factors, 3)
        offered, good = tally[..., OFFERED].sum(axis=1), tally[..., WITHIN].sum(axis=1)
        promised, simulated = float((level * mean).sum() / mean.sum()), float(good.sum() / offered.sum())
        met = float((good >= LEVEL * offered).mean())
        rows.append(
            {
                "variation_of_days": variation, "met_on_days": risk, "days": days,
                "promised": round(promised, 4), "simulated": round(simulated, 4),
                "difference_points": round(100 * (promised - simulated), 2),
                "days_met": round(met, 3),
                "days_met_difference_points": None if risk is None else round(100 * (met - risk), 1),
            }
        )  # fmt: skip
    return rows


def whole_rosters(workers: int) -> dict[str, object]:
    """20 campaigns, all rosters included. With uncertain rates 200 days leave a point to chance, so many more are lived too."""
    documents = many_campaigns(20)
    live_through(*documents, days=7, workers=workers)
    found: dict[str, object] = {"agents": len(documents[0].agents), "campaigns": len(documents[0].campaigns)}
    for name, rates, days in (
        ("known", Rates.KNOWN, 200),
        ("uncertain", Rates.UNCERTAIN, 200),
        ("uncertain_many_days", Rates.UNCERTAIN, 2100),
    ):
        begun = perf_counter()
        report = live_through(*documents, days=days, workers=workers, rates=rates, seed=1)
        elapsed = perf_counter() - begun
        rows = [
            (
                100 * (entry.service_level.value - entry.rostered_service_level),
                50 * (entry.service_level.high - entry.service_level.low),
                entry.campaign,
            )
            for entry in report.inbound
            if entry.service_level is not None and entry.rostered_service_level is not None
        ]
        largest, interval, campaign = max(rows, key=lambda row: abs(row[0]))
        found[name] = {
            "days": report.days,
            "contacts_per_day": round(sum(entry.offered for entry in report.inbound) / report.days),
            "seconds_of_simulation": round(report.seconds, 2),
            "seconds_in_all": round(elapsed, 2),
            "events_per_second": round(report.events_per_second),
            "simulated_less_promised_points": {
                "mean": round(float(np.mean([gap for gap, _, _ in rows])), 2),
                "largest": round(largest, 2),
                "of": campaign,
                "its_half_interval": round(interval, 2),
                "mean_half_interval": round(float(np.mean([half for _, half, _ in rows])), 2),
            },
            "campaigns_outside_their_interval": sum(abs(gap) > half for gap, half, _ in rows),
            "campaigns_beyond_1.5_points_and_their_interval": sum(abs(gap) > 1.5 + half for gap, half, _ in rows),
        }
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description="Promises of the staffing formulas against simulation, as JSON.")
    parser.add_argument("--days", type=int, default=2000, help="Days simulated per row.")
    parser.add_argument("--workers", type=int, default=2, help="Processor cores of whole rosters.")
    parser.add_argument("--only", choices=("intervals", "days", "rosters"), help="One part alone.")
    asked = parser.parse_args()
    parts = {
        "intervals": lambda: intervals(asked.days),
        "days": lambda: day_promises(asked.days),
        "rosters": lambda: whole_rosters(asked.workers),
    }
    found: dict[str, object] = {"processor": platform.processor() or platform.machine()}
    found |= {name: part() for name, part in parts.items() if asked.only in (None, name)}
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
