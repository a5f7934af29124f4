"""What idle time gives, and whether simulation confirms it, as JSON: `./dev bench blending [--days N] [--workers N]`.

A week of four inbound campaigns of 5 to 60 erlangs at their peak, each with a basket of mails of a quarter of its work, due
within a day, that its agents may work when they are idle. Rosters are made by hand, slot by slot, for the requirement.
"""

from __future__ import annotations

import argparse
import json
from datetime import timedelta
from time import perf_counter

import numpy as np

from benchmarks.many_campaigns import DAYS, FIRST_DAY, SHRINKAGE, SLOTS, bare_plan, blank_case, forecast_of
from models.promise import live_through
from models.staffing.requirement import build_requirement
from wfm.assumptions import Rates
from wfm.campaign import Channel
from wfm.case import Case
from wfm.demand import Forecast
from wfm.plan import Plan, Segment, Shift
from wfm.requirement import CampaignRequirement, Requirement

Documents = tuple[Case, Requirement, Plan, Forecast]

ERLANGS, AHT, MAIL_AHT, MAILS = (5.0, 12.0, 25.0, 60.0), 240.0, 360.0, 0.25
PEAK_TO_DAY = 15.0
"""Half-hours at the peak's rate that a day's contacts would fill."""


def case_of(*, blended: bool, agents: int) -> Case:
    lines = [f"line{index}" for index in range(len(ERLANGS))]
    case = blank_case(lines, agents)
    mails = [
        entry.model_dump()
        | {
            "id": f"mail{index}", "channel": Channel.DEFERRABLE, "service_level": None, "service_seconds": None,
            "patience_seconds": None, "deadline_hours": 24, "blended_with": entry.id if blended else None,
        }
        for index, entry in enumerate(case.campaigns)
    ]  # fmt: skip
    hours = [entry.model_dump() | {"campaign": entry.campaign.replace("line", "mail")} for entry in case.opening_hours]
    dump = case.model_dump()
    people = [entry | {"skills": dict.fromkeys(lines, 3)} for entry in dump["agents"]]
    return Case.model_validate(
        dump
        | {
            "campaigns": [*dump["campaigns"], *mails],
            "opening_hours": [*dump["opening_hours"], *hours],
            "agents": people,
        }
    )


def documents(*, blended: bool) -> Documents:
    contacts = np.array(ERLANGS) * 1800 / AHT * PEAK_TO_DAY
    volume = np.concatenate([contacts, MAILS * contacts * AHT / MAIL_AHT])
    aht = np.repeat([AHT, MAIL_AHT], len(ERLANGS))
    case = case_of(blended=blended, agents=400)
    forecast = forecast_of(case, volume, aht)
    requirement = build_requirement(case, forecast)
    return case, requirement, plan_slot_by_slot(case, requirement), forecast


def plan_slot_by_slot(case: Case, requirement: Requirement) -> Plan:
    """As many heads in every slot as are asked for, on average over the slots; no rule of shifts is kept."""
    shifts: list[Shift] = []
    first_agent = 0
    for entry in requirement.campaigns:
        heads = heads_of(entry)
        for agent in range(int(heads.max())):
            name = case.agents[first_agent + agent].id
            for day in range(DAYS):
                on = (heads[day * SLOTS : (day + 1) * SLOTS] > agent).astype(int)
                edges = np.flatnonzero(np.diff(on, prepend=0, append=0)).reshape(-1, 2) + day * SLOTS
                shifts += [
                    Shift(
                        agent=name, day=FIRST_DAY + timedelta(days=day), pattern="day",
                        segments=(Segment(activity=entry.campaign, first_slot=int(begin), slots=int(end - begin)),),
                    )
                    for begin, end in edges
                ]  # fmt: skip
        first_agent += int(heads.max())
    return bare_plan(case, requirement, tuple(shifts))


def heads_of(entry: CampaignRequirement) -> np.ndarray:
    """Whole heads per slot, whose running sum is that of the agents asked for."""
    wanted = np.cumsum(np.array(entry.net_agents) / (1 - SHRINKAGE))
    return np.diff(np.round(wanted), prepend=0.0)


def main() -> None:
    parser = argparse.ArgumentParser(description="Idle time used for other work, against simulation, as JSON.")
    parser.add_argument("--days", type=int, default=700)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    found: dict[str, object] = {}
    hours = {}
    for name, blended in (("apart", False), ("blended", True)):
        begun = perf_counter()
        made = documents(blended=blended)
        requirement = made[1]
        prepared = perf_counter() - begun
        hours[name] = sum(entry.work for entry in requirement.campaigns) / 2000
        found[name] = {
            "seconds_of_requirement_and_plan": round(prepared, 2),
            "required_hours": round(hours[name]),
            "rates": {rates: judged(made, rates, asked) for rates in Rates},
        }
    given = sum(sum(entry.blending.agents) / 2 for entry in requirement.campaigns if entry.blending is not None)
    mails = sum(
        float((np.array(entry.volume) * np.array(entry.aht_seconds)).sum()) / 3600
        for entry in requirement.campaigns[4:]
    )
    found["saved"] = {
        "hours": round(hours["apart"] - hours["blended"]), "share": round(1 - hours["blended"] / hours["apart"], 4),
        "hours_of_mails": round(mails), "hours_given_by_idle_time": round(given),
    }  # fmt: skip
    print(json.dumps(found, indent=2))


def judged(documents: Documents, rates: Rates, asked: argparse.Namespace) -> list[dict[str, object]]:
    report = live_through(*documents, days=asked.days, seed=5, workers=asked.workers, rates=rates)
    rows: list[dict[str, object]] = [
        {
            "campaign": entry.campaign,
            "promised": round(entry.promised_service_level, 4), "rostered": round(entry.rostered_service_level, 4),
            "simulated": round(entry.service_level.value, 4),
            "half_interval_points": round(50 * (entry.service_level.high - entry.service_level.low), 2),
            "simulated_less_rostered_points": round(100 * (entry.service_level.value - entry.rostered_service_level), 2),
            "occupancy": round(entry.occupancy.value, 3),
        }
        for entry in report.inbound
    ]  # fmt: skip
    rows += [
        {"campaign": entry.campaign, "done_in_time": round(entry.done_in_time.value, 4), "not_begun": entry.not_begun}
        for entry in report.deferrable
    ]
    return rows


if __name__ == "__main__":
    main()
