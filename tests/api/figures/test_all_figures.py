"""What holds for every figure."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from api.figures import FIGURES, TABLES


def test_every_figure_has_a_table():
    assert FIGURES.keys() == TABLES.keys()


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_has_a_title_and_axes_that_name_their_unit_or_clock(view, name):
    layout = FIGURES[name](view).layout

    assert layout.title.text
    titles = _titles(layout)
    assert len(titles) >= 2
    for title in titles:
        assert any(
            word in title
            for word in (
                "Rabat time",
                "Paris time",
                "EUR",
                "(h)",
                "(%)",
                "agents",
                "per day",
                "Day",
                "days",
                "Kind",
                "Agent",
            )
        )


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_becomes_json_without_offsets(view, name):
    text = FIGURES[name](view).to_json()

    assert json.loads(text)["data"]
    assert "+00:00" not in text
    assert "+01:00" not in text


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_of_an_empty_plan_can_be_drawn(view, make_plan, name):
    empty = replace(view, histories={}, plan=make_plan(view.case, []))

    assert FIGURES[name](empty).to_json()
    assert TABLES[name](empty).csv()


@pytest.mark.parametrize("name", TABLES)
def test_a_table_has_a_cell_per_column(view, name):
    table = TABLES[name](view)

    assert table.rows
    assert {len(row) for row in table.rows} == {len(table.columns)}


def _titles(layout):
    axes = [layout[key] for key in layout.to_plotly_json() if key.startswith(("xaxis", "yaxis"))]
    return [axis.title.text for axis in axes if axis.title.text]
