"""From checked tables to the documents of a case."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from data.ingest.cells import absence_span
from data.ingest.draft import Draft
from data.ingest.history import campaign_history
from data.ingest.parsed import Row
from data.ingest.wages import agent_pay
from wfm.agent import Absence, Agent, Contract, Regime, Site, Wish
from wfm.assumptions import Routing
from wfm.campaign import Campaign, Event, Market, OpeningHours, TargetPeriod
from wfm.case import Case, ExchangeRate, hash_histories
from wfm.clock import zone
from wfm.history import CampaignHistory
from wfm.list_batch import ListBatch
from wfm.override import Override
from wfm.partner import BlockShift, Certification, Partner, Tier
from wfm.shift import Break, ShiftPattern


def build(draft: Draft) -> tuple[Case, dict[str, CampaignHistory]]:
    """The case and its histories; the draft has passed every rule."""
    plan = draft.plan
    interval = int(plan["interval_minutes"])
    histories = {part.campaign: campaign_history(part, interval) for part in draft.history}
    case = Case(
        name=plan["name"],
        as_of=plan["as_of"],
        first_day=plan["first_day"],
        days=plan["days"],
        interval_minutes=30 if interval == 30 else 15,
        currency=plan["currency"],
        sites=tuple(_site(row) for row in draft.rows("sites")),
        markets=tuple(Market(**_named(row, "market")) for row in draft.rows("markets")),
        campaigns=tuple(_campaign(draft, row) for row in draft.rows("campaigns")),
        opening_hours=_opening_hours(draft),
        events=tuple(Event(**row.cells) for row in draft.rows("events")),
        contracts=tuple(_contract(row) for row in draft.rows("contracts")),
        agents=_agents(draft),
        absences=tuple(_absence(draft, row) for row in draft.rows("absences")),
        wishes=tuple(_wish(draft, row) for row in draft.rows("wishes")),
        shift_patterns=_patterns(draft),
        partners=_partners(draft),
        exchange_rates=tuple(ExchangeRate(**row.cells) for row in draft.rows("exchange_rates")),
        calendar_changes=draft.calendar_changes,
        list_batches=tuple(_list_batch(row) for row in draft.rows("list_batches")),
        overrides=tuple(Override(**row.cells) for row in draft.rows("overrides")),
        routing=plan.get("routing") or Routing.ROSTERED,
        history_hash=hash_histories(histories),
    )
    return case, histories


def _named(row: Row, key: str, *without: str) -> dict[str, Any]:
    """The cells with the key column called `id`, less some."""
    cells = {name: value for name, value in row.cells.items() if name not in (key, *without)}
    return {"id": row[key], **cells}


def _site(row: Row) -> Site:
    values = _named(row, "site", "rest_day_work")
    return Site(**values, rest_day_work=row.get("rest_day_work") or False)


def _campaign(draft: Draft, row: Row) -> Campaign:
    values = _named(row, "campaign", "currency", "met_on_days", "target_period", "concurrency", "lost_contact_cost")
    values["shortage_cost_per_hour"] = draft.minor_units(row["shortage_cost_per_hour"], row["currency"])
    lost = row.get("lost_contact_cost")
    return Campaign(
        **values,
        risk=row.get("met_on_days"),
        target_period=row.get("target_period") or TargetPeriod.INTERVAL,
        concurrency=row.get("concurrency") or 1,
        lost_contact_cost=None if lost is None else draft.minor_units(lost, row["currency"]),
    )


def _opening_hours(draft: Draft) -> tuple[OpeningHours, ...]:
    return tuple(
        OpeningHours(campaign=row["campaign"], weekday=weekday, opens=row["opens"], closes=row["closes"])
        for row in draft.rows("opening_hours")
        for weekday in row["weekdays"]
    )


def _list_batch(row: Row) -> ListBatch:
    cells = {name: value for name, value in row.cells.items() if name not in ("eligible", "refused", "attempted_on")}
    eligible = row.get("eligible")
    return ListBatch(
        **cells,
        eligible=row["records"] if eligible is None else eligible,
        refused=row.get("refused") or 0,
        attempted_on=row.get("attempted_on") or (),
    )


def _contract(row: Row) -> Contract:
    return Contract(
        id=row["contract"],
        week_minutes=round(row["week_hours"] * 60),
        days_per_week=row["days_per_week"],
        max_overtime_minutes_week=round(row["max_overtime_hours_week"] * 60),
        regime=row.get("regime") or Regime.WEEKLY,
    )


def _agents(draft: Draft) -> tuple[Agent, ...]:
    skills = draft.grouped("skills", "agent")
    tz = _home(draft)
    return tuple(
        Agent(
            id=row["agent"],
            site=row["site"],
            contract=row["contract"],
            **agent_pay(draft, row),
            skills={skill["skill"]: skill["level"] for skill in skills[row["agent"]]},
            days_worked_before=row["days_worked_before"],
            last_shift_end=row["last_shift_end"].utc(tz) if row.has("last_shift_end") else None,
            overtime_minutes_before=round((row.get("overtime_hours_before") or 0) * 60),
            year_minutes_before=round((row.get("year_hours_before") or 0) * 60),
            adult_from=row.get("adult_from"),
        )
        for row in draft.rows("agents")
    )


def _absence(draft: Draft, row: Row) -> Absence:
    start, end = absence_span(row["start"], row["end"], _home(draft))
    return Absence(agent=row["agent"], start=start, end=end, kind=row["kind"], whole_day=row["start"].is_date)


def _home(draft: Draft) -> ZoneInfo:
    return zone(draft.rows("sites")[0]["time_zone"])


def _wish(draft: Draft, row: Row) -> Wish:
    cost = draft.minor_units(row["cost"], row["currency"])
    return Wish(agent=row["agent"], day=row["day"], kind=row["kind"], time=row["time"], cost=cost)


def _patterns(draft: Draft) -> tuple[ShiftPattern, ...]:
    """Breaks in order of their windows, whatever their order in the file."""
    breaks = draft.grouped("breaks", "pattern")
    return tuple(
        ShiftPattern(
            **_named(row, "pattern"),
            breaks=tuple(
                _break(pause)
                for pause in sorted(breaks.get(row["pattern"], []), key=lambda pause: pause["earliest_after"] or 0)
            ),
        )
        for row in draft.rows("shift_patterns")
    )


def _break(row: Row) -> Break:
    return Break(
        name=row["name"],
        minutes=row["minutes"],
        paid=row["paid"],
        earliest_after=row["earliest_after"] or 0,
        latest_after=row["latest_after"] or 0,
        at_sunset=row.get("at_sunset") or False,
    )


def _partners(draft: Draft) -> tuple[Partner, ...]:
    tiers, shifts, campaigns = (
        draft.grouped(table, "partner") for table in ("partner_tiers", "partner_shifts", "partner_campaigns")
    )
    return tuple(
        Partner(
            **_named(row, "partner", "currency"),
            tiers=tuple(
                Tier(
                    from_hours=tier["from_hours"],
                    price_per_hour=draft.minor_units(tier["price_per_hour"], row["currency"]),
                )
                for tier in tiers[row["partner"]]
            ),
            shifts=tuple(
                BlockShift(id=shift["shift"], start=shift["start"], end=shift["end"], weekdays=shift["weekdays"])
                for shift in shifts[row["partner"]]
            ),
            certifications=tuple(
                Certification(campaign=entry["campaign"], productivity=entry["productivity"])
                for entry in campaigns.get(row["partner"], [])
            ),
        )
        for row in draft.rows("partners")
    )
