"""What idle agents who help other campaigns save, as JSON: `./dev bench pooling [--contacts N] [--seconds N] [--workers N]`.

20 inbound campaigns whose agents know two of them each. `by_hand`: 66,600 contacts a day, rosters made by hand. `optimised`:
--contacts a day, the optimiser with --seconds for every plan, and 5 % fewer agents than five days a week would take, so that
hours are dear. Either way the plan that wins is lived through again on days that no round has seen.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from time import perf_counter

import numpy as np

from benchmarks.many_campaigns import DAYS, many_campaigns, plan_by_hand
from models.chain import assemble
from models.pooled import Planner, Pooled, plan_pooled
from models.promise import live_through
from models.roster.solve import solve
from models.roster.watch import Limits
from models.staffing.requirement import build_requirement
from wfm.assumptions import Routing
from wfm.case import Case
from wfm.check import check_plan
from wfm.demand import Forecast
from wfm.plan import Plan
from wfm.requirement import Requirement

CAMPAIGNS, FRESH_DAYS, FRESH_SEED = 20, 700, 77
STAFFED = 0.95 * DAYS / 5


def by_hand(workers: int) -> dict[str, object]:
    """The bill is the number of shifts."""
    case, requirement, _, forecast = many_campaigns(CAMPAIGNS)
    return judged(case, requirement, forecast, lambda wanted: plan_by_hand(case, wanted), workers)


def optimised(contacts: int, seconds: float, workers: int) -> dict[str, object]:
    """Agents of five days a week, wages and the price of shortage; cents."""
    case, _, alone, forecast = many_campaigns(CAMPAIGNS, contacts)
    first = Counter(
        int(shift.agent[1:]) % CAMPAIGNS for shift in alone.shifts
    )  # shifts a week by campaign before the meal
    homes = [queue for queue in range(CAMPAIGNS) for _ in range(round(STAFFED * first[queue] / DAYS))]
    people = [
        case.agents[0].model_copy(
            update={
                "id": f"A{index:04d}",
                "skills": {f"c{queue:02d}": 3, f"c{(queue + 1) % CAMPAIGNS:02d}": 2},
            }
        )
        for index, queue in enumerate(homes)
    ]
    case = Case.model_validate(case.model_dump() | {"agents": people, "routing": Routing.POOLED})
    forecast = forecast.model_copy(update={"case_hash": case.content_hash()})
    requirement = build_requirement(case, forecast)
    broken: list[int] = []

    def planner(wanted: Requirement) -> Plan:
        result = solve(case, wanted, limits=Limits(seconds), seed=1, workers=workers)
        plan = assemble(case, wanted, result, seed=1)
        broken.append(len(check_plan(case, wanted, plan)))
        return plan

    found = judged(case, requirement, forecast, planner, workers)
    return {"contacts_a_day": contacts, "agents": len(people), "violations_per_plan": broken} | found


def judged(
    case: Case, requirement: Requirement, forecast: Forecast, planner: Planner, workers: int
) -> dict[str, object]:
    """Rounds of plan and simulation, and the winner on fresh days beside the first plan without help."""
    plans: list[Plan] = []

    def remembered(wanted: Requirement) -> Plan:
        plans.append(planner(wanted))
        print(f"plan {len(plans)} after {perf_counter() - begun:.0f} s", file=sys.stderr)
        return plans[-1]

    begun = perf_counter()
    found = plan_pooled(case, forecast, requirement, remembered, seed=1, workers=workers)
    elapsed = perf_counter() - begun
    alone = levels(case, requirement, plans[0], forecast, Routing.ROSTERED, workers)
    pooled = levels(case, found.requirement, found.plan, forecast, Routing.POOLED, workers)
    return {
        "seconds": round(elapsed, 1),
        "cost_per_plan": [plan.bill.changeable_cents for plan in plans],
        "chosen": 1 + next(index for index, plan in enumerate(plans) if plan == found.plan),
        "told": found.told,
        "saved": round(1 - found.plan.bill.changeable_cents / plans[0].bill.changeable_cents, 4)
        if plans[0].bill.changeable_cents
        else None,
        "credit": credit_of(found),
        "least_surplus_points": round(100 * min(found.surplus.values()), 2),
        "service_level_on_fresh_days": {
            name: {"mean": round(float(np.mean(part)), 4), "least": round(min(part), 4)}
            for name, part in (("alone", alone), ("pooled", pooled))
        },
        "largest_loss_points": round(100 * max(a - b for a, b in zip(alone, pooled, strict=True)), 2),
    }


def credit_of(found: Pooled) -> dict[str, object]:
    """Agents fewer, on average over the slots, and as a share of what one queue would save."""
    given = [entry.pooling_credit for entry in found.requirement.campaigns if entry.pooling_credit is not None]
    return {
        "agents": round(float(np.sum(given, axis=0).mean()), 2) if given else 0.0,
        "mean_share_of_most": round(float(np.mean(list(found.share.values()))), 3),
    }


def levels(
    case: Case, requirement: Requirement, plan: Plan, forecast: Forecast, routing: Routing, workers: int
) -> list[float]:
    report = live_through(
        case, requirement, plan, forecast, days=FRESH_DAYS, seed=FRESH_SEED, workers=workers, routing=routing
    )
    return [entry.service_level.value for entry in report.inbound if entry.service_level is not None]


def main() -> None:
    parser = argparse.ArgumentParser(description="What agents who help out save, as JSON.")
    parser.add_argument("--contacts", type=int, default=12_000, help="A day, for the optimiser.")
    parser.add_argument("--seconds", type=float, default=60.0, help="Of the optimiser for every plan.")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", choices=("by_hand", "optimised"))
    asked = parser.parse_args()
    parts = {
        "by_hand": lambda: by_hand(asked.workers),
        "optimised": lambda: optimised(asked.contacts, asked.seconds, asked.workers),
    }
    print(json.dumps({name: part() for name, part in parts.items() if asked.only in (None, name)}, indent=2))


if __name__ == "__main__":
    main()
