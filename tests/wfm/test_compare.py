"""Two plans side by side."""

from __future__ import annotations

from datetime import date

from wfm.compare import compare
from wfm.plan import Purchase


def test_a_plan_does_not_differ_from_itself(tiny_plan):
    same = compare(tiny_plan, tiny_plan)
    assert (same.shifts, same.purchases, same.kept_shifts) == ((), (), len(tiny_plan.shifts))
    assert same.before_cents == same.after_cents == tiny_plan.bill.total_cents
    assert sum(kind.before_cents for kind in same.kinds) == same.before_cents


def test_what_was_added_removed_moved_and_rededicated(tiny_case, make_shift, make_plan):
    lunch = ("break:lunch", 2)
    base = [make_shift("A1", day, 8, ("service", 7), lunch, ("service", 7)) for day in range(3)]
    moved = make_shift("A1", 1, 9, ("service", 7), lunch, ("service", 7))
    other = make_shift("A1", 2, 8, ("service", 7), lunch, ("mail", 7))
    new = make_shift("A2", 0, 8, ("mail", 7), lunch, ("mail", 7))
    bought = Purchase(partner="casa", campaign="service", day=date(2026, 12, 7), shift="am", blocks=1)
    before = make_plan(tiny_case, base, [bought])
    after = make_plan(tiny_case, [moved, other, new], [bought.model_copy(update={"blocks": 2})])

    found = compare(before, after)

    assert [(entry.agent, entry.day.day, entry.change) for entry in found.shifts] == [
        ("A1", 7, "removed"), ("A1", 8, "moved"), ("A1", 9, "other work"), ("A2", 7, "added"),
    ]  # fmt: skip
    removed, move = found.shifts[:2]
    assert (removed.after_start, removed.after_end) == (None, None)
    assert (move.before_start.hour, move.after_start.hour, move.after_end.hour) == (8, 9, 17)
    assert [(entry.before_blocks, entry.after_blocks) for entry in found.purchases] == [(1, 2)]
    assert sum(entry.after_cents for entry in found.kinds) == found.after_cents == after.bill.total_cents
    assert found.kept_shifts == 0
    back = compare(after, before)
    assert [entry.change for entry in back.shifts] == ["added", "moved", "other work", "removed"]
