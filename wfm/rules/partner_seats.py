"""PARTNER-SEATS: seats in use at once stay within the partner's seats of that week (ramp). One breach per partner and day."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from wfm.blocks import purchase_slots, seats
from wfm.case import Case
from wfm.plan import Plan
from wfm.rules.words import wall
from wfm.violation import Violation
from wfm.worktime import week_of

CODE = "PARTNER-SEATS"


def check(case: Case, plan: Plan) -> list[Violation]:
    in_use: dict[str, NDArray[np.int64]] = defaultdict(lambda: np.zeros(case.grid.slots, dtype=np.int64))
    for purchase in plan.purchases:
        first, last = purchase_slots(case, purchase)
        in_use[purchase.partner][first:last] += seats(case, purchase)
    found = {}
    for purchase in plan.purchases:
        partner = case.partner_by_id[purchase.partner]
        limit = partner.seats_in_week(week_of(case, purchase.day))
        first, last = purchase_slots(case, purchase)
        slot = first + int(np.argmax(in_use[partner.id][first:last]))
        used = int(in_use[partner.id][slot])
        if used > limit:
            found[partner.id, purchase.day] = Violation(
                rule=CODE, subject=partner.id, where=wall(case, slot), found=f"{used} seats", limit=f"{limit} seats"
            )
    return list(found.values())
