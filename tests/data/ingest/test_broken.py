"""Broken cases of every kind, each refused with table, row, column, reason and mend."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from data.ingest.case import read_case
from wfm.errors import CaseError


@dataclass(frozen=True)
class Broken:
    """Cell (row, column) of a table is changed to `text`; one problem is expected there, unless `at` says elsewhere."""

    name: str
    table: str
    row: int
    column: str
    text: str
    reason: str
    mend: str
    at: tuple[str, int, str] | None = None


CELLS = [
    Broken("unknown campaign", "opening_hours", 2, "campaign", "servise", "no such campaign", "add it to campaigns"),
    Broken("unknown campaign in history", "history", 9, "campaign", "nope", "no such campaign", "add it to campaigns"),
    Broken("unknown market", "campaigns", 2, "market", "DE", "no such market", "Correct the id"),
    Broken("text in a number", "history", 2, "volume", "many", "not a number", "in digits"),
    Broken("text in a whole number", "agents", 2, "days_worked_before", "1.5", "not a whole number", "in digits"),
    Broken("negative volume", "history", 5, "volume", "-3", "below the smallest value allowed, 0", "at least 0"),
    Broken("not a number", "history", 5, "volume", "NaN", "not a number", "in digits"),
    Broken("infinite", "contracts", 2, "week_hours", "inf", "not a number", "in digits"),
    Broken("overflow", "exchange_rates", 2, "rate", "1e999", "too large", "finite"),
    Broken("endless number", "history", 2, "volume", "9" * 30, "too many digits", "fewer digits"),
    Broken("endless whole number", "partners", 2, "seats", "9" * 30, "too many digits", "fewer digits"),
    Broken("plan of years", "plan", 2, "days", "28000", "above the largest value allowed, 84", "at most 84"),
    Broken("thousands separator", "partners", 2, "min_billed_hours", "1 000", "thousands separators", "without"),
    Broken("French thousands", "history", 2, "volume", "1\u202f000,5", "thousands separators", "without"),
    Broken("grouped comma", "partners", 2, "min_billed_hours", "1,000", "may be a thousand", "decimal point"),
    Broken("mixed marks", "partner_tiers", 3, "price_per_hour", "12,25", "are mixed", "one decimal mark"),
    Broken("ambiguous date", "plan", 2, "as_of", "11/12/2026", "not an ISO date", "2026-12-07"),
    Broken("impossible date", "events", 2, "last_day", "2026-02-30", "no such day", "Correct the date"),
    Broken("year out of range", "exchange_rates", 2, "valid_from", "0026-01-01", "outside the years", "year"),
    Broken("bad time", "opening_hours", 2, "opens", "25:00", "not a time of day", "24-hour"),
    Broken("24:00 as an opening", "opening_hours", 2, "opens", "24:00", "not a time of day", "24-hour"),
    Broken("bad weekdays", "opening_hours", 2, "weekdays", "Mon-Fri", "not a list of ISO weekdays", "1 (Monday)"),
    Broken("bad choice", "campaigns", 2, "stage", "live", "not one of the choices", "industrialised"),
    Broken("bad yes", "breaks", 2, "paid", "maybe", "not yes or no", "yes or no"),
    Broken("empty required", "sites", 2, "city", "", "empty", "Fill it in"),
    Broken("bad id", "agents", 3, "agent", "A 2", "not a valid id", "letters, digits", ("agents", 3, "agent")),
    Broken("share in percent", "sites", 2, "unplanned_shrinkage", "12.5", "above the largest", "0.8, not 80"),
    Broken("line break in text", "markets", 2, "name", "Fra\nnce", "line break", "one line"),
    Broken("e-mail address", "partners", 2, "name", "x.y@example.org", "e-mail address", "pseudonymous"),
    Broken("telephone number", "events", 2, "name", "call +33 6 12 34 56 78", "telephone number", "pseudonymous"),
    Broken("telephone as id", "agents", 2, "agent", "0612345678", "telephone number", "pseudonymous", ("agents", 2, "agent")),
    Broken("bad currency", "agents", 2, "currency", "dh", "not a valid currency", "MAD"),
    Broken("no exchange rate", "agents", 2, "currency", "USD", "no exchange rate into 'EUR'", "exchange_rates"),
    Broken("not a Monday", "plan", 2, "first_day", "2026-12-08", "not a Monday", "Monday"),
    Broken("not whole weeks", "plan", 2, "days", "8", "not whole weeks", "multiple of 7"),
    Broken("made too late", "plan", 2, "as_of", "2026-12-07", "not before first_day", "start after"),
    Broken("unknown zone", "markets", 2, "time_zone", "Europe/Pari", "unknown time zone", "IANA"),
    Broken("no labour law", "sites", 2, "country", "FR", "no labour rules", "FR.toml", ("sites", 2, "country")),
    Broken("inbound without target", "campaigns", 2, "service_seconds", "", "needed for channel inbound", "Fill it in"),
    Broken("outbound without basis", "campaigns", 3, "legal_basis", "", "(FR-OPTIN: Code de la consommation", "consent"),
    Broken("deferrable without deadline", "campaigns", 4, "deadline_hours", "", "needed for channel def", "Fill it in"),
    Broken("foreign column", "campaigns", 4, "service_level", "0.8", "not used for channel def", "Leave it empty"),
    Broken("opt-out after the law", "campaigns", 3, "legal_basis", "opt_out", "from 2026-08-11 on (FR-OPTIN: Code", "consent"),
    Broken("too many attempts", "campaigns", 3, "max_attempts", "5", "the law allows 4", "at most 4"),
    Broken("test sold", "campaigns", 3, "min_inhouse_share", "0.5", "stage is test", "Write 1"),
    Broken("reserved id", "campaigns", 4, "campaign", "idle", "'idle' has a meaning", "Choose", ("campaigns", 4, "campaign")),
    Broken("shares over 1", "campaigns", 2, "min_inhouse_share", "0.8", "over 1", "Lower", ("campaigns", 2, "min_partner_share")),
    Broken("no certified partner", "campaigns", 4, "min_partner_share", "0.1", "no partner is certified", "partner_campaigns"),
    Broken("nobody able", "campaigns", 4, "min_level", "5", "nobody can work it", "Give an agent", ("campaigns", 4, "campaign")),
    Broken("closes before opening", "opening_hours", 2, "closes", "08:00", "not after it opens at 09:00", "24:00"),
    Broken("illegal hours only", "opening_hours", 4, "weekdays", "6-7", "never meet legal", "", ("campaigns", 3, "campaign")),
    Broken("event backwards", "events", 2, "last_day", "2026-01-01", "before first_day", "Exchange"),
    Broken("off the grid", "history", 2, "interval_start", "2026-10-19T10:10", "not the start of an interval", "Sum"),
    Broken("not ISO", "history", 2, "interval_start", "19.10.2026 10:00", "not an ISO 8601", "wall time"),
    Broken("history of the future", "history", 2, "interval_start", "2026-11-23T00:00", "not before as_of", "Remove"),
    Broken("same interval twice", "history", 5, "interval_start", "2026-10-19T08:00Z", "as in row 2", "add them up"),
    Broken("hour given twice", "history", 2, "interval_start", "2026-10-25T02:30", "occurs twice", "UTC offset"),
    Broken("hour skipped", "history", 2, "interval_start", "2026-03-29T02:30", "does not exist", "UTC offset"),
    Broken("volume missing", "history", 4, "volume", "", "needed for channel deferrable", "none is 0"),
    Broken("records missing", "history", 3, "records_loaded", "", "needed for channel outbound", "none is 0"),
    Broken("volume for outbound", "history", 3, "volume", "7", "not used for channel outbound", "Leave it empty"),
    Broken("contacts over attempts", "history", 3, "contacts", "56", "more than the 55 attempts", "Correct"),
    Broken("two calls in one", "campaigns", 3, "second_call_of", "sales", "does not follow itself", "another outbound",
           ("campaigns", 3, "second_call_of")),
    Broken("second calls of a line", "campaigns", 3, "second_call_of", "service", "'service' is inbound", "another outbound",
           ("campaigns", 3, "second_call_of")),
    Broken("callbacks without a wait", "campaigns", 4, "callback_seconds", "", "empty, but needed for callbacks", "Fill it in"),
    Broken("callbacks of sales", "campaigns", 4, "callback_of", "sales", "is outbound, callers wait in inbound", "Name another"),
    Broken("callbacks of nobody", "campaigns", 4, "callback_of", "gone", "no such campaign", "add it to campaigns"),
    Broken("callbacks in idle time", "campaigns", 4, "blended_with", "service", "callbacks are not worked", "one of the two"),
    Broken("blended with nobody", "campaigns", 4, "blended_with", "gone", "no such campaign", "add it to campaigns"),
    Broken("calls in idle time", "campaigns", 2, "blended_with", "mail", "not used for channel inbound", "Leave it empty"),
    Broken("no chat at all", "campaigns", 2, "concurrency", "0", "below the smallest value allowed, 1", "at least 1"),
    Broken("chats by mail", "campaigns", 4, "concurrency", "2", "not used for channel def", "Leave it empty"),
    Broken("an odd period", "campaigns", 2, "target_period", "month", "not one of", "interval"),
    Broken("lost for ever", "campaigns", 2, "patience_seconds", "", "but nobody hangs up", "patience_seconds",
           ("campaigns", 2, "lost_contact_cost")),
    Broken("odd routing", "plan", 2, "routing", "random", "not one of", "pooled"),
    Broken("days met by mail", "campaigns", 4, "met_on_days", "0.9", "not used for channel def", "Leave it empty"),
    Broken("second calls of nothing", "campaigns", 3, "second_call_share", "0.5", "without second_call_of", "Name"),
    Broken("second calls by mail", "campaigns", 4, "second_call_share", "0.5", "not used for channel def", "Leave it empty",
           ("campaigns", 4, "second_call_share")),
    Broken("second calls without share", "campaigns", 3, "second_call_of", "sales", "needed with second_call_of", "Fill in",
           ("campaigns", 3, "second_call_share")),
    Broken("no such weekday", "sites", 2, "rest_weekday", "0", "below the smallest", "at least 1"),
    Broken("week over the law", "contracts", 2, "week_hours", "44.5", "the law allows 44 hours (MA-WEEK-NORM", "at most 44"),
    Broken("unknown regime", "contracts", 2, "regime", "monthly", "not one of the choices", "annual"),
    Broken("neither cost nor wage", "agents", 2, "hourly_cost", "", "neither a cost nor a wage", "hourly_wage"),
    Broken("below the minimum wage", "agents", 3, "hourly_wage", "17.91", "below the minimum wage of 17.92 MAD", "17.92 MAD"),
    Broken("below it in another currency", "agents", 4, "hourly_wage", "1.66", "17.92 MAD on 2026-12-07 (MA-SMIG", "1.67 EUR"),
    Broken("part of a minute before", "agents", 2, "year_hours_before", "0.001", "whole number of minutes", "Round"),
    Broken("of age already", "agents", 3, "adult_from", "2026-12-07", "not after first_day", "Leave it empty"),
    Broken("a child", "agents", 3, "adult_from", "2030-01-01", "more than three years", "Correct"),
    Broken("season of the year", "shift_patterns", 2, "season", "summer", "not one of the choices", "ramadan"),
    Broken("break without window", "breaks", 2, "latest_after", "", "needed for a break that is not at sunset", "Fill it in"),
    Broken("sunset after hours", "breaks", 5, "earliest_after", "120", "starts by the sun", "Leave it empty"),
    Broken("two breaks at sunset", "breaks", 2, "at_sunset", "yes", "not the only break", "Keep one", ("breaks", 2, "at_sunset")),
    Broken("sunset nowhere", "sites", 2, "city", "Salé", "where it lies is not known", "Rabat, Casablanca"),
    Broken("too short a break", "breaks", 4, "minutes", "30", "570 effective minutes need breaks of 60", "Add or lengthen",
           ("shift_patterns", 3, "presence_minutes")),
    Broken("holiday of nobody", "holidays", 2, "country", "DE", "no site or market", "this case has: FR, MA"),
    Broken("no feast near", "holidays", 2, "day", "2027-04-10", "no fitr within 15 days", "reckoned for 2027-03-09"),
    Broken("misspelt feast", "holidays", 2, "feast", "fitre", "looks like the feast 'fitr'", "Write fitr"),
    Broken("feast by its name", "holidays", 2, "feast", "Aïd Al-Fitr", "looks like the feast 'fitr'", "Write fitr"),
    Broken("statute cancelled", "holidays", 3, "status", "cancelled", "cannot be cancelled", "Remove the row",
           ("holidays", 3, "feast")),
    Broken("unknown status", "holidays", 2, "status", "maybe", "not one of the choices", "estimated"),
    Broken("part of a minute", "contracts", 2, "week_hours", "37.33", "whole number of minutes", "Round"),
    Broken("agent without skill", "skills", 5, "agent", "A2", "the agent has no skill", "Add a row", ("agents", 4, "agent")),
    Broken("unknown skill", "skills", 2, "skill", "lyfe", "no campaign needs", "campaigns need: life, sales"),
    Broken("shift end in the plan", "agents", 2, "last_shift_end", "2026-12-07T09:00", "after the start", "before the plan"),
    Broken("overlapping leave", "absences", 3, "start", "2026-12-10T08:00", "overlaps the absence of row 2", "Merge"),
    Broken("leave backwards", "absences", 2, "end", "2026-12-08", "not after start", "Exchange"),
    Broken("half a day", "absences", 2, "end", "2026-12-10T12:00", "the other has none", "two dates"),
    Broken("wish without time", "wishes", 3, "time", "", "needed for end_before", "Fill it in"),
    Broken("wish off with time", "wishes", 2, "time", "10:00", "kind off", "Leave it empty"),
    Broken("wish outside the plan", "wishes", 2, "day", "2026-12-14", "outside the plan", "Remove the wish"),
    Broken("starts backwards", "shift_patterns", 2, "latest_start", "07:00", "before earliest_start", "Exchange"),
    Broken("shift off the grid", "shift_patterns", 2, "earliest_start", "08:15", "not a multiple", "multiple of 30"),
    Broken("step off the grid", "shift_patterns", 2, "step_minutes", "45", "not a multiple", "multiple of 30"),
    Broken("break off the grid", "breaks", 2, "minutes", "15", "not a multiple", "multiple of 30"),
    Broken("break window backwards", "breaks", 4, "latest_after", "150", "before earliest_after", "Exchange"),
    Broken("break after the shift", "breaks", 2, "latest_after", "540", "after the shift", "earlier"),
    Broken("breaks overlap", "breaks", 3, "latest_after", "330", "may start before", "follow", ("breaks", 2, "earliest_after")),
    Broken("day too long", "shift_patterns", 3, "presence_minutes", "690", "630 effective minutes, the law allows", "Shorten"),
    Broken("first tier", "partner_tiers", 2, "from_hours", "5", "does not start at 0", "start at 0"),
    Broken("too many current seats", "partners", 2, "current_seats", "21", "more than the 20 seats", "Correct"),
    Broken("block too large", "partners", 2, "block_seats", "21", "more than the 20 seats", "Correct"),
    Broken("window backwards", "partner_shifts", 2, "end", "07:00", "not after it starts", "24:00"),
    Broken("window off the grid", "partner_shifts", 2, "start", "08:10", "not a multiple", "multiple of 30"),
    Broken("unknown certified", "partner_campaigns", 2, "campaign", "x", "no such campaign", "Correct",
           ("partner_campaigns", 2, "campaign")),
]  # fmt: skip


def problems_of(path):
    with pytest.raises(CaseError) as caught:
        read_case(path)
    return caught.value.problems


@pytest.mark.parametrize("broken", CELLS, ids=lambda broken: broken.name)
def test_a_broken_cell(tables, folder_of, tmp_path, broken):
    rows = tables[broken.table]
    rows[broken.row - 1][rows[0].index(broken.column)] = broken.text
    problems = problems_of(folder_of(tables, tmp_path))
    told = [problem for problem in problems if broken.reason in problem.reason]
    assert told, [str(problem) for problem in problems]
    problem = told[0]
    assert broken.mend in problem.mend
    if broken.at is None:
        assert (problem.table, problem.row, problem.column) == (broken.table, broken.row, broken.column)
        assert (problem.value or "") == broken.text
        assert len(problems) == 1, [str(problem) for problem in problems]
    else:
        assert (problem.table, problem.row, problem.column) == broken.at


@pytest.mark.parametrize(
    ("column", "text", "reason"),
    [
        ("channel", "", "'sales' is outbound"),
        ("concurrency", "2", "handle 2 contacts at once"),
        ("lost_contact_cost", "3.5", "has a lost_contact_cost"),
        ("patience_seconds", "120", None),
    ],
)
def test_whose_idle_time_may_be_used(tables, folder_of, tmp_path, column, text, reason):
    """The mails of the case are no callbacks here, and its calls set free of what forbids blending, but for one cell."""
    rows = tables["campaigns"]
    place = {name: index for index, name in enumerate(rows[0])}
    for name in ("callback_of", "callback_seconds", "callback_share"):
        rows[3][place[name]] = ""
    rows[3][place["blended_with"]] = "sales" if column == "channel" else "service"
    rows[1][place["concurrency"]] = rows[1][place["lost_contact_cost"]] = ""
    if column != "channel":
        rows[1][place[column]] = text
    folder = folder_of(tables, tmp_path)
    if reason is None:
        assert read_case(folder).case.campaign_by_id["mail"].blended_with == "service"
        return

    [problem] = problems_of(folder)

    assert (problem.table, problem.row, problem.column) == ("campaigns", 4, "blended_with")
    assert reason in problem.reason
    assert "Name another inbound campaign" in problem.mend


def test_nobody_whose_callers_are_called_back_has_idle_time(tables, folder_of, tmp_path):
    rows = tables["campaigns"]
    place = {name: index for index, name in enumerate(rows[0])}
    rows[1][place["concurrency"]] = rows[1][place["lost_contact_cost"]] = ""
    second = list(rows[3])
    for name, text in (
        ("campaign", "post"), ("blended_with", "service"), ("callback_of", ""), ("callback_seconds", ""),
        ("callback_share", ""),
    ):  # fmt: skip
        second[place[name]] = text
    rows.append(second)
    tables["opening_hours"].append(["post", "1-5", "09:00", "18:00"])
    tables["history"] += [["post", *row[1:]] for row in tables["history"] if row[0] == "mail"]

    [problem] = problems_of(folder_of(tables, tmp_path))

    assert "callers of campaign 'service' are called back" in problem.reason
