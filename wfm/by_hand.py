"""A plan changed by a person: other shifts for some agents' days, with the bill and the certificate that follow."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from wfm.case import Case
from wfm.check import gap
from wfm.costs import bill
from wfm.plan import Plan, Shift, Status
from wfm.requirement import Requirement


def changed_by_hand(
    case: Case, requirement: Requirement, plan: Plan, shifts: Mapping[tuple[str, date], Shift | None]
) -> Plan:
    """`plan` with other `shifts` by agent and day, None for a day off; what is bought stays.

    The bound holds as before, for it is of every plan of this case. The result is not checked: `wfm.check` judges it. Its agents
    and activities must be the case's, as rule REFERENCE says.
    """
    kept = [shift for shift in plan.shifts if (shift.agent, shift.day) not in shifts]
    new = [shift for shift in shifts.values() if shift is not None]
    roster = tuple(sorted([*kept, *new], key=lambda shift: (shift.agent, shift.first_slot)))
    costs = bill(case, requirement, roster, plan.purchases)
    before, bound = plan.certificate, plan.certificate.bound_cents
    wages = costs.total_cents - costs.changeable_cents
    certificate = before.model_copy(
        update={
            "cost_cents": costs.total_cents,
            "changeable_cost_cents": costs.changeable_cents,
            "changeable_bound_cents": bound - wages,
            "gap": gap(costs.total_cents, bound),
            "changeable_gap": gap(costs.changeable_cents, bound - wages),
        }
    )
    status = Status.OPTIMAL if costs.total_cents == bound else Status.FEASIBLE
    return plan.model_copy(update={"shifts": roster, "bill": costs, "certificate": certificate, "status": status})
