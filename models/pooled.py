"""Plans of a case whose idle agents help other campaigns: planned, lived through, credited, and planned again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from models.simulate.simulate import simulate
from models.staffing.pooling import credited, most_credit
from wfm.assumptions import Rates, Routing
from wfm.case import Case
from wfm.demand import Forecast
from wfm.plan import Plan
from wfm.progress import Stop, never
from wfm.requirement import Requirement

AIM = (0.0, 0.01, 0.02)
"""Service level above the floor that is aimed at, round by round: of many campaigns one always gets less than was aimed at."""
ROUNDS = len(AIM)
"""Plans after the first one; each costs a whole search."""
DAYS = 400
TOLERANCE = 0.005
"""Of a service level: below its floor by no more counts as chance of the simulation."""
GAIN = (0.05, 0.15, 1.0)
"""Service level lost per whole share of the most credit: least and most that is believed, and what is guessed at first."""
STEP = 0.9
"""Part of a correction that is made at once."""

Planner = Callable[[Requirement], Plan]
"""Makes a plan for a requirement."""
Levels = dict[str, float]


@dataclass(frozen=True)
class Pooled:
    """A plan and the requirement it was made for. `share` of the most credit each pooled campaign got; `surplus`: how far its
    simulated service level (of what they also do when idle: the share done in time), with idle agents helping out, lies above its
    floor. `told`: what became of the credit, in words.
    """

    requirement: Requirement
    plan: Plan
    share: Levels
    surplus: Levels
    told: str = ""

    @property
    def is_kept(self) -> bool:
        """Whether no campaign falls below its floor."""
        return min(self.surplus.values(), default=0.0) >= -TOLERANCE


def plan_pooled(
    case: Case,
    forecast: Forecast,
    requirement: Requirement,
    planner: Planner,
    *,
    seed: int = 0,
    workers: int = 2,
    stop: Stop = never,
) -> Pooled:
    """The cheapest of four plans in which no campaign does worse, with idle agents helping out, than in the plan made without
    credit whose agents keep to their campaigns (or than its promise, where that is lower); if there is none, that plan
    itself: no credit is given that simulation does not confirm, and `told` says which campaign it failed. Work that is blended
    with calls is watched like them.

    A campaign's share of the most credit rises while simulation shows it above that floor and falls while it is below:
    one whose agents often leave to help others may need more of its own. `stop` ends it with the best plan so far.
    """

    def lived(made: Requirement, plan: Plan, routing: Routing) -> Levels:
        report = simulate(
            case, made, plan, forecast, days=DAYS, seed=seed, workers=workers, rates=Rates.UNCERTAIN, routing=routing
        )
        shares = {entry.campaign: entry.service_level for entry in report.inbound}
        shares |= {entry.campaign: entry.done_in_time for entry in report.deferrable}
        return {name: 1.0 if found is None else found.value for name, found in shares.items()}

    def judged(made: Requirement, plan: Plan, share: Levels) -> Pooled:
        levels = lived(made, plan, Routing.POOLED)
        return Pooled(made, plan, share, {name: levels[name] - floors[name] for name in floors})

    most = most_credit(case, forecast, requirement)
    plan = planner(requirement)
    if not most:
        told = "no two inbound campaigns share agents, so nobody helps out"
        return Pooled(requirement, plan, {}, {}, told)
    promised = {entry.campaign: _promise(entry.service_level, entry.volume) for entry in requirement.campaigns}
    alone = lived(requirement, plan, Routing.ROSTERED)
    blended = [entry.campaign for entry in requirement.campaigns if entry.blending is not None]
    floors = {name: min(alone[name], promised[name]) for name in most} | {name: alone[name] for name in blended}
    last = judged(requirement, plan, dict.fromkeys(most, 0.0))
    tried = [last]
    gain = dict.fromkeys(most, GAIN[1])
    for aim in AIM:
        if stop():
            break
        share = {
            name: max(-1.0, min(1.0, last.share[name] + STEP * (last.surplus[name] - aim) / gain[name]))
            for name in most
        }
        made = credited(requirement, most, share)
        following = judged(made, planner(made), share)
        for name in most:
            moved = share[name] - last.share[name]
            if abs(moved) > 0.02:
                lost = (last.surplus[name] - following.surplus[name]) / moved
                gain[name] = max(GAIN[0], min(GAIN[2], lost))
        last = following
        tried.append(last)
    kept = (found for found in tried if found.is_kept)
    best = min(kept, key=lambda found: found.plan.bill.total_cents, default=tried[0])
    return replace(best, told=_told(best, tried))


def _told(best: Pooled, tried: list[Pooled]) -> str:
    """What became of the credit, for the planner."""
    if not best.is_kept:
        return f"helping out leaves campaigns worse off, with credit or without ({_worst(tried)})"
    if best is not tried[0]:
        given = [entry.pooling_credit for entry in best.requirement.campaigns if entry.pooling_credit is not None]
        fewer = float(np.sum(given, axis=0).mean())
        return (
            f"{fewer:.1f} agents fewer on average for what idle ones do for other campaigns, in plan {tried.index(best) + 1} "
            f"of {len(tried)}; no campaign worse off in simulation than without help"
        )
    if len(tried) == 1:
        return "no credit for idle agents who help out: stopped before a plan with it was made"
    if any(found.is_kept for found in tried[1:]):
        return f"no credit for idle agents who help out: none of {len(tried) - 1} plans with it was cheaper"
    return f"no credit for idle agents who help out: simulation refused it ({_worst(tried[1:])})"


def _worst(tried: list[Pooled]) -> str:
    """Per plan, the campaign furthest below its floor."""
    names = [min(found.surplus, key=lambda name: found.surplus[name]) for found in tried]
    return ", ".join(
        f"{name} {100 * -found.surplus[name]:.1f} points below its floor"
        for name, found in zip(names, tried, strict=True)
    )


def _promise(levels: tuple[float, ...] | None, volume: tuple[float, ...]) -> float:
    """Promised over the plan, all contacts alike; 1 where nothing is."""
    total = sum(volume)
    if levels is None or total <= 0:
        return 1.0
    return sum(level * count for level, count in zip(levels, volume, strict=True)) / total
