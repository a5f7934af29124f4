"""The commands that tell the law."""

from __future__ import annotations

import json

import pytest

from wfm.clock import tzdata_version
from wfm.law import country_pack


def test_rules_tell_what_is_in_force_with_source_and_standing(wfm):
    code, out, _ = wfm("rules", "--on", "2026-08-10")

    assert code == 0
    assert f"FR: pack {country_pack('FR').version}" in out
    assert "FR-BLOCTEL  (hard, from 2016-06-01 to 2026-08-10, verified)" in out
    assert "FR-OPTIN" not in out
    assert "weekdays = [1, 2, 3, 4, 5], spans = [[10:00, 13:00], [14:00, 20:00]]" in out
    assert "MA-SMIG  (hard, from 2026-01-01, not verified)" in out
    assert "Source: Code du travail, loi 65-99, art. 184" in out
    assert out.endswith(f"tz database {tzdata_version()}\n")


def test_rules_of_one_country_today_as_json(wfm):
    code, out, _ = wfm("rules", "--country", "fr", "--json")

    told = json.loads(out)
    assert code == 0
    assert [pack["country"] for pack in told["packs"]] == ["FR"]
    assert {"code", "title", "parameters", "valid_from", "valid_to", "hard", "source", "verified"} == set(
        told["packs"][0]["rules"][0]
    )


def test_the_legal_window_on_both_clocks(wfm):
    code, out, _ = wfm("legal-window", "--campaign-market", "FR", "--date", "2026-11-23", "--site", "rabat")

    assert code == 0
    assert out.splitlines()[:4] == [
        "Monday 2026-11-23: outbound calls to FR are legal for 9 h",
        "  Consumers (Europe/Paris)  Rabat (Africa/Casablanca)  UTC",
        "  10:00-13:00               09:00-12:00                09:00-12:00",
        "  14:00-20:00               13:00-19:00                13:00-19:00",
    ]
    assert "Rule FR-OUT-WINDOW" in out
    assert "Source: Code de la consommation, art. D223-9" in out


def test_no_legal_window_says_why_and_that_is_no_error(wfm):
    code, out, _ = wfm("legal-window", "--market", "FR", "--date", "2026-11-11", "--site", "Meknes")

    assert code == 0
    assert out.startswith("Wednesday 2026-11-11: no outbound calls to FR, because it is a public holiday: Armistice\n")


def test_the_legal_window_overseas_as_json(wfm):
    code, out, _ = wfm(
        *("legal-window", "--market", "FR", "--date", "2026-11-23", "--site", "rabat"),
        *("--consumer-zone", "Pacific/Noumea", "--json"),
    )

    told = json.loads(out)
    assert code == 0
    assert told["spans"][0]["start"] == told["spans"][0]["site_start"] == "2026-11-22T23:00:00Z"
    assert told["spans"][0]["consumer_start"] == "2026-11-23T10:00:00+11:00"
    assert told["rule"]["code"] == "FR-OUT-WINDOW"
    assert (told["minutes"], told["tzdata_version"]) == (540, tzdata_version())


def test_a_span_that_lies_on_another_day_of_the_site_says_so(wfm):
    _, out, _ = wfm(
        *("legal-window", "--market", "FR", "--date", "2026-11-23", "--site", "rabat"),
        *("--consumer-zone", "Pacific/Noumea"),
    )

    assert "  10:00-13:00                 2026-11-22 23:00-02:00" in out


def test_the_next_attempt_counts_those_of_all_partners(wfm):
    args = ("next-attempt", "--market", "FR", "--on", "2026-11-17")
    attempts = ("--attempts", "2026-11-02, 2026-11-05,2026-11-10,2026-11-16")
    code, out, _ = wfm(*args, *attempts)

    assert code == 0
    assert out.startswith("Wednesday 2026-12-02: the first day from 2026-11-17 on which another attempt is legal\n")
    assert "Rule FR-OUT-FREQ: " in out
    refused = json.loads(wfm(*args, *attempts, "--refusals", "2026-11-16", "--json")[1])
    assert refused["next_day"] == "2027-01-18"


def test_holidays_with_their_certainty_ramadan_and_days_at_risk(wfm):
    code, out, _ = wfm("holidays", "--country", "MA", "--year", "2027")

    assert code == 0
    assert "2027-11-18  Thursday   fixed      Fête de l'indépendance" in out
    assert "2027-03-10  Wednesday  estimated  Aïd al-Fitr" in out
    assert "2027-03-11  Thursday   at risk    Aïd al-Fitr, if it comes a day later" in out
    assert "Ramadan: 2027-02-08 to 2027-03-08 (estimated start, estimated end)" in out
    days = [line[:10] for line in out.splitlines() if line.startswith("2027")]
    assert days == sorted(days)


def test_school_holidays_of_a_zone(wfm):
    _, out, _ = wfm("holidays", "--country", "FR", "--year", "2027", "--school", "c")

    assert "No school in zone C:" in out
    assert "2027-02-06 to 2027-02-21" in out


def test_declared_dates_win_over_the_library(wfm):
    told = json.loads(wfm("holidays", "--country", "MA", "--year", "2025", "--json")[1])

    fitr = next(row for row in told["holidays"] if row["name"] == "Aïd al-Fitr")
    assert (fitr["day"], fitr["certainty"], fitr["source"]) == ("2025-03-31", "declared", "maroclocal")
    assert told["fasting"] == [
        {
            "name": "Ramadan",
            "first_day": "2025-03-02",
            "last_day": "2025-03-30",
            "first_day_certainty": "declared",
            "last_day_certainty": "declared",
        }
    ]


@pytest.mark.parametrize(
    ("args", "known"),
    [
        (["rules", "--country", "XX"], "No law is known for 'XX'. Countries with a pack: FR, MA."),
        (
            ["legal-window", "--market", "FR", "--date", "2026-11-23", "--site", "lyon"],
            "No pack knows the city 'lyon'. Cities known: Paris, Rabat, Casablanca, Meknès, Mohammedia.",
        ),
        (["holidays", "--country", "MA", "--year", "2027", "--school", "A"], "FR has zones A, B and C."),
    ],
)
def test_what_is_unknown_is_refused_with_what_is_known(wfm, args, known):
    code, out, err = wfm(*args)

    assert (code, out) == (1, "")
    assert known in err


def test_a_day_that_is_none_is_wrong_usage(wfm):
    code, _, err = wfm("next-attempt", "--market", "FR", "--attempts", "2026-11-02;2026-11-05")
    assert code == 2
    assert "--attempts" in err
    assert wfm("legal-window", "--market", "FR", "--date", "2026-02-30", "--site", "rabat")[0] == 2
