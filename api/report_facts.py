"""What the report says in words and figures, computed from the plan."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

import numpy as np

from api.figures.purchase_costs import bought
from api.figures.text import THIN, day, hours, money, number, partner_name, percent, week
from api.figures.view import PlanView
from wfm.blocks import productive_hours
from wfm.coverage import unmet
from wfm.requirement import MILLI, CampaignRequirement

MOST = 5


@dataclass(frozen=True)
class PartnerLine:
    name: str
    city: str
    bought_hours: float
    billed_hours: float
    cents: int


@dataclass(frozen=True)
class Headline:
    """`coverage` is the share of the required work that the plan gets done; `gap_cents` = cost - bound."""

    coverage: float
    required_hours: float
    missing_hours: float
    shortage_cents: int
    gap_cents: int
    purchase_hours: float
    purchase_cents: int
    partners: list[PartnerLine]


@dataclass(frozen=True)
class CampaignRow:
    """Work in productive hours; `spare` = in-house + partner - work done. `target` in words, `expected` the
    service level expected at the required staffing.
    """

    code: str
    name: str
    channel: str
    required: float
    own: float
    partner: float
    spare: float
    coverage: float
    target: str
    expected: str


def headline(view: PlanView) -> Headline:
    lines = view.plan.bill.lines
    partners = []
    for line in lines:
        if line.kind == "purchase":
            partner = view.case.partner_by_id[line.subject]
            own = (entry for entry in view.plan.purchases if entry.partner == partner.id)
            total = float(sum(productive_hours(view.case, entry) for entry in own))
            partners.append(PartnerLine(partner.name, partner.city, total, line.quantity, line.cents))
    required = sum(_work_hours(view, entry.work) for entry in view.requirement.campaigns)
    missing = sum(line.quantity for line in lines if line.kind == "shortage")
    return Headline(
        coverage=1 - missing / required if required else 1.0,
        required_hours=required,
        missing_hours=missing,
        shortage_cents=sum(line.cents for line in lines if line.kind == "shortage"),
        gap_cents=view.plan.certificate.cost_cents - view.plan.certificate.bound_cents,
        purchase_hours=sum(partner.bought_hours for partner in partners),
        purchase_cents=sum(partner.cents for partner in partners),
        partners=partners,
    )


def campaign_rows(view: PlanView) -> list[CampaignRow]:
    rows = []
    for entry in view.requirement.campaigns:
        campaign, there = view.case.campaign_by_id[entry.campaign], view.capacity[entry.campaign]
        missing = int(unmet(entry, there.total).sum())
        target = "within the calling day"
        if campaign.service_level is not None and campaign.service_seconds is not None:
            target = f"{percent(campaign.service_level, 0)} within {campaign.service_seconds:g}{THIN}s"
        elif campaign.deadline_hours is not None:
            target = f"done within {campaign.deadline_hours:g}{THIN}h"
        rows.append(
            CampaignRow(
                code=view.codes[campaign.id],
                name=campaign.name,
                channel=campaign.channel.value,
                required=_work_hours(view, entry.work),
                own=_work_hours(view, int(there.own.sum())),
                partner=_work_hours(view, int(there.partner.sum())),
                spare=_work_hours(view, int(there.total.sum()) - entry.work + missing),
                coverage=1 - missing / entry.work if entry.work else 1.0,
                target=target,
                expected=_expected(entry),
            )
        )
    return sorted(rows, key=lambda row: row.code)


def service_definitions(view: PlanView) -> list[str]:
    """What the requirement means by service level, each definition once."""
    texts = (entry.service_level_definition for entry in view.requirement.campaigns)
    return sorted({text for text in texts if text is not None})


def largest_shortages(view: PlanView) -> list[str]:
    """The days with most work left undone, or most contacts expected to be lost, per campaign, dearest first, in words. Work
    counts on the day it is due.
    """
    case, interval = view.case, view.plan.grid
    walls = interval.walls(case.home_zone)
    found: list[tuple[float, str, date, str]] = []
    for entry in view.requirement.campaigns:
        campaign, there = case.campaign_by_id[entry.campaign], view.capacity[entry.campaign].total
        by_day: dict[date, int] = defaultdict(int)
        missing = unmet(entry, there)
        for index in np.flatnonzero(missing).tolist():
            by_day[walls[entry.items[index].last_slot - 1].date()] += int(missing[index])
        for due, work in by_day.items():
            what = f"{hours(_work_hours(view, work), 1)} of work left undone"
            found.append((_work_hours(view, work) * campaign.shortage_cost_per_hour, campaign.name, due, what))
        lost: dict[date, int] = defaultdict(int)
        for slot, milli_cents in entry.losses.milli_cents(there.tolist()).items() if entry.losses else ():
            lost[walls[slot].date()] += milli_cents
        for due, milli_cents in lost.items():
            if milli_cents:
                contacts = number(milli_cents / MILLI / (campaign.lost_contact_cost or 1), 1)
                found.append((milli_cents / MILLI, campaign.name, due, f"{contacts} contacts expected to be lost"))
    found.sort(key=lambda item: (-item[0], item[2], item[1]))
    return [
        f"{day(due)}, {name}: {what}, priced at {money(round(cents), case.currency)}"
        for cents, name, due, what in found[:MOST]
    ]


def largest_purchases(view: PlanView) -> list[str]:
    """The largest purchases per partner and campaign, dearest first, in words."""
    case = view.case
    cents: dict[tuple[str, str], int] = defaultdict(int)
    by_week: dict[tuple[str, str], dict[int, float]] = defaultdict(dict)
    for entry in bought(view):
        if entry.campaign is not None and entry.week is not None:
            key = entry.partner, entry.campaign
            cents[key] += entry.cents
            by_week[key][entry.week] = entry.hours
    texts = []
    for key in sorted(cents, key=lambda key: (-cents[key], key))[:MOST]:
        partner, weeks = case.partner_by_id[key[0]], by_week[key]
        busiest = max(weeks, key=lambda index: (weeks[index], -index))
        most = f"most of it in the week {week(case, busiest)} ({hours(weeks[busiest])})"
        texts.append(
            f"{partner_name(partner)}, for {case.campaign_by_id[key[1]].name}: {hours(sum(weeks.values()))} for "
            f"{money(cents[key], case.currency)}, {most if len(weeks) > 1 else f'all in the week {week(case, busiest)}'}"
        )
    return texts


def _work_hours(view: PlanView, work: int) -> float:
    return work * view.plan.grid.interval_minutes / 60 / MILLI


def _expected(entry: CampaignRequirement) -> str:
    """Volume-weighted mean over the plan."""
    volume = np.array(entry.volume)
    if entry.service_level is None or volume.sum() == 0:
        return "–"
    return percent(float(np.average(np.array(entry.service_level), weights=volume)))
