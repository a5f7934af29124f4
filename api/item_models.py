"""What parts of a case look like over HTTP: models made from the one declaration of the case format."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from data.ingest.cells import LONGEST_TEXT
from data.ingest.resources import Resource
from data.ingest.tables import TABLE_BY_NAME, Column

MOST_ROWS = 20_000
_PLAIN: dict[str, Any] = {"int": int, "number": float, "share": float, "money": float, "bool": bool}


class Closed(BaseModel):
    """Unknown fields are refused, and nothing is converted: a text is no number."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


def model_of(resource: Resource) -> type[BaseModel]:
    """The model of one item: the columns of its table, and a list for each part."""
    name = _title(resource.name).removesuffix("s")
    fields: dict[str, Any] = {}
    if resource.table is None:
        fields[resource.key] = (str, Field(description="ISO 3166 alpha-2; that of a site or market.", max_length=2))
        doc = "What is known of a country's holidays beyond the program's own calendars."
    else:
        table = TABLE_BY_NAME[resource.table]
        fields |= {column.name: _field(column) for column in table.columns}
        doc = table.doc
    for part in resource.parts:
        table = TABLE_BY_NAME[part]
        columns: dict[str, Any] = {
            column.name: _field(column) for column in table.columns if column.name != resource.key
        }
        row: Any = create_model(f"{name}{_title(part)}", __base__=Closed, __doc__=table.doc, **columns)
        fields[part] = (list[row], Field(default_factory=list, max_length=MOST_ROWS, description=table.doc))
    made: type[BaseModel] = create_model(f"{name}Item", __base__=Closed, __doc__=doc, **fields)
    return made


def _title(name: str) -> str:
    return name.replace("_", " ").replace("-", " ").title().replace(" ", "")


def _field(column: Column) -> tuple[Any, Any]:
    kind = _kind(column)
    unit = f", {column.unit}" if column.unit else ""
    description = f"{column.doc}{unit}."
    if column.required:
        return kind, Field(description=description)
    return kind | None, Field(None, description=description)


def _kind(column: Column) -> Any:
    if column.kind == "choice":
        return Literal[column.choices]
    if column.kind not in _PLAIN:
        return Annotated[str, Field(max_length=LONGEST_TEXT)]
    low, high = column.minimum, column.maximum
    if column.kind == "share":
        low, high = low if low is not None else 0, high if high is not None else 1
    if column.kind == "bool":
        return bool
    return Annotated[_PLAIN[column.kind], Field(strict=column.kind == "int", ge=low, le=high)]
