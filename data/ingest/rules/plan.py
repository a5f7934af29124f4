"""Rules on the plan itself, its sites, markets and money."""

from __future__ import annotations

from collections.abc import Iterator

from data.ingest.draft import Draft
from data.ingest.parsed import Row
from data.ingest.problems import Problems
from data.ingest.rules.rule import rule, tell
from data.ingest.tables import TABLES
from wfm.clock import is_zone
from wfm.errors import WfmError
from wfm.law import labour_pack


@rule("plan")
def one_plan(draft: Draft, problems: Problems) -> None:
    """The table plan has exactly one row."""
    for row in draft.rows("plan")[1:]:
        tell(problems, row, "name", "a second plan", "Keep one row; make a case of its own for another plan.")


@rule("plan")
def plan_days(draft: Draft, problems: Problems) -> None:
    """The plan covers whole weeks: first_day is a Monday after as_of, days is a multiple of 7."""
    plan = draft.plan
    if plan.has("first_day") and plan["first_day"].isoweekday() != 1:
        tell(problems, plan, "first_day", "not a Monday", "Start the plan on a Monday.")
    if plan.has("first_day", "as_of") and plan["as_of"] >= plan["first_day"]:
        mend = "Let the plan start after the day on which it is made."
        tell(problems, plan, "as_of", f"not before first_day {plan['first_day']}", mend)
    if plan.has("days") and plan["days"] % 7:
        tell(problems, plan, "days", "not whole weeks", "Write a multiple of 7.")


@rule("sites")
def sites_known(draft: Draft, problems: Problems) -> None:
    """All sites share one time zone, and their country has labour rules (a country pack)."""
    sites = [row for row in draft.rows("sites") if row.has("time_zone")]
    for site in sites[1:]:
        if site["time_zone"] != sites[0]["time_zone"]:
            reason = f"not the time zone of the first site, {sites[0]['time_zone']!r}"
            tell(problems, site, "time_zone", reason, "Plan sites with another clock in a case of their own.")
    for site in draft.rows("sites"):
        if site.has("country"):
            try:
                labour_pack(site["country"])
            except WfmError as error:
                tell(problems, site, "country", "no labour rules are known for this country", str(error))


@rule("sites")
def rest_days(draft: Draft, problems: Problems) -> None:
    """rest_day_work is only for sites with a common rest_weekday: rest by rotation needs no authorisation."""
    for site in draft.rows("sites"):
        if site.get("rest_day_work") and site.empty("rest_weekday"):
            mend = "Write the weekday on which all rest, or leave rest_day_work empty."
            tell(problems, site, "rest_day_work", "work on a rest day that the site does not have", mend)


@rule()
def zones_known(draft: Draft, problems: Problems) -> None:
    """Every time_zone (sites, markets, partners) is a zone of the IANA tz database."""
    for name in ("sites", "markets", "partners"):
        for row in draft.rows(name):
            if row.has("time_zone") and not is_zone(row["time_zone"]):
                mend = "Use a name of the IANA tz database, such as Europe/Paris."
                tell(problems, row, "time_zone", "unknown time zone", mend)


@rule("plan", "exchange_rates")
def rates_known(draft: Draft, problems: Problems) -> None:
    """Every currency other than the plan's has an exchange rate valid on first_day; the latest one counts. The plan's own
    currency, if listed, has rate 1.
    """
    plan = draft.plan
    if not plan.has("currency", "first_day"):
        return
    torn = any(not row.has("currency", "rate", "valid_from") for row in draft.rows("exchange_rates"))
    for row in [] if torn else _priced(draft):
        if row["currency"] not in draft.rates:
            reason = f"no exchange rate into {plan['currency']!r} is valid on {plan['first_day']}"
            tell(problems, row, "currency", reason, "Add a row to exchange_rates.")
    for row in draft.rows("exchange_rates"):
        if row.has("rate") and row.get("currency") == plan["currency"] and row["rate"] != 1:
            tell(problems, row, "rate", "the plan's own currency has another rate than 1", "Remove the row.")


def _priced(draft: Draft) -> Iterator[Row]:
    for table in TABLES:
        if table.name not in ("plan", "exchange_rates") and any(c.name == "currency" for c in table.columns):
            yield from (row for row in draft.rows(table.name) if row.has("currency"))


RULES = (one_plan, plan_days, sites_known, rest_days, zones_known, rates_known)
