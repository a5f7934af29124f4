"""Law rules, one file each: `measure(case, plan)` yields how far everything that the rule binds is from its limit.

`CODE` is the rule's code without its country: `<country>-<CODE>` in the pack gives parameters and dates, so another
country or a changed law needs a data file alone. Where the pack has no such rule in force, nothing is measured, except
for the rules without which no roster can be judged (DAY-MAX, WEEK-CAP, CONSEC, REST-DAILY), which are then asked for.
"""

from __future__ import annotations

from collections.abc import Iterator

from wfm.case import Case
from wfm.plan import Plan
from wfm.requirement import Requirement
from wfm.rules.law import (
    breaks,
    call_frequency,
    call_window,
    consecutive_days,
    daily_rest,
    day_max,
    holiday,
    legal_basis,
    local_holidays,
    minimum_wage,
    night,
    overtime_year,
    ramadan,
    rest_week,
    signature_delay,
    week_cap,
    week_norm,
)
from wfm.rules.law.measurement import Measure, Measurement

__all__ = ["LAW", "MEASURED", "Measurement", "measurements"]

LAW: dict[str, Measure] = {
    day_max.CODE: day_max.measure,
    week_norm.CODE: week_norm.measure,
    week_cap.CODE: week_cap.measure,
    consecutive_days.CODE: consecutive_days.measure,
    rest_week.CODE: rest_week.measure,
    daily_rest.CODE: daily_rest.measure,
    breaks.CODE: breaks.measure,
    night.CODE: night.measure,
    overtime_year.CODE: overtime_year.measure,
    holiday.CODE: holiday.measure,
    minimum_wage.CODE: minimum_wage.measure,
    ramadan.CODE: ramadan.measure,
    call_window.CODE: call_window.measure,
    call_frequency.CODE: call_frequency.measure,
    legal_basis.CODE: legal_basis.measure,
    local_holidays.CODE: local_holidays.measure,
}
"""Rules that need case and plan alone; `signature_delay` needs the requirement instead."""

MEASURED = (*LAW, signature_delay.CODE)
"""Codes of all rules that something is measured against."""


def measurements(case: Case, requirement: Requirement, plan: Plan) -> Iterator[Measurement]:
    """Everything that law binds in a plan, rule by rule. The plan must satisfy rule REFERENCE."""
    for measure in LAW.values():
        yield from measure(case, plan)
    yield from signature_delay.measure(case, requirement)
