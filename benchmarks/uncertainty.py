"""What it saves to plan for all that a forecast holds possible, on generated cases: a JSON object per plan, then a summary.

    ./dev bench uncertainty --seeds 1 2 3 4 5 --rounds 2500

Inbound campaigns get a price per lost contact and none for shortage. Three aims for each case, searched for equal rounds:

- `scenarios`: least expected cost over the forecast's rates, as the planner does (pieces over all of them);
- `mean_rate`: the same cost at the mean rates alone, as if the forecast were certain;
- `target`: the service target at the mean rates, what falls short of it at the case's own price of shortage.

Each aim takes the best of the three plans by its own measure, goes on from there for as many rounds again, and ends with the best
of those three (`found_by`), so that what sets them apart is the aim and not the luck of a search. Each is judged out of sample:
rosters and purchases, other campaigns' shortage, and the contacts lost at fresh rates drawn from the forecast (a factor for
every day, noise for every half-hour), the same for all three. `processor_seconds` of the first search with its bound tell
what the pieces cost in time.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from benchmarks.practices import changed
from benchmarks.roster import documents
from data.ingest.case import read_case
from models.chain import assemble
from models.forecast.forecast import forecast_case
from models.roster.resume import Start
from models.roster.solve import solve
from models.roster.watch import Limits, Result
from models.staffing.erlang import performance
from models.staffing.price import queue_of
from models.staffing.rates import RateSpread, days_of, rate_spread
from models.staffing.requirement import build_requirement
from wfm.campaign import Channel
from wfm.case import Case
from wfm.check import check_plan
from wfm.clock import zone
from wfm.costs import bill
from wfm.coverage import capacity
from wfm.demand import QUANTILES, Forecast
from wfm.plan import Plan
from wfm.requirement import MILLI, Requirement

Floats = NDArray[np.float64]

DRAWS = 400
"""Rates drawn for every half-hour."""


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", choices=("S", "M"), default="S")
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3, 4, 5])
    parser.add_argument("--rounds", type=int, default=2500, help="rounds of each of an aim's two searches")
    parser.add_argument("--cents", type=int, default=500, help="price of a lost contact, minor units")
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "wfm-benchmark-cases")
    arguments = parser.parse_args(argv)
    rows = []
    for seed in arguments.seeds:
        case, _ = documents(arguments.size, seed, arguments.cache)
        forecast = forecast_of(case, arguments.cache / f"{arguments.size}{seed}")
        aims = arms(case, forecast, arguments.cents)
        first, seconds = {}, {}
        for name, aim in aims.items():
            begun = process_time()
            first[name] = searched(*aim, arguments.rounds)
            seconds[name] = round(process_time() - begun, 2)
        results = {name: searched(*aim, arguments.rounds, first[best_for(*aim, first)]) for name, aim in aims.items()}
        for name, (own, requirement) in aims.items():
            chosen = best_for(own, requirement, results)
            plan = assemble(own, requirement, replace(results[chosen], bound=results[name].bound), seed=0)
            row = {
                "seed": seed,
                "plan": name,
                "found_by": chosen,
                "gap": round(plan.certificate.gap, 5),
                "violations": [violation.rule for violation in check_plan(own, requirement, plan)],
                "processor_seconds": seconds[name],
            }
            rows.append(row | judged(case, plan, forecast, arguments.cents))
            print(json.dumps(rows[-1]), flush=True)
    print(json.dumps({"cents": arguments.cents, "rounds": arguments.rounds, "summary": summary(rows)}), flush=True)
    return 0


def forecast_of(case: Case, folder: Path) -> Forecast:
    """The forecast of a cached case, from the cache where it is there."""
    file = folder.with_name(f"{folder.name}-{case.content_hash()[:12]}-forecast.json")
    if not file.exists():
        file.write_text(forecast_case(case, read_case(folder).histories, seed=0).model_dump_json(), encoding="utf-8")
    return Forecast.model_validate_json(file.read_text(encoding="utf-8"))


def arms(case: Case, forecast: Forecast, cents: int) -> dict[str, tuple[Case, Requirement]]:
    """Case and requirement of each kind of plan."""
    campaigns = tuple(
        entry.model_copy(update={"lost_contact_cost": cents, "shortage_cost_per_hour": 0})
        if entry.channel is Channel.INBOUND
        else entry
        for entry in case.campaigns
    )
    lossy = changed(case, {"campaigns": campaigns})
    return {
        "scenarios": (lossy, required(lossy, forecast)),
        "mean_rate": (lossy, required(lossy, certain(forecast))),
        "target": (case, required(case, certain(forecast))),
    }


def required(case: Case, forecast: Forecast) -> Requirement:
    return build_requirement(case, forecast.model_copy(update={"case_hash": case.content_hash()}))


def certain(forecast: Forecast) -> Forecast:
    """The forecast as if its means were sure."""
    levels = len(QUANTILES)
    campaigns = (
        entry.model_copy(update={"quantiles": (entry.mean,) * levels, "day_quantiles": (entry.day_mean,) * levels})
        for entry in forecast.campaigns
    )
    return forecast.model_copy(update={"campaigns": tuple(campaigns)})


def searched(case: Case, requirement: Requirement, rounds: int, begin: Result | None = None) -> Result:
    """A plan of so many rounds of search, from nothing or from the middle of a search that found `begin`."""
    start = Start(begin.shifts, begin.purchases, 0.5) if begin else None
    return solve(case, requirement, limits=Limits(600.0, rounds), seed=0, workers=1, start=start)


def best_for(case: Case, requirement: Requirement, results: dict[str, Result]) -> str:
    """Name of the result that costs least under a case and requirement."""

    def cents(name: str) -> int:
        return bill(case, requirement, results[name].shifts, results[name].purchases).total_cents

    return min(results, key=cents)


def judged(case: Case, plan: Plan, forecast: Forecast, cents: int) -> dict[str, int]:
    """Cents of a plan out of sample: rosters and purchases, shortage of campaigns that are not inbound, lost contacts."""
    inbound = {entry.id for entry in case.campaigns if entry.channel is Channel.INBOUND}
    sure = sum(
        line.cents
        for line in plan.bill.lines
        if line.kind not in {"shortage", "lost_contacts"} or (line.kind == "shortage" and line.subject not in inbound)
    )
    lost = lost_contacts(case, plan, forecast)
    return {"cost": sure + round(cents * lost), "rosters_and_purchases": sure, "lost_contacts": round(lost)}


def lost_contacts(case: Case, plan: Plan, forecast: Forecast) -> float:
    """Mean contacts lost at rates drawn from the forecast; half agents are one agent half of the time."""
    there, random, total = capacity(case, plan), np.random.default_rng(20261125), 0.0
    for entry in forecast.campaigns:
        campaign = case.campaign_by_id[entry.campaign]
        if campaign.channel is not Channel.INBOUND:
            continue
        queue, volume = queue_of(case, campaign, entry), np.array(entry.mean)
        day = days_of(entry, case.grid.walls(zone(case.market_by_id[campaign.market].time_zone)))
        busy = np.flatnonzero(volume > 0)
        factors = drawn_factors(rate_spread(entry), day[busy], random)
        servers = there[campaign.id].total[busy] / MILLI * queue.lines
        fewer = np.floor(servers).astype(np.int64)
        part = (servers - fewer)[:, None]
        loads, aht = queue.load[busy, None] * factors, queue.aht[busy, None]
        hung_up = [performance((fewer + more)[:, None], loads, aht, 0.0, queue.patience).abandonment for more in (0, 1)]
        share = (1 - part) * hung_up[0] + part * hung_up[1]
        total += float((volume[busy, None] * factors * share).mean(axis=1).sum())
    return total


def drawn_factors(spread: RateSpread, day: NDArray[np.int64], random: np.random.Generator) -> Floats:
    """Rates over their means, shape (slots, DRAWS): a factor by day, from its quantiles, times noise by slot (gamma)."""
    scores = ndtri(random.random((DRAWS, spread.tail.shape[1])))
    of_day = np.array([np.interp(scores[:, d], ndtri(QUANTILES), spread.tail[:, d]) for d in range(scores.shape[1])])
    factor = np.maximum(1 + of_day * np.sqrt(spread.day_variance)[:, None], 0.02)[day]
    if spread.slot_variance <= 0:
        return np.asarray(factor)
    shape = 1 / spread.slot_variance
    return np.asarray(factor * random.gamma(shape, 1 / shape, factor.shape))


def summary(rows: list[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """Share of out-of-sample cost that `scenarios` saves against each other plan, and its processor time over theirs."""
    found = {}
    best = {row["seed"]: row for row in rows if row["plan"] == "scenarios"}
    for name in ("mean_rate", "target"):
        pairs = [(best[row["seed"]], row) for row in rows if row["plan"] == name]
        saved = [1 - ours["cost"] / theirs["cost"] for ours, theirs in pairs]
        found[name] = {
            "cases": len(saved),
            "saved_median": round(statistics.median(saved), 5),
            "saved_least": round(min(saved), 5),
            "saved_most": round(max(saved), 5),
            "seconds_ratio_median": round(
                statistics.median(ours["processor_seconds"] / theirs["processor_seconds"] for ours, theirs in pairs), 3
            ),
        }
    return found


if __name__ == "__main__":
    sys.exit(main())
