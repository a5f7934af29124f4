"""How figures and the report write numbers, money and days."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from datetime import date, timedelta
from html import escape

from wfm.case import Case
from wfm.partner import Partner

THIN = "\u202f"
"""Narrow no-break space: separates thousands, and a number from its unit."""


def number(value: float, decimals: int = 0) -> str:
    """1234.5 -> "1 234.5", with a true minus sign."""
    return f"{value:,.{decimals}f}".replace(",", THIN).replace("-", "−")


def money(cents: int, currency: str, decimals: int = 0) -> str:
    """123456 -> "1 235 EUR"."""
    return f"{number(cents / 100, decimals)}{THIN}{currency}"


def hours(value: float, decimals: int = 0) -> str:
    return f"{number(value, decimals)}{THIN}h"


def percent(share: float, decimals: int = 1) -> str:
    return f"{number(100 * share, decimals)}{THIN}%"


def day(value: date) -> str:
    """Mon 7 Dec."""
    return f"{value:%a} {value.day} {value:%b}"


def week(case: Case, index: int) -> str:
    """The days of a week of the plan: 7–13 Dec, 28 Dec–3 Jan."""
    first = case.first_day + timedelta(days=7 * index)
    last = first + timedelta(days=6)
    month = "" if first.month == last.month else f" {first:%b}"
    return f"{first.day}{month}–{last.day} {last:%b}"


def plain(name: str) -> str:
    """A name that plotly.js shows as it is: it would read markup in it."""
    return escape(name, quote=False)


def partner_name(partner: Partner) -> str:
    """Name and city, the city once."""
    return partner.name if partner.city in partner.name else f"{partner.name}, {partner.city}"


def wrapped(name: str, width: int) -> str:
    """A name over several lines, for plotly.js."""
    return "<br>".join(plain(line) for line in textwrap.wrap(name, width))


def shortened(name: str, width: int) -> str:
    return name if len(name) <= width else name[: width - 1].rstrip(" ,.") + "…"


def compact(values: Iterable[float], decimals: int = 2) -> list[float]:
    """Rounded, whole numbers as integers: the page carries tens of thousands of them."""
    rounded = (round(float(value), decimals) for value in values)
    return [int(value) if value == int(value) else value for value in rounded]
