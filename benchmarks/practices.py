"""Rosters and purchases planned together against what centres usually do: a JSON object per case and practice, then a summary.

    ./dev bench practices --sizes S --seeds 1 2 3 4 5 6 7 8 9 10 --seconds 60

Every practice is our own optimiser on the same case and requirement with something forbidden, given the same seconds in all:

- `roster_first`: own rosters without overtime and without partners, then partners for the work left over;
- `roster_first_overtime`: the same with overtime;
- `one_campaign`: every agent answers one campaign alone, chosen where most work per agent is wanted;
- `fixed_shifts`: every contract has one length of shift, eight effective hours or what is nearest to its day.

Beside them, in the same seconds, what others would plan with:

- `plain_cp_sat`: nothing forbidden, the joint problem as a plain CP-SAT model (`plain_cp_sat`);
- `pyworkforce`, where `--peer` names a Python that has it: how many people on which shift is found by pyworkforce, one campaign
  at a time, who they are and what partners do by us (`pyworkforce_roster`).

Each plan is checked under the whole case, and its cost is the bill of the whole case. `saved` is what joint planning saves
against a practice, as a share of the practice's cost; `seconds` is the wall time it took.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from decimal import ROUND_CEILING, Decimal
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple

from benchmarks.plain_cp_sat import PlainModel
from benchmarks.pyworkforce_roster import rosters
from benchmarks.roster import documents
from models.chain import assemble
from models.roster.bound import Bound
from models.roster.solve import solve
from models.roster.watch import Limits, Result
from wfm.case import Case
from wfm.check import check_plan
from wfm.coverage import capacity_of, unmet
from wfm.plan import Plan, Shift
from wfm.requirement import CampaignRequirement, Requirement

ROSTERS = 0.75
"""Share of the seconds that rosters get where purchases come after them."""

EIGHT_HOURS = 480


class Budget(NamedTuple):
    """What every plan gets: seconds of wall time, and threads at work in them."""

    seconds: float
    workers: int

    def part(self, share: float) -> Budget:
        return self._replace(seconds=share * self.seconds)


def changed(case: Case, fields: dict[str, Any]) -> Case:
    """A fresh case: a copy of the old one would keep what it has worked out of its fields."""
    return Case.model_validate({name: getattr(case, name) for name in Case.model_fields} | fields)


def joint(case: Case, requirement: Requirement, budget: Budget) -> Result:
    return solve(case, requirement, limits=Limits(budget.seconds), seed=0, workers=budget.workers)


def roster_first(case: Case, requirement: Requirement, budget: Budget) -> Result:
    without = tuple(contract.model_copy(update={"max_overtime_minutes_week": 0}) for contract in case.contracts)
    return roster_first_overtime(case, requirement, budget, changed(case, {"contracts": without}))


def roster_first_overtime(
    case: Case, requirement: Requirement, budget: Budget, rostering: Case | None = None
) -> Result:
    """Rosters are planned for all work but the share that partners must do."""
    campaigns = tuple(entry.model_copy(update={"min_partner_share": 0.0}) for entry in case.campaigns)
    alone = changed(rostering or case, {"partners": (), "campaigns": campaigns})
    own = joint(alone, _own_part(case, requirement), budget.part(ROSTERS))
    return _then_buy(case, requirement, own.shifts, budget.part(1 - ROSTERS))


def _then_buy(case: Case, requirement: Requirement, shifts: tuple[Shift, ...], budget: Budget) -> Result:
    """Partners for the work that `shifts` leave undone."""
    return replace(joint(*rest_of(case, requirement, shifts), budget), shifts=shifts)


def _own_part(case: Case, requirement: Requirement) -> Requirement:
    entries = []
    for entry in requirement.campaigns:
        part = 1 - case.campaign_by_id[entry.campaign].min_partner_share
        items = (item.model_copy(update={"work": int(item.work * part)}) for item in entry.items)
        entries.append(entry.model_copy(update={"items": tuple(items)}))
    return requirement.model_copy(update={"campaigns": tuple(entries)})


def rest_of(case: Case, requirement: Requirement, shifts: tuple[Shift, ...]) -> tuple[Case, Requirement]:
    """The case without own agents, and the work that `shifts` leave undone. Shares of partners are of the whole work: they are
    put in terms of what is left, so that they allow and ask for the same hours.
    """
    own = capacity_of(case, shifts, ())
    entries, campaigns = [], []
    for entry in requirement.campaigns:
        left = unmet(entry, own[entry.campaign].own)
        items = (item.model_copy(update={"work": int(work)}) for item, work in zip(entry.items, left, strict=True))
        entries.append(entry.model_copy(update={"items": tuple(items)}))
        campaigns.append(_same_hours(case, entry, int(left.sum())))
    rest = changed(case, {"agents": (), "absences": (), "wishes": (), "campaigns": tuple(campaigns)})
    return rest, Requirement(case_hash=rest.content_hash(), grid=requirement.grid, campaigns=tuple(entries))


def _same_hours(case: Case, entry: CampaignRequirement, left: int) -> Any:
    campaign = case.campaign_by_id[entry.campaign]
    if campaign.max_agents is not None:
        sys.exit(
            f"benchmarks/practices.py: campaign {campaign.id} has max_agents, which buying after rostering cannot keep."
        )
    ratio = Decimal(entry.work) / max(1, left)
    most = (1 - Decimal(str(campaign.min_inhouse_share))) * ratio
    least = Decimal(str(campaign.min_partner_share)) * ratio
    grain = Decimal("1e-9")
    return campaign.model_copy(
        update={
            "min_inhouse_share": float(max(Decimal(0), (1 - most).quantize(grain, ROUND_CEILING))),
            "min_partner_share": float(least.quantize(grain, ROUND_CEILING)),
        }
    )


def one_campaign(case: Case, requirement: Requirement, budget: Budget) -> Result:
    chosen = _teams(case, requirement)
    # A skill of its own for each campaign, so that two campaigns of one skill are kept apart too.
    campaigns = tuple(entry.model_copy(update={"skill": entry.id, "min_level": 1}) for entry in case.campaigns)
    agents = tuple(
        agent.model_copy(update={"skills": {chosen[agent.id]: 1} if agent.id in chosen else {}})
        for agent in case.agents
    )
    return joint(changed(case, {"campaigns": campaigns, "agents": agents}), requirement, budget)


def _teams(case: Case, requirement: Requirement) -> dict[str, str]:
    """Campaign of every agent who can work any. Agents with the fewest choices choose first; each takes the campaign with most
    work per agent who has taken it so far.
    """
    work = {entry.campaign: entry.work for entry in requirement.campaigns}
    taken = dict.fromkeys(work, 0)
    able = {
        agent.id: [entry for entry in case.campaigns if agent.skills.get(entry.skill, 0) >= entry.min_level]
        for agent in case.agents
    }
    chosen = {}
    for agent in sorted(case.agents, key=lambda agent: (len(able[agent.id]), agent.id)):
        if able[agent.id]:
            campaign = max(able[agent.id], key=lambda entry: (work[entry.id] / (1 + taken[entry.id]), entry.id))
            taken[campaign.id] += 1
            chosen[agent.id] = campaign.id
    return chosen


def fixed_shifts(case: Case, requirement: Requirement, budget: Budget) -> Result:
    kept = []
    for contract in case.contracts:
        wanted = min(EIGHT_HOURS, contract.week_minutes // contract.days_per_week)
        usable = [pattern for pattern in case.shift_patterns if pattern.contract in {None, contract.id}]
        nearest = min(usable, key=lambda pattern: abs(pattern.effective_minutes - wanted)).effective_minutes
        kept += [
            pattern.model_copy(update={"id": f"{pattern.id}/{contract.id}", "contract": contract.id})
            for pattern in usable
            if pattern.effective_minutes == nearest
        ]
    result = joint(changed(case, {"shift_patterns": tuple(kept)}), requirement, budget)
    own_names = (shift.model_copy(update={"pattern": shift.pattern.partition("/")[0]}) for shift in result.shifts)
    return replace(result, shifts=tuple(own_names))


def plain_cp_sat(case: Case, requirement: Requirement, budget: Budget) -> Result | None:
    return PlainModel(case, requirement).solve(*budget)


def pyworkforce(python: str, case: Case, requirement: Requirement, budget: Budget) -> Result | None:
    shifts = rosters(python, case, requirement, _teams(case, requirement), *budget.part(ROSTERS))
    return None if shifts is None else _then_buy(case, requirement, shifts, budget.part(1 - ROSTERS))


Practice = Callable[[Case, Requirement, Budget], Result | None]

PRACTICES: dict[str, Practice] = {
    "joint": joint,
    "roster_first": roster_first,
    "roster_first_overtime": roster_first_overtime,
    "one_campaign": one_campaign,
    "fixed_shifts": fixed_shifts,
    "plain_cp_sat": plain_cp_sat,
}


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", nargs="+", choices=("S", "M", "L", "XL"), default=["S"])
    parser.add_argument("--seeds", nargs="+", type=int, default=list(range(1, 11)))
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--workers", type=int, default=2, help="threads at work on every plan")
    parser.add_argument("--peer", metavar="PYTHON", help="a Python that has pyworkforce")
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "wfm-benchmark-cases")
    arguments = parser.parse_args(argv)
    budget = Budget(arguments.seconds, arguments.workers)
    practices = PRACTICES | ({"pyworkforce": partial(pyworkforce, arguments.peer)} if arguments.peer else {})
    for size in arguments.sizes:
        rows = [
            row
            for seed in arguments.seeds
            for row in compare(practices, *documents(size, seed, arguments.cache), budget, size=size, seed=seed)
        ]
        print(json.dumps({"size": size, **budget._asdict(), "summary": summarise(rows)}), flush=True)
    return 0


def compare(
    practices: dict[str, Practice], case: Case, requirement: Requirement, budget: Budget, **names: object
) -> list[dict[str, Any]]:
    """A row per practice, of which the first is joint planning: cost in cents, what is saved against it as a share of total and
    of changeable cost.
    """
    rows: list[dict[str, Any]] = []
    together: Plan | None = None
    bound: Bound | None = None
    for name, practice in practices.items():
        begun = monotonic()
        result = practice(case, requirement, budget)
        seconds = monotonic() - begun
        if result is None:
            print(json.dumps({**names, "practice": name, "cost": None}), flush=True)
            continue
        bound = bound or result.bound  # the first is of the whole case, the others of what is left of it
        plan = assemble(case, requirement, replace(result, bound=bound), seed=0)
        together = together or plan
        bill = plan.bill
        rows.append(
            {
                **names,
                "practice": name,
                "seconds": round(seconds, 1),
                "cost": bill.total_cents,
                "gap": round(plan.certificate.gap, 5),
                "changeable": bill.changeable_cents,
                "saved": round(1 - together.bill.total_cents / bill.total_cents, 5),
                "saved_of_changeable": round(1 - together.bill.changeable_cents / bill.changeable_cents, 5),
                "violations": [violation.rule for violation in check_plan(case, requirement, plan)],
                "terms": {
                    kind: sum(line.cents for line in bill.lines if line.kind == kind)
                    for kind in ("overtime", "holiday", "wishes", "purchase", "shortage", "lost_contacts")
                },
            }
        )
        print(json.dumps(rows[-1]), flush=True)
    return rows


def summarise(rows: list[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """Median, least and most saved against each practice over the seeds that it found a plan for, shares of total and of
    changeable cost.
    """
    summary = {}
    for name in dict.fromkeys(row["practice"] for row in rows if row["practice"] != "joint"):
        saved = [row["saved"] for row in rows if row["practice"] == name]
        changeable = [row["saved_of_changeable"] for row in rows if row["practice"] == name]
        summary[name] = {
            "cases": len(saved),
            "saved_median": statistics.median(saved),
            "saved_least": min(saved),
            "saved_most": max(saved),
            "saved_of_changeable_median": statistics.median(changeable),
            "saved_of_changeable_least": min(changeable),
            "saved_of_changeable_most": max(changeable),
        }
    return summary


if __name__ == "__main__":
    sys.exit(main())
