"""A partner's bill spread over what was bought: tiers and minimum billing count for the plan as a whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from api.figures.view import PlanView
from wfm.blocks import productive_hours


@dataclass(frozen=True)
class Bought:
    """Productive hours bought from a partner for a campaign in a week (0, 1, …), and their part of the partner's bill.

    `campaign` and `week` are None where a minimum is billed though nothing was bought.
    """

    partner: str
    campaign: str | None
    week: int | None
    hours: float
    cents: int


def bought(view: PlanView) -> list[Bought]:
    """Every purchase of the plan by partner, campaign and week; the cents of a partner add up to its bill."""
    first = view.case.first_day
    hours: dict[str, dict[tuple[str, int], Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    for purchase in view.plan.purchases:
        key = purchase.campaign, (purchase.day - first).days // 7
        hours[purchase.partner][key] += productive_hours(view.case, purchase)
    found = []
    for line in view.plan.bill.lines:
        if line.kind != "purchase":
            continue
        parts = sorted(hours[line.subject].items())
        if not parts:
            found.append(Bought(line.subject, None, None, 0.0, line.cents))
        for ((campaign, week), part), cents in zip(parts, spread(line.cents, [part for _, part in parts]), strict=True):
            found.append(Bought(line.subject, campaign, week, float(part), cents))
    return found


def spread(cents: int, weights: Sequence[Fraction]) -> list[int]:
    """Split an amount in proportion to weights so that the parts add up to it (largest remainder)."""
    total = sum(weights, Fraction(0))
    exact = [cents * weight / total for weight in weights]
    parts = [int(value) for value in exact]
    by_remainder = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for index in by_remainder[: cents - sum(parts)]:
        parts[index] += 1
    return parts
