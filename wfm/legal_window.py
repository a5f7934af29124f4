"""When a consumer may be called on a day, on the consumer's clock and on a site's: the law's hours, or why there are none."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from wfm.calendar import Holiday, calendar
from wfm.clock import day_start, to_utc, tzdata_version, zone
from wfm.document import Document
from wfm.errors import WfmError
from wfm.law import CountryPack, LawRule, country_pack, pack_countries
from wfm.opening import legal_spans

DAY = timedelta(days=1)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Place(Document):
    """A city of a country pack, with the clock of its country."""

    city: str
    country: str
    time_zone: str


class LegalSpan(Document):
    """Calls are legal in [start, end): in UTC, and the same two instants on both clocks, with their offsets."""

    start: datetime
    end: datetime
    consumer_start: datetime
    consumer_end: datetime
    site_start: datetime
    site_end: datetime


class LegalWindow(Document):
    """The legal hours of a market's consumers on one day of their own clock. No spans: `reason` says why; `holiday` which.

    `rule` is the rule applied, None where the market's law knows none that day: the whole day is then open. `minutes` is
    elapsed time.
    """

    market: str
    day: date
    consumer_zone: str
    site: Place
    spans: tuple[LegalSpan, ...]
    minutes: int
    reason: str | None
    holiday: Holiday | None
    rule: LawRule | None
    pack_version: str
    tzdata_version: str


def known_pack(country: str) -> CountryPack:
    """The pack of a country, in capitals or not; raises WfmError that names those there are."""
    pack = country_pack(country.upper()) if country.isalpha() else None
    if pack is None:
        raise WfmError(f"No law is known for {country!r}. Countries with a pack: {', '.join(pack_countries())}.")
    return pack


def find_place(city: str) -> Place:
    """A city of any pack, whatever its capitals and accents; raises WfmError that names the cities there are."""
    places = [
        Place(city=name, country=country, time_zone=known_pack(country).time_zone)
        for country in pack_countries()
        for name in known_pack(country).cities
    ]
    for place in places:
        if _plain(place.city) == _plain(city):
            return place
    raise WfmError(f"No pack knows the city {city!r}. Cities known: {', '.join(place.city for place in places)}.")


def legal_window(market: str, day: date, site: Place, consumer_zone: str | None = None) -> LegalWindow:
    """The legal outbound hours of `day`, a day of the consumer's clock.

    `consumer_zone` is an IANA zone for consumers who live on another clock than most of their country (overseas
    departments); None: the clock of the country's pack.
    Raises WfmError when the market has no pack or the zone does not exist.
    """
    pack = known_pack(market)
    country = pack.country
    consumer, home = zone(consumer_zone or pack.time_zone), zone(site.time_zone)
    rule = pack.rule(f"{country}-OUT-WINDOW", day)
    holidays = calendar(country)
    spans = tuple(_span(day, *span, consumer, home) for span in legal_spans(holidays, day))
    holiday = holidays.holiday(day) if rule else None
    return LegalWindow(
        market=country,
        day=day,
        consumer_zone=consumer.key,
        site=site,
        spans=spans,
        minutes=sum(int((span.end - span.start).total_seconds()) for span in spans) // 60,
        reason=None if spans or rule is None else _reason(rule, day, holiday),
        holiday=holiday,
        rule=rule,
        pack_version=pack.version,
        tzdata_version=tzdata_version(),
    )


def _span(day: date, opens: time, closes: time, consumer: ZoneInfo, home: ZoneInfo) -> LegalSpan:
    start = day_start(day, consumer) if opens == time(0) else to_utc(datetime.combine(day, opens), consumer)
    end = day_start(day + DAY, consumer) if closes == time(0) else to_utc(datetime.combine(day, closes), consumer)
    return LegalSpan(
        start=start.astimezone(UTC),
        end=end.astimezone(UTC),
        consumer_start=start.astimezone(consumer),
        consumer_end=end.astimezone(consumer),
        site_start=start.astimezone(home),
        site_end=end.astimezone(home),
    )


def _reason(rule: LawRule, day: date, holiday: Holiday | None) -> str:
    reasons = []
    if day.isoweekday() not in rule.parameters["weekdays"]:
        legal = ", ".join(WEEKDAYS[weekday - 1][:3] for weekday in rule.parameters["weekdays"])
        reasons.append(f"it is a {WEEKDAYS[day.weekday()]}, and calls are legal only on {legal}")
    if holiday is not None:
        reasons.append(f"it is a public holiday: {holiday.name}")
    return "; ".join(reasons)


def _plain(name: str) -> str:
    """Without capitals and accents."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(sign))
