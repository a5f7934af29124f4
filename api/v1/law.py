"""The law as it stands: rules in force, legal calling hours, the next legal attempt, holidays."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import APIRouter, Query

from api.law import HolidayList, NextAttempt, RulesInForce, holiday_list, next_attempt, rules_in_force
from api.problems import ProblemError, ProblemItem
from wfm.clock import zone
from wfm.errors import WfmError
from wfm.legal_window import LegalWindow, find_place, known_pack, legal_window

router = APIRouter(prefix="/v1/law", tags=["law"])
Market = Annotated[str, Query(description="Country of the consumers, ISO 3166 alpha-2.", examples=["FR"])]
Country = Annotated[str, Query(description="Country with a pack, ISO 3166 alpha-2.", examples=["MA"])]


@router.get("/rules", responses={422: {}})
def get_rules(
    on: Annotated[date | None, Query(description="Day; today without it.", examples=["2026-11-23"])] = None,
    country: Annotated[
        str | None, Query(description="One country alone; all packs without it.", examples=["MA"])
    ] = None,
) -> RulesInForce:
    """Every rule in force on a day, with its values, dates, source, and whether that was verified."""
    with _at_fault("country", country):
        return rules_in_force(on or datetime.now(UTC).date(), country)


@router.get("/legal-window", responses={422: {}})
def get_legal_window(
    market: Market,
    day: Annotated[date, Query(alias="date", description="Day of the consumers' clock.", examples=["2026-11-23"])],
    site: Annotated[str, Query(description="City of a pack: its clock is told as well.", examples=["rabat"])],
    consumer_zone: Annotated[
        str | None,
        Query(description="IANA zone of consumers overseas, such as Indian/Reunion; the country's without it."),
    ] = None,
) -> LegalWindow:
    """When consumers may be called on a day, on their clock, the site's and in UTC; `reason` says why never."""
    with _at_fault("market", market):
        known_pack(market)
    with _at_fault("site", site):
        place = find_place(site)
    with _at_fault("consumer_zone", consumer_zone):
        if consumer_zone is not None:
            zone(consumer_zone)
    return legal_window(market, day, place, consumer_zone)


@router.get("/next-attempt", responses={422: {}})
def get_next_attempt(
    market: Market,
    attempt: Annotated[
        list[date] | None,
        Query(
            description="Day of one attempt, by any site or partner; given once per attempt.", examples=[["2026-11-02"]]
        ),
    ] = None,
    refusal: Annotated[
        list[date] | None, Query(description="Day on which the consumer refused; given once per refusal.")
    ] = None,
    on: Annotated[
        date | None, Query(description="First day wanted; today without it.", examples=["2026-11-17"])
    ] = None,
) -> NextAttempt:
    """The first day on which one consumer may be tried again: attempts of all sites and partners count together."""
    with _at_fault("market", market):
        known_pack(market)
    with _at_fault("on", str(on)):
        return next_attempt(market, attempt or [], refusal or [], on or datetime.now(UTC).date())


@router.get("/holidays", responses={422: {}})
def get_holidays(
    country: Country,
    year: Annotated[int, Query(ge=1990, le=2100, examples=[2027])],
    school: Annotated[
        str | None, Query(description="School holidays of a zone as well: A, B or C of FR.", examples=["A"])
    ] = None,
) -> HolidayList:
    """Public holidays of a year, how sure each is and who says so; days at risk; Ramadan; school holidays."""
    with _at_fault("country", country):
        known_pack(country)
    with _at_fault("school", school):
        return holiday_list(country, year, school)


@contextmanager
def _at_fault(parameter: str, value: str | None) -> Iterator[None]:
    """A parameter that names nothing known is a fault of the request."""
    try:
        yield
    except WfmError as error:
        item = ProblemItem(reason=str(error), parameter=parameter, value=value)
        raise ProblemError("request-invalid", str(error), [item]) from error
