"""Hard rules, one file each. House rules find breaches: `check(case, plan) -> list[Violation]`. Rules of law measure how far
everything is from its limit (`wfm.rules.law`), with the values of the country packs in `packs/`.

`references` comes first: the others rely on it.
"""

from __future__ import annotations

from collections.abc import Callable

from wfm.case import Case
from wfm.plan import Plan
from wfm.rules import (
    absence,
    contract_week,
    inhouse_test,
    max_agents,
    min_activity,
    one_shift_a_day,
    opening,
    partner_seats,
    purchase_terms,
    shift_shape,
    skill,
)
from wfm.rules.law import LAW
from wfm.violation import Violation

__all__ = ["LAW", "RULES"]

RULES: tuple[Callable[[Case, Plan], list[Violation]], ...] = (
    shift_shape.check,
    one_shift_a_day.check,
    absence.check,
    skill.check,
    opening.check,
    contract_week.check,
    max_agents.check,
    min_activity.check,
    purchase_terms.check,
    partner_seats.check,
    inhouse_test.check,
)
"""House rules that need case and plan alone. `references` runs before them and `partner_share`, which needs the requirement
too, after them: see `wfm.check`.
"""
