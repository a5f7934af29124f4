"""Commands that tell the law: rules in force, legal calling hours, the next legal attempt, holidays."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.output import AsJson, print_json

if TYPE_CHECKING:
    from wfm.law import LawRule
    from wfm.legal_window import LegalWindow

DATES = ["%Y-%m-%d"]
Country = Annotated[str, typer.Option(metavar="CC", help="ISO 3166 code of a country with a pack, such as MA.")]
Market = Annotated[
    str, typer.Option("--market", "--campaign-market", metavar="CC", help="Country of the consumers, such as FR.")
]


def rules(
    on: Annotated[datetime | None, typer.Option(metavar="DATE", formats=DATES, help="Day; today without it.")] = None,
    country: Annotated[str | None, typer.Option(metavar="CC", help="One country alone, such as MA.")] = None,
    as_json: AsJson = False,
) -> None:
    """Tell the rules in force.

    Labour and calling law of every country pack on a day: values, dates, source, and whether that was verified.
    """
    from api.law import rules_in_force

    found = rules_in_force(_today() if on is None else on.date(), country)
    if as_json:
        print_json(found.model_dump(mode="json"))
        return
    for pack in found.packs:
        print(f"{pack.country}: pack {pack.version}, {len(pack.rules)} rules in force on {found.on}")
        for rule in pack.rules:
            print(f"\n  {rule.code}  ({_standing(rule)})\n    {rule.title}")
            if rule.parameters:
                print(f"    {', '.join(f'{name} = {_value(value)}' for name, value in rule.parameters.items())}")
            print(f"    Source: {rule.source}")
        print()
    print(f"tz database {found.tzdata_version}")


def legal_window(
    market: Market,
    day: Annotated[
        datetime, typer.Option("--date", metavar="DATE", formats=DATES, help="Day of the consumers' clock.")
    ],
    site: Annotated[str, typer.Option(metavar="CITY", help="City whose clock is told as well, such as Rabat.")],
    consumer_zone: Annotated[
        str | None,
        typer.Option(
            metavar="ZONE", help="IANA zone of consumers overseas, such as Indian/Reunion; else the country's."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Tell when consumers may be called.

    The legal hours of a day on the consumers' clock, the site's and UTC, or why there are none.
    """
    from wfm.legal_window import find_place
    from wfm.legal_window import legal_window as ask

    found = ask(market, day.date(), find_place(site), consumer_zone)
    if as_json:
        print_json(found.to_dict())
    else:
        print("\n".join(_window(found)))


def next_attempt(
    market: Market,
    *,
    on: Annotated[
        datetime | None, typer.Option(metavar="DATE", formats=DATES, help="First day wanted; today without it.")
    ] = None,
    attempts: Annotated[
        str, typer.Option(metavar="DATES", help="Days of all attempts so far, by any site or partner, with commas.")
    ] = "",
    refusals: Annotated[str, typer.Option(metavar="DATES", help="Days on which the consumer refused.")] = "",
    as_json: AsJson = False,
) -> None:
    """Tell when a consumer may be tried again.

    The limits on attempts count all sites and partners together; a refusal silences for longer.
    """
    from api.law import next_attempt as ask

    found = ask(
        market, _days(attempts, "--attempts"), _days(refusals, "--refusals"), _today() if on is None else on.date()
    )
    if as_json:
        print_json(found.model_dump(mode="json"))
    else:
        print(f"{found.next_day:%A} {found.next_day}: the first day from {found.on} on which another attempt is legal")
        for rule in found.rules:
            print(f"Rule {rule.code}: {rule.title} ({rule.source})")


def holidays(
    country: Country,
    year: Annotated[int | None, typer.Option(min=1990, max=2100, help="This year without it.")] = None,
    school: Annotated[
        str | None, typer.Option(metavar="ZONE", help="School holidays of a zone as well: A, B or C of FR.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Tell the public holidays of a year.

    How sure each date is and who says so; Ramadan; school holidays.
    """
    from api.law import holiday_list

    found = holiday_list(country, year or _today().year, school)
    if as_json:
        print_json(found.model_dump(mode="json"))
        return
    lines = [(row.day, row.weekday, row.certainty.value, f"{row.name}  ({row.source})") for row in found.holidays]
    lines += [(risk.day, risk.weekday, "at risk", f"{risk.name}, if it comes a day later") for risk in found.at_risk]
    for day, weekday, certainty, text in sorted(lines):
        print(f"{day}  {weekday:<9}  {certainty:<9}  {text}")
    for month in found.fasting:
        ends = f"{month.first_day_certainty.value} start, {month.last_day_certainty.value} end"
        print(f"\n{month.name}: {month.first_day} to {month.last_day} ({ends})")
    if found.school:
        print(f"\nNo school in zone {found.school_zone}:")
    for period in found.school:
        print(f"{period.first_day} to {period.last_day}  {period.name}")


def _window(found: LegalWindow) -> list[str]:
    hours = f"{found.minutes / 60:g} h"
    lines = [
        f"{found.day:%A} {found.day}: outbound calls to {found.market} are legal for {hours}"
        if found.reason is None
        else f"{found.day:%A} {found.day}: no outbound calls to {found.market}, because {found.reason}"
    ]
    rows = [
        (
            _span(found.day, span.consumer_start, span.consumer_end),
            _span(found.day, span.site_start, span.site_end),
            _span(found.day, span.start, span.end),
        )
        for span in found.spans
    ]
    heads = (f"Consumers ({found.consumer_zone})", f"{found.site.city} ({found.site.time_zone})", "UTC")
    if rows:
        widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
        lines += ["  " + "  ".join(map(str.ljust, row, widths)).rstrip() for row in (heads, *rows)]
    if found.rule is None:
        lines.append(f"Pack {found.market} {found.pack_version} has no rule on calling hours in force that day.")
    else:
        lines.append(f"Rule {found.rule.code} (pack {found.market} {found.pack_version}): {found.rule.title}")
        lines.append(f"Source: {found.rule.source}")
    return [*lines, f"tz database {found.tzdata_version}"]


def _span(day: date, start: datetime, end: datetime) -> str:
    return f"{_wall(day, start)}-{_wall(day, end)}"


def _wall(day: date, at: datetime) -> str:
    """The date as well where it is not the day that was asked for."""
    return f"{at:%H:%M}" if at.date() == day else f"{at:%Y-%m-%d %H:%M}"


def _standing(rule: LawRule) -> str:
    until = f" to {rule.valid_to}" if rule.valid_to else ""
    hard = "hard" if rule.hard else "soft"
    return f"{hard}, from {rule.valid_from}{until}, {'verified' if rule.verified else 'not verified'}"


def _value(value: object) -> str:
    return ", ".join(map(_value, value)).join("[]") if isinstance(value, list) else str(value)


def _days(text: str, option: str) -> list[date]:
    try:
        return [date.fromisoformat(part.strip()) for part in text.split(",") if part.strip()]
    except ValueError as error:
        raise typer.BadParameter(
            f"{error}. Write days as 2026-11-02, with commas between them.", param_hint=option
        ) from None


def _today() -> date:
    return datetime.now(UTC).date()
