"""The accuracy page in a real browser: everything is drawn, and fits a telephone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from plotly.offline import get_plotlyjs

from api.accuracy_page import accuracy_page
from models.forecast.accuracy_report import AccuracyReport, CampaignAccuracy, Component, ForecastDay, MemberScore

HOURS = tuple(tuple((hour - 13) / 20 if day < 5 and 8 <= hour < 20 else None for hour in range(24)) for day in range(7))
CONDITIONS = (*(f"weekday {n}" for n in range(1, 8)), *(f"week {n}" for n in range(1, 5)), "special")


@pytest.fixture(scope="module")
def page_file(tmp_path_factory):
    entry = CampaignAccuracy(
        campaign="service", name="Réclamations", unit="contacts", time_zone="Europe/Paris", intervals=900, volume=9000.0,
        wape=0.2, day_wape=0.1, bias=-0.05, quantile_loss=0.15, coverage_80=0.79, coverage_95=0.94, bands=(),
        conditions=CONDITIONS, ensemble_miss=(0.1,) * 12,
        members=tuple(
            MemberScore(member=name, weight=0.25, day_wape=0.1, bias=0.0, miss=(0.05,) * 11 + (0.3,))
            for name in ("Prophet", "average", "smoothing", "boosting")
        ),
        pit_days=(0.1,) * 10, pit_intervals=(0.08,) * 5 + (0.12,) * 5, hour_bias=HOURS, hour_wape=HOURS,
        days=tuple(
            ForecastDay(day=date(2026, 10, 26) + timedelta(days=n), actual=100.0 + n, mean=95.0, low=80.0, high=110.0)
            for n in range(56)
        ),
        components=(Component(kind="level", subject="", factor=300.0),), method="by hand",
    )  # fmt: skip
    report = AccuracyReport(
        case_name="Été", case_hash="0" * 64, seed=0, horizon_days=28, origins=(date(2026, 10, 26),), campaigns=(entry,)
    )
    folder = tmp_path_factory.mktemp("accuracy")
    (folder / "plotly.min.js").write_text(get_plotlyjs(), encoding="utf-8")
    file = folder / "service.html"
    file.write_text(
        accuracy_page(report, entry, "fr", plotly="plotly.min.js", link=lambda name: f"{name}.html"), encoding="utf-8"
    )
    return file


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1200])
def test_every_figure_is_drawn_and_nothing_is_wider_than_the_screen(browser, page_file, width):
    page = browser.new_page(viewport={"width": width, "height": 844})
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(page_file.as_uri())
    page.wait_for_function("document.querySelectorAll('.figure .main-svg').length >= 5", timeout=30_000)

    assert errors == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("[...document.querySelectorAll('.figure')].every(f => f.querySelector('.xtick, .hm, .bars'))")
    page.locator("#hours summary").click()
    assert page.locator("#hours td").first.is_visible()
    page.close()
