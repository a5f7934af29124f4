"""Documents are values: a changed copy knows nothing of the original."""

from __future__ import annotations


def test_a_changed_copy_forgets_what_the_original_had_worked_out(tiny_case):
    assert tiny_case.grid.slots == 336

    longer = tiny_case.model_copy(update={"days": 14, "agents": tiny_case.agents[:1]})

    assert longer.grid.slots == 672
    assert set(longer.agent_by_id) == {"A1"}
