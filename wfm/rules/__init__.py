"""Hard rules, one file each: `check(case, plan) -> list[Violation]`.

`references` comes first: the others rely on it. Values of the law come from the country packs in `packs/`.
"""

from __future__ import annotations

from collections.abc import Callable

from wfm.case import Case
from wfm.plan import Plan
from wfm.rules import (
    absence,
    consecutive_days,
    contract_week,
    daily_rest,
    day_max,
    inhouse_test,
    legal_basis,
    max_agents,
    one_shift_a_day,
    opening,
    partner_seats,
    purchase_terms,
    shift_shape,
    skill,
    week_cap,
)
from wfm.violation import Violation

RULES: tuple[Callable[[Case, Plan], list[Violation]], ...] = (
    shift_shape.check,
    one_shift_a_day.check,
    absence.check,
    skill.check,
    opening.check,
    day_max.check,
    week_cap.check,
    contract_week.check,
    consecutive_days.check,
    daily_rest.check,
    max_agents.check,
    legal_basis.check,
    purchase_terms.check,
    partner_seats.check,
    inhouse_test.check,
)
"""Rules that need case and plan alone. `references` runs before them and `partner_share`, which needs the requirement
too, after them: see `wfm.check`.
"""
