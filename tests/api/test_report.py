"""The report: self-contained, safe, and right in what it says."""

from __future__ import annotations

import csv
import html
import io
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest

from api.figures import FIGURES, PlanView
from api.figures.text import THIN
from api.report import render_report
from api.report_facts import largest_shortages
from wfm.calendar import CalendarChange, Change
from wfm.law import country_pack
from wfm.requirement import LossTable

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"


class Elements(HTMLParser):
    """Every element's name and attributes; the text of scripts is skipped as a browser does."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


@pytest.fixture(scope="session")
def view(tiny_case, tiny_histories, tiny_forecast, tiny_requirement, tiny_plan):
    return PlanView(tiny_case, tiny_histories, tiny_forecast, tiny_requirement, tiny_plan)


@pytest.fixture(scope="session")
def page(view):
    return render_report(view)


def words(page: str) -> str:
    """The page's own text: no scripts, no style, no tags; thin spaces as spaces."""
    bare = re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", bare)))


def test_nothing_is_loaded_from_elsewhere(page):
    elements = Elements(page).found
    links = [attrs[name] for _, attrs in elements for name in ("src", "href", "srcset", "action") if attrs.get(name)]

    assert links
    assert all(link.startswith("data:") for link in links)
    style = re.search(r"<style>(.*?)</style>", page, flags=re.DOTALL)
    assert style is not None
    assert "url(" not in style[1]
    assert "@import" not in style[1]


def test_plotly_is_there_once_and_every_figure_too(page):
    ids = [attrs.get("id") for tag, attrs in Elements(page).found if tag == "div"]

    assert page.count("plotly.js v") == 1
    assert [f"figure-{name}" for name in FIGURES] == [value for value in ids if value and value.startswith("figure-")]


def test_the_headline_says_cost_bound_gap_coverage_and_purchases(page, view):
    text = words(page)
    total = f"{view.plan.bill.total_cents / 100:,.0f}".replace(",", " ")

    assert f"Total cost {total} EUR" in text
    assert "Proven lower bound" in text
    assert "Broken hard rules 0" in text
    assert "Bought from partners 8 h" in text
    assert "Casa, Casablanca, for Service: 8 h for 130 EUR, all in the week 7–13 Dec" in text
    assert "(cost − bound) / cost" in text
    assert view.plan.case_hash in text
    assert view.plan.tzdata_version in text


def test_the_largest_shortages_come_first_in_words(page):
    # Service wants 22.5 h a day and gets 8.1 h from the roster on Tuesday: 14.4 h at 45 EUR.
    assert "Largest shortages Tue 8 Dec, Service: 14.4 h of work left undone, priced at 648 EUR" in words(page)


def test_contacts_expected_to_be_lost_are_told_with_the_largest_shortages(view):
    """Tuesday at 15:00 nobody is there: five agents' worth at 900 EUR each."""
    service, *others = view.requirement.campaigns
    losses = LossTable(slot=(78, 78), milli_agents=(0, 5000), cents_per_agent=(90_000, 0))
    requirement = view.requirement.model_copy(
        update={"campaigns": (service.model_copy(update={"losses": losses}), *others)}
    )

    first, second, *_ = largest_shortages(replace(view, requirement=requirement))

    assert first.replace(THIN, " ").startswith("Tue 8 Dec, Service: ")
    assert first.replace(THIN, " ").endswith("contacts expected to be lost, priced at 4 500 EUR")
    assert "work left undone" in second


def test_a_broken_plan_says_so(view, tiny_case):
    dearer = view.plan.model_copy(update={"bill": view.plan.bill.model_copy(update={"total_cents": 1})})
    text = words(render_report(replace(view, plan=dearer)))

    assert "This plan breaks hard rules" in text
    assert "BILL" in text


def test_csv_files_hold_every_row(page, view):
    links = {attrs["download"]: attrs["href"] for tag, attrs in Elements(page).found if tag == "a"}
    rows = list(csv.reader(io.StringIO(unquote(links["cost_waterfall.csv"]).partition(",")[2].removeprefix("\ufeff"))))

    assert set(links) == {f"{name}.csv" for name in FIGURES} | {"compliance.csv"}
    assert rows[0] == ["Kind of cost", "Cost (EUR)"]
    assert round(100 * float(rows[-1][1])) == view.plan.bill.total_cents


def test_names_cannot_inject_markup(view, make_plan):
    first = view.case.campaigns[0].model_copy(update={"name": HOSTILE})
    case = view.case.model_copy(update={"name": HOSTILE, "campaigns": (first, *view.case.campaigns[1:])})
    case = type(case).model_validate(case.model_dump())
    page = render_report(replace(view, case=case, plan=make_plan(case, view.plan.shifts, view.plan.purchases)))
    elements = Elements(page).found

    assert not [attrs for tag, attrs in elements if tag == "img" or "onerror" in attrs]
    assert "alert(1)</script>" not in page
    assert html.escape(HOSTILE) in page


def test_french_names_stay_as_they_are(view, make_plan):
    case = type(view.case).model_validate(view.case.model_dump() | {"name": "Prévoyance, été à Meknès"})
    page = render_report(replace(view, case=case, plan=make_plan(case, view.plan.shifts)))

    assert "<h1>Prévoyance, été à Meknès</h1>" in page


def test_compliance_is_proven_rule_by_rule(page):
    text = words(page)

    assert (
        "No outbound minute lies outside the legal hours: 10 segments checked, the tightest starts at "
        "2026-12-07 09:00, sales (Rabat time, A3), right at their edge." in text
    )
    assert "Hard rules Rule Checked" in text
    assert "A1, before the shift of 2026-12-08: 16 h; limit 11 h" in text
    assert "FR-OUT-REFUSAL" in text
    assert "kept by the dialler" in text
    assert text.index("Soft rules") < text.index("MA-RAMADAN")
    assert f"Country packs held against it MA {country_pack('MA').version}, FR {country_pack('FR').version}" in text
    assert "Advice" not in text


def moved(view, make_plan, first_day, **changes):
    """The plan of the tiny case in another week."""
    case = view.case.model_copy(update={"first_day": first_day, **changes})
    later = first_day - view.case.first_day
    shifts = [shift.model_copy(update={"day": shift.day + later}) for shift in view.plan.shifts]
    requirement = view.requirement.model_copy(update={"case_hash": case.content_hash(), "grid": case.grid})
    return replace(view, case=case, requirement=requirement, plan=make_plan(case, shifts, requirement=requirement))


def test_calls_on_a_holiday_of_the_customers_are_told_and_idle_agents_advised(view, make_plan):
    text = words(render_report(moved(view, make_plan, date(2026, 12, 21))))

    assert "2 outbound segments lie outside the legal hours (10 segments checked), the worst from 2026-12-25" in text
    assert "Fri 25 Dec Leave or training A2 1.0 h – Noël is a holiday of France" in text


def test_who_stands_by_when_a_feast_is_not_certain(view, make_plan):
    feast = CalendarChange(country="MA", feast="Fête du trône", day=date(2026, 12, 9), status=Change.ESTIMATED)
    page = render_report(moved(view, make_plan, view.case.first_day, calendar_changes=(feast,)))
    text = words(page)

    assert "Wed 9 Dec Partner seats still free casa" in text
    assert "Thu 10 Dec Pay at risk rabat" in text
    assert "Fête du trône is expected on 2026-12-09, and announced on the eve only" in text
    assert 'download="advice.csv"' in page
