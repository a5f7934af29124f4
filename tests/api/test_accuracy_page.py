"""The accuracy page: every word in both languages, every figure with its table, unit and clock."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date, timedelta

import pytest

from api.accuracy_page import accuracy_csv, accuracy_page, component_sentences, worst_member
from api.accuracy_texts import TEXTS, Words
from api.figures.accuracy import FIGURES
from models.forecast.accuracy_report import (
    AccuracyReport,
    BandScore,
    CampaignAccuracy,
    Component,
    ForecastDay,
    MemberScore,
)

HOURS = tuple(tuple(0.1 if day < 5 and 9 <= hour < 12 else None for hour in range(24)) for day in range(7))


@pytest.fixture
def entry():
    return CampaignAccuracy(
        campaign="service",
        name="Réclamations <b>",
        unit="contacts",
        time_zone="Europe/Paris",
        intervals=90,
        volume=900.0,
        wape=0.2,
        day_wape=0.1,
        bias=-0.05,
        quantile_loss=0.15,
        coverage_80=0.79,
        coverage_95=None,
        bands=(
            BandScore(band=1, intervals=90, volume=900.0, wape=0.2, bias=-0.05, coverage_80=0.79, coverage_95=None),
        ),
        conditions=("weekday 1", "week 4", "special"),
        ensemble_miss=(0.1, 0.1, None),
        members=(
            MemberScore(member="Prophet", weight=0.6, day_wape=0.1, bias=0.0, miss=(0.1, 0.25, None)),
            MemberScore(member="average", weight=0.4, day_wape=0.2, bias=0.1, miss=(0.2, 0.1, None)),
        ),
        pit_days=(0.1,) * 10,
        pit_intervals=(0.05,) * 9 + (0.55,),
        hour_bias=HOURS,
        hour_wape=HOURS,
        days=tuple(
            ForecastDay(day=date(2026, 10, 26) + timedelta(days=n), actual=100.0, mean=95.0, low=80.0, high=110.0)
            for n in range(5)
        ),
        components=(
            Component(kind="level", subject="", factor=1234.4),
            Component(kind="trend", subject="", factor=0.97),
            Component(kind="weekday", subject="1", factor=1.25),
            *(Component(kind="calendar", subject=f"2026-12-0{day} mailing", factor=1.2) for day in (7, 8, 9)),
            Component(kind="calendar", subject="2026-12-25 Noël", factor=0.4),
        ),
        method="Prophet .60, average .40, because in 3 back-tests they missed by Prophet 9 %, average 12 % of daily volume",
    )


@pytest.fixture
def report(entry):
    return AccuracyReport(
        case_name="Été",
        case_hash="0" * 64,
        seed=0,
        horizon_days=28,
        origins=(date(2026, 10, 26),),
        campaigns=(entry,),
    )


def test_both_languages_say_everything():
    assert TEXTS["en"].keys() == TEXTS["fr"].keys()
    for key, text in TEXTS["en"].items():
        assert sorted(re.findall(r"{\w+}", text)) == sorted(re.findall(r"{\w+}", TEXTS["fr"][key])), key
    assert len(Words("fr").weekdays) == len(Words("en").weekdays) == 7


def test_the_page_says_what_is_known(report, entry):
    page = accuracy_page(report, entry, "en", plotly="p.js", link=lambda name: f"{name}.html")

    assert "Réclamations &lt;b&gt;: Forecast accuracy" in page
    assert "Days and hours are Paris time; volumes are contacts offered." in page
    for words in (
        "−5.0",
        "20.0",
        "79.0",
        "5 to below 20",
        "because in 3 back-tests",
        "recent average 40",
        'href="service.html"',
        'src="p.js"',
    ):
        assert words in page
    assert page.count('class="figure"') == len(FIGURES) == page.count("<summary>Table</summary>")


def test_the_french_page_is_french(report, entry):
    page = accuracy_page(report, entry, "fr", plotly="p.js", link=str)

    assert '<html lang="fr">' in page
    assert "Jours et heures : heure de Paris ; volumes : contacts présentés." in page
    for text in ("Forecast and", "Download", "Bias", "weekday", "offered"):
        assert text not in page


@pytest.mark.parametrize("name", FIGURES)
def test_every_axis_tells_its_unit_and_every_figure_its_table(entry, name):
    draw, tabulate = FIGURES[name]
    figure = json.loads(draw(entry, Words("en"), "Paris time").to_json())
    table = tabulate(entry, Words("en"), "Paris time")

    titles = [figure["layout"][axis].get("title", {}).get("text", "") for axis in ("xaxis", "yaxis")]
    assert any("%" in title or "Paris time" in title for title in titles), titles
    assert table.rows
    assert all(len(row) == len(table.columns) for row in table.rows)
    units = ("%", "contacts offered", "Paris time")
    assert all(any(unit in column for unit in units) for column in table.columns[1:])


def test_sentences_by_hand(entry):
    assert worst_member(entry, Words("en")) == (
        "Prophet is furthest behind in week 4 ahead: it misses by 25.0\u202f%, all members together by 10.0\u202f%."
    )
    assert component_sentences(entry, Words("fr")) == [
        "Un jour ouvert ordinaire apporte en moyenne 1\u202f234 contacts présentés.",
        "Le niveau baisse de 3,0\u202f% de la première à la dernière semaine.",
        "Selon le jour, face à la moyenne : lundi +25\u202f%.",
        "Le calendrier déplace ces jours : 2026-12-07 au 2026-12-09 mailing +20\u202f%; 2026-12-25 Noël −60\u202f%.",
    ]
    level = entry.model_copy(update={"ensemble_miss": (0.3, 0.3, None)})
    assert worst_member(level, Words("en")) == ""


def test_the_table_of_all_campaigns(report):
    total, band = csv.DictReader(io.StringIO(accuracy_csv(report)))

    assert (total["campaign"], total["band_from"], total["bias"], total["coverage_95"]) == ("service", "", "-0.05", "")
    assert (band["band_from"], band["band_to"], band["wape"], band["day_wape"]) == ("5.0", "20.0", "0.2", "")


def test_a_campaign_of_days_alone_shows_no_hours(report, entry):
    records = entry.model_copy(
        update={"intervals": 0, "bands": (), "wape": None, "unit": "records", "pit_intervals": (0.0,) * 10}
    )
    page = accuracy_page(report, records, "en", plotly="p.js", link=str)

    assert 'id="hours"' not in page
    assert "only days are scored" in page
