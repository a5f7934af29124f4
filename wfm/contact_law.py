"""When one consumer may next be called: attempts by all sites and partners together, silence after a refusal, legal days.

This product holds no customer records: whoever does asks here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from wfm.calendar import Calendar
from wfm.errors import WfmError
from wfm.law import LawRule, country_pack
from wfm.opening import legal_spans

SEARCH_DAYS = 366
DAY = timedelta(days=1)


def next_legal_attempt(
    country: str, attempts: Sequence[date], refusals: Sequence[date], on: date, holidays: Calendar
) -> date:
    """The first day from `on` on which the law of a country allows another attempt.

    `attempts` are the consumer's local days of all attempts made, by whichever site or partner, once per attempt;
    `refusals` those on which the consumer refused. On the day found, no `rolling_days` calendar days that hold it have
    more than `max_attempts` with it (OUT-FREQ), `days` full calendar days lie between it and every refusal before it
    (OUT-REFUSAL), and it has legal hours (OUT-WINDOW). Rules not in force on a day do not count on it; a country without
    pack allows any day.
    Raises WfmError when no day of the following year is legal.
    """
    pack = country_pack(country)
    for offset in range(SEARCH_DAYS + 1):
        day = on + offset * DAY
        frequency, refusal = (
            pack.rule(f"{country}-{code}", day) if pack else None for code in ("OUT-FREQ", "OUT-REFUSAL")
        )
        if (
            _rare_enough(frequency, attempts, day)
            and _left_alone(refusal, refusals, day)
            and legal_spans(holidays, day)
        ):
            return day
    raise WfmError(
        f"The law of {country} allows no call within {SEARCH_DAYS} days of {on}. Check the days given, and the rules "
        f"{country}-OUT-FREQ, {country}-OUT-REFUSAL and {country}-OUT-WINDOW."
    )


def _rare_enough(rule: LawRule | None, attempts: Sequence[date], day: date) -> bool:
    if rule is None:
        return True
    length = rule.parameters["rolling_days"] * DAY
    firsts = [first for first in (*attempts, day) if day - length < first <= day]
    return all(
        sum(first <= attempt < first + length for attempt in attempts) < rule.parameters["max_attempts"]
        for first in firsts
    )


def _left_alone(rule: LawRule | None, refusals: Sequence[date], day: date) -> bool:
    return rule is None or all((day - refused).days > rule.parameters["days"] for refused in refusals if refused <= day)
