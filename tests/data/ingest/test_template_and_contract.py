"""The template can be read and tells what is missing; the contract on disk is the one of the program."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.ingest.case import read_case
from data.ingest.contract import render
from data.ingest.rules import RULES
from data.ingest.tables import TABLE_BY_NAME, TABLES
from data.ingest.template import write_template
from wfm.errors import CaseError, WfmError


def test_a_fresh_template_tells_which_tables_are_empty(tmp_path):
    write_template(tmp_path / "new")
    with pytest.raises(CaseError) as caught:
        read_case(tmp_path / "new")
    assert [(p.table, p.reason) for p in caught.value.problems] == [
        (table.name, "the table is empty") for table in TABLES if table.required
    ]


def test_a_filled_template_is_a_case(tables, tmp_path):
    write_template(tmp_path)
    for name, rows in tables.items():
        columns = [column.name for column in TABLE_BY_NAME[name].columns]
        with (tmp_path / f"{name}.csv").open("a", encoding="utf-8") as file:
            for row in rows[1:]:
                cells = dict(zip(rows[0], row, strict=True))
                file.write(",".join(cells[column] for column in columns) + "\n")
    assert read_case(tmp_path).case.name == "Petit été"


def test_the_template_overwrites_nothing(tmp_path):
    (tmp_path / "wishes.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(WfmError, match=r"wishes\.csv exists already"):
        write_template(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["wishes.csv"]


def test_the_template_explains_every_column(tmp_path):
    write_template(tmp_path)
    for table in TABLES:
        text = (tmp_path / f"{table.name}.csv").read_text(encoding="utf-8")
        for column in table.columns:
            assert f"# {column.name}" in text
            assert column.example in text


def test_the_contract_on_disk_is_current():
    page = Path(__file__).parents[3] / "docs" / "data-contract.md"
    assert page.read_text(encoding="utf-8") == render(), "run: python -m data.ingest.contract > docs/data-contract.md"


def test_every_rule_is_told_in_the_contract():
    assert all(len(rule.text) > 20 and rule.text in render() for rule in RULES)
