"""The accuracy of one campaign's forecasts as a page, and of all campaigns as a table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from api.accuracy_texts import Language, Words
from api.figures import Table
from api.figures.accuracy import FIGURES
from api.figures.text import THIN, number
from api.report_page import data_uri, drawn, environment
from models.forecast.accuracy_report import BANDS, AccuracyReport, CampaignAccuracy

ROWS_SHOWN = 200
HEADINGS = {
    "fan": ("fan", "fan_note"),
    "weights": ("members", "weights_note"),
    "members": ("who_wrong", "who_wrong_note"),
    "calibration": ("calibration", "calibration_note"),
    "hours": ("hours", "hours_note"),
}
"""Keys of heading and reading of each figure."""
FLAT = 0.01


def accuracy_page(
    report: AccuracyReport, entry: CampaignAccuracy, language: Language, *, plotly: str, link: Callable[[str], str]
) -> str:
    """HTML of one campaign. `plotly`: address of plotly.js; `link` gives that of another campaign's page."""
    words = Words(language)
    clock = words("clock", city=entry.time_zone.rsplit("/", 1)[-1].replace("_", " "))
    sections = []
    for name, (draw, tabulate) in FIGURES.items():
        if name == "hours" and not entry.intervals:
            continue
        heading, reading = HEADINGS[name]
        told = words(reading, **_members(entry, words))
        if name == "weights":
            told = f"{told} {words('method', method=entry.method)}"
        if name == "members":
            told = f"{told} {worst_member(entry, words)}"
        figure = draw(entry, words, clock)
        figure.update_layout(separators=words.marked(".") + THIN)
        sections.append(drawn(name, words(heading), told, figure, tabulate(entry, words, clock)))
    origins = ", ".join(day.isoformat() for day in report.origins)
    return environment().get_template("accuracy.html").render(
        words=words, entry=entry, report=report, sections=sections, bands=_bands(entry, words), plotly=plotly,
        intro=words("intro", origins=origins, days=report.horizon_days, clock=clock, unit=words(entry.unit)),
        figures=_figures(entry, words), components=component_sentences(entry, words), rows_shown=ROWS_SHOWN,
        others=[(other.name, link(other.campaign), other.campaign == entry.campaign) for other in report.campaigns],
        bands_file=data_uri(_bands(entry, words).csv()),
    )  # fmt: skip


def accuracy_csv(report: AccuracyReport) -> str:
    """One row per campaign and volume band, and one per campaign for all of it; shares as fractions."""
    columns = (
        "campaign", "time_zone", "unit", "band_from", "band_to", "intervals", "volume", "bias", "wape", "day_wape",
        "quantile_loss", "coverage_80", "coverage_95",
    )  # fmt: skip
    rows: list[tuple[str | float, ...]] = []
    for entry in report.campaigns:
        same = (entry.campaign, entry.time_zone, entry.unit)
        total = (entry.bias, entry.wape, entry.day_wape, entry.quantile_loss, entry.coverage_80, entry.coverage_95)
        rows.append((*same, "", "", entry.intervals, round(entry.volume, 3), *map(_cell, total)))
        for band in entry.bands:
            low, high = BANDS[band.band]
            scores = (band.bias, band.wape, None, None, band.coverage_80, band.coverage_95)
            end = "" if high == float("inf") else high
            rows.append((*same, low, end, band.intervals, round(band.volume, 3), *map(_cell, scores)))
    return Table(columns, tuple(rows)).csv()


def worst_member(entry: CampaignAccuracy, words: Words) -> str:
    """Which member is wrong when, in a sentence: the widest lead of all together over one member; "" when there is none."""
    behind = [
        (miss - together, one.member, entry.conditions[place], miss, together)
        for one in entry.members
        for place, (miss, together) in enumerate(zip(one.miss, entry.ensemble_miss, strict=True))
        if miss is not None and together is not None
    ]
    if not behind or max(behind)[0] <= 0:
        return ""
    _, member, when, miss, together = max(behind)
    told = {"member": words.member(member), "when": words.condition(when)}
    return words("worst", **told, miss=words.percent(miss), all=words.percent(together))


