"""Packs: what is in force when, and that another country or a changed law needs a data file alone."""

from __future__ import annotations

from datetime import date

import pytest

from wfm import law
from wfm.check import check_plan
from wfm.compliance import evidence
from wfm.errors import WfmError
from wfm.law import country_pack, labour_pack, pack_countries

RULE = """
[[rules]]
code = "{code}"
title = "Written for a test"
parameters = {{ {parameters} }}
valid_from = {first}
hard = true
source = "none"
verified = false
"""
ENOUGH_TO_JUDGE = {
    "DAY-MAX": "effective_minutes = 420",
    "WEEK-CAP": "effective_minutes = 2100",
    "CONSEC": "days = 5",
    "REST-DAILY": "elapsed_minutes = 900",
    "OT-PREMIUM": 'day = 0.1, night = 0.1, rest_day = 0.1, rest_night = 0.1, night_from = "22:00", night_to = "05:00"',
}


@pytest.fixture
def under(tmp_path, monkeypatch, tiny_case, tiny_requirement, make_plan, tiny_plan):
    """What is wrong with the tiny plan when its site and market lie in a country of these laws, and the evidence.

    Each test names a country of its own, because what follows from packs is remembered by country.
    """

    def judge(country, **changes):
        laws = ENOUGH_TO_JUDGE | {code.replace("_", "-"): parameters for code, parameters in changes.items()}
        rules = [
            RULE.format(code=f"{country}-{code}", parameters=parameters, first=first)
            for code, rows in laws.items()
            for first, parameters in (rows if isinstance(rows, list) else [("2000-01-01", rows)])
        ]
        head = f'country = "{country}"\nversion = "1"\ntime_zone = "Europe/Paris"\n[cities]\n'
        (tmp_path / f"{country}.toml").write_text(head + "".join(rules), encoding="utf-8")
        monkeypatch.setattr(law, "PACK_FOLDERS", (*law.PACK_FOLDERS, tmp_path))
        abroad = {"country": country}
        case = tiny_case.model_copy(
            update={
                "sites": (tiny_case.sites[0].model_copy(update=abroad),),
                "markets": (tiny_case.markets[0].model_copy(update=abroad),),
            }
        )
        requirement = tiny_requirement.model_copy(update={"case_hash": case.content_hash()})
        plan = make_plan(case, tiny_plan.shifts, tiny_plan.purchases, requirement=requirement)
        return check_plan(case, requirement, plan), evidence(case, requirement, plan)

    return judge


def test_a_country_of_other_laws_in_which_the_plan_is_legal(under):
    found, kept = under("XA")

    assert found == []
    assert [(entry.code, entry.checked, entry.tightest and entry.tightest.margin) for entry in kept] == [
        ("XA-DAY-MAX", 15, 0),
        ("XA-WEEK-CAP", 3, 0),
        ("XA-CONSEC", 3, 0),
        ("XA-REST-DAILY", 12, 60),
        ("XA-OT-PREMIUM", 0, None),
    ]
    assert "XA" in pack_countries()


@pytest.mark.parametrize(
    ("country", "rule", "parameters", "breaches"),
    [
        ("XB", "DAY_MAX", "effective_minutes = 419", 15),
        ("XC", "WEEK_CAP", "effective_minutes = 2099", 3),
        ("XD", "CONSEC", "days = 4", 3),
        ("XE", "REST_DAILY", "elapsed_minutes = 961", 12),
        ("XF", "BREAK", "after_minutes = 400, minutes = 61, ramadan_minutes = 0", 15),
        ("XG", "WEEK_NORM", "minutes = 2099", 3),
        ("XH", "OUT_FREQ", "max_attempts = 3, rolling_days = 7", 1),
        ("XI", "OPTIN", 'bases = ["consent"]', 1),
        ("XJ", "OUT_WINDOW", 'weekdays = [1, 2, 3, 4], spans = [["09:00", "20:00"]]', 2),
    ],
)
def test_parameters_are_the_pack_s(under, country, rule, parameters, breaches):
    found, kept = under(country, **{rule: parameters})
    code = f"{country}-{rule.replace('_', '-')}"

    assert len([violation for violation in found if violation.rule == code]) == breaches
    assert [entry.breaches for entry in kept if entry.code == code] == [breaches]


def test_a_law_that_changes_inside_the_plan(under):
    """Three agents, seven hours a day; six are the most from Thursday on."""
    old = ("2000-01-01\nvalid_to = 2026-12-09", "effective_minutes = 420")
    found, kept = under("XK", DAY_MAX=[old, ("2026-12-10", "effective_minutes = 360")])

    assert {violation.where for violation in found} == {"2026-12-10", "2026-12-11"}
    assert [(str(entry.valid_from), entry.checked, entry.breaches) for entry in kept[:2]] == [
        ("2000-01-01", 9, 0),
        ("2026-12-10", 6, 6),
    ]


@pytest.mark.parametrize(
    ("code", "on", "value"),
    [
        ("MA-SMIG", date(2024, 12, 31), 16.29),
        ("MA-SMIG", date(2025, 1, 1), 17.10),
        ("MA-SMIG", date(2025, 12, 31), 17.10),
        ("MA-SMIG", date(2026, 1, 1), 17.92),
    ],
)
def test_rules_have_their_days(code, on, value):
    assert labour_pack("MA").require(code, on).parameters["hourly"] == value


def test_what_is_not_in_force():
    france = country_pack("FR")

    assert france is not None
    assert france.rule("FR-BLOCTEL", date(2026, 8, 10)) is not None
    assert france.rule("FR-BLOCTEL", date(2026, 8, 11)) is None
    assert france.rule("FR-OPTIN", date(2026, 8, 10)) is None
    assert "FR-OPTIN" in [rule.code for rule in france.in_force(date(2026, 8, 11))]
    with pytest.raises(WfmError, match=r"FR .* has no rule FR-OPTIN in force on 2026-08-10"):
        france.require("FR-OPTIN", date(2026, 8, 10))


def test_countries_without_law():
    assert country_pack("DE") is None
    with pytest.raises(WfmError, match="No labour rules for country 'DE'"):
        labour_pack("DE")
    with pytest.raises(WfmError, match="No labour rules for country 'FR'"):
        labour_pack("FR")


def test_rules_of_one_code_never_hold_at_once():
    for country in pack_countries():
        pack = country_pack(country)
        assert pack is not None
        for rule in pack.rules:
            assert [
                other for other in pack.rules if other.code == rule.code and other.is_in_force(rule.valid_from)
            ] == [rule]