def component_sentences(entry: CampaignAccuracy, words: Words) -> list[str]:
    """What the forecast is made of, in words."""
    by_kind = {
        kind: [one for one in entry.components if one.kind == kind]
        for kind in ("level", "trend", "weekday", "calendar")
    }
    found = [words("level", value=number(one.factor), unit=words(entry.unit)) for one in by_kind["level"]]
    for one in by_kind["trend"]:
        change = one.factor - 1
        key = "trend_flat" if abs(change) < FLAT else "trend_up" if change > 0 else "trend_down"
        found.append(words(key, value=words.percent(abs(change))))
    if by_kind["weekday"]:
        days = [f"{words.weekdays[int(one.subject) - 1]} {_signed(one.factor, words)}" for one in by_kind["weekday"]]
        found.append(words("weekdays", list=", ".join(days)))
    moved = _moved(entry, words)
    if found:
        found.append(words("calendar", list="; ".join(moved)) if moved else words("no_calendar"))
    return found


def _members(entry: CampaignAccuracy, words: Words) -> dict[str, str]:
    """Weights and misses in a line each."""
    weights = (f"{words.member(one.member)} {words.percent(one.weight, 0)}" for one in entry.members)
    misses = (f"{words.member(one.member)} {_share(one.day_wape, words)}" for one in entry.members)
    return {"list": ", ".join(weights), "misses": ", ".join(misses)}


def _moved(entry: CampaignAccuracy, words: Words) -> list[str]:
    """Days that the calendar moves; neighbours alike are told as one span."""
    spans: list[tuple[date, date, str]] = []
    for one in entry.components:
        if one.kind != "calendar":
            continue
        day, _, name = one.subject.partition(" ")
        told, when = f"{name} {_signed(one.factor, words)}".strip(), date.fromisoformat(day)
        if spans and spans[-1][2] == told and spans[-1][1] + timedelta(days=1) == when:
            spans[-1] = (spans[-1][0], when, told)
        else:
            spans.append((when, when, told))
    return [
        f"{first if first == last else words('span', first=first, last=last)} {told}" for first, last, told in spans
    ]


def _signed(factor: float, words: Words) -> str:
    return ("+" if factor >= 1 else "") + words.percent(factor - 1, 0)


def _share(value: float | None, words: Words, *, signed: bool = False) -> str:
    if value is None:
        return words("none")
    return ("+" if signed and value > 0 else "") + words.percent(value)


def _figures(entry: CampaignAccuracy, words: Words) -> list[tuple[str, str, str]]:
    """Label, figure and what it means."""
    wide = _share(entry.coverage_95, words)
    found = [(words("bias"), _share(entry.bias, words, signed=True), words("bias_note"))]
    found.append((words("day_wape"), _share(entry.day_wape, words), words("day_wape_note")))
    if not entry.intervals:
        return found
    found.append((words("wape"), _share(entry.wape, words), words("wape_note")))
    found.append((words("coverage"), _share(entry.coverage_80, words), words("coverage_note", wide=wide)))
    return found


def _bands(entry: CampaignAccuracy, words: Words) -> Table:
    columns = (
        words("band"), words("intervals"), f"{words('volume')} ({words(entry.unit)})", f"{words('wape')} (%)",
        f"{words('bias')} (%)", f"{words('in_80')} (%)", f"{words('in_95')} (%)",
    )  # fmt: skip
    rows = []
    for band in entry.bands:
        low, high = BANDS[band.band]
        key = "band_open" if high == float("inf") else "band_between"
        name = words(key, low=f"{low:g}", high=f"{high:g}")
        shares = (band.wape, band.bias, band.coverage_80, band.coverage_95)
        rows.append(
            (name, band.intervals, round(band.volume), *("" if v is None else round(100 * v, 1) for v in shares))
        )
    return Table(columns, tuple(rows))


def _cell(value: float | None) -> str | float:
    return "" if value is None else round(value, 6)
