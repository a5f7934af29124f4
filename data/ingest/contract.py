"""`docs/data-contract.md` from the tables and rules themselves, so that the two never differ.

`python -m data.ingest.contract > docs/data-contract.md` writes it anew.
"""

from __future__ import annotations

from data.ingest.cells import FIRST_YEAR, ID_RULE, LAST_YEAR, LONGEST_TEXT
from data.ingest.problems import LIMIT
from data.ingest.rules import SUBJECTS
from data.ingest.tables import TABLES, Column, Table
from data.ingest.text import LARGEST_BYTES

_START = f"""\
# Data contract: what a case holds

A *case* is everything that one plan needs. It is a folder of CSV files named after the tables below (`campaigns.csv`; the
history also compressed as `history.csv.gz`), or one `.xlsx` workbook with a sheet per table. `wfm template DIR` writes an
empty case with comments; `wfm validate CASE` lists all faults at once, each with table, row, column, value, reason and mend.
Nothing runs on a case with a fault. (This page is made from the program: see `data/ingest/contract.py`.)

## Files
- **Encoding**: UTF-8, with or without BOM. Latin-1, Windows-1252 and UTF-16 are refused; spreadsheets write UTF-8 under
  "Save as: CSV UTF-8".
- **Separator**: comma, semicolon or tab, found from the header. A cell that contains it is quoted with `"`; a quotation mark
  inside is doubled.
- **Rows** carry the numbers that a spreadsheet shows. Lines that start with `#` are comments; they and blank lines are
  skipped but keep their number. Every other row has as many cells as the header.
- **Size**: at most {LARGEST_BYTES // 1_000_000} MB a file, unpacked.
- **Header**: the column names below, in any order, each once. Columns marked *may be empty* may be left out. Columns of other
  names are refused, and so are tables (`.csv` files, sheets) whose name looks like a misspelt table; other files are ignored.
- **Personal data** is refused: columns that sound like names, phones, e-mail or other addresses, and texts that look like an
  e-mail address or a telephone number. Agents are known by pseudonymous ids.
- **Many faults** of one kind in one column: the first {LIMIT} are listed, the others counted.

## Cells
| kind | how it is written |
|---|---|
| text | one line, at most {LONGEST_TEXT} characters |
| id | {ID_RULE}; letters may have accents; upper and lower case differ |
| int | digits, without thousands separators |
| number, share, money | digits with a decimal point or a decimal comma, one of the two throughout a column; no thousands \
separators, units or currency signs. In comma-separated files `1,234` is refused: it may be a thousand. A share is 0.8, not 80 |
| date | ISO 8601, `2026-12-07`, years {FIRST_YEAR} to {LAST_YEAR}. Nothing else is read: `07/12/2026` could be two days |
| time | `08:30` on the 24-hour clock |
| datetime | ISO 8601 to the minute: `2026-12-07T08:30+01:00`, `2026-12-07T07:30Z`, or wall time `2026-12-07T08:30` (also with \
a space for the T); a date alone is its first minute, except in absences, where it is the whole day |
| bool | `yes` or `no` (also true/false, 1/0, oui/non, vrai/faux) |
| choice | exactly one of the words listed |
| list | ISO weekdays, 1 Monday to 7 Sunday: `1-5`, `1 3 6`, `1-3 6`. In spreadsheets format the column as text |
| dates | dates separated by spaces: `2026-11-02 2026-11-05` |

## Time
- Every wall time belongs to somebody: opening hours and history to the *market*, shifts, absences and wishes to the *site*, block
  shifts to the *partner*. The program keeps instants in UTC and knows the clock changes of each zone (Morocco included).
- In the hour that a clock change repeats, a wall time without offset is refused because it occurs twice; in the hour that it
  skips, because it does not exist. Write such times with their offset, or with `Z`.
- `00:00` or `24:00` as the end of opening hours or of a partner's window is midnight at the end of that day.
- An interval counts as open only when all of it lies within the opening hours and, for outbound, within legal calling hours.

## Money
Amounts are in whole units of their `currency` (12.50 is twelve and a half). They are converted with the latest exchange rate
valid on first_day and only then rounded, half up, to hundredths of the plan's currency. Exchange rates give the worth of one
unit of the foreign currency in the plan's. Tier prices are in the currency of their partner.

## What some figures mean
- **min_inhouse_share** caps what is bought for a campaign: productive hours of partners are at most (1 - share) x the
  required hours of the whole plan. 1 means nothing is bought. **min_partner_share** is a floor of the same kind.
- **Productive hours** are seats x hours of the block shift. One seat does `productivity` times the work of an in-house agent.
- **Tiers** count the productive hours bought from a partner in the whole plan. `incremental`: each hour costs the price of
  the tier it falls in. `all_units`: every hour costs the price of the tier that the total reaches.
- **Minimum billing**: the bill of a partner is its tariff at max(hours bought, min_billed_hours), even if nothing is bought.
- **Ramp**: in week w = 0, 1, … of the plan a partner has min(seats, current_seats + ramp_seats_per_week x (w + 1)) seats.
- **Lead time**: days before as_of + lead_time_days cannot be bought. A purchase is a number of blocks of block_seats seats for
  one campaign, day and block shift.
- **unplanned_shrinkage** is what the roster does not model (sickness, coaching, faults). Leave and breaks are rostered: do
  not count them in it.
- **Wages** are paid for week_hours every week, worked or not; effective time above them is overtime at
  hourly_base x (1 + the premium of the law). A day of whole-day leave credits week_hours / days_per_week.
- **hourly_cost** is what a paid hour costs in all. Left empty, it is hourly_wage and the employer's contributions by the law of
  first_day on a month of week_hours x 52 / 12. **hourly_base**, on which premiums are reckoned, is hourly_wage and the
  contributions on one more hour; where no wage is given, it is hourly_cost.
- **Annual regime**: overtime is what exceeds the law's hours of a day, and of the year (less for shorter contracts, in
  proportion); year_hours_before is where the year's count starts.
- **Holidays** come from the program's calendars: statute, and for feasts that follow the moon what was declared or is
  estimated. A row of holidays overrides them for this case alone. An estimated feast puts its days and the next at risk.
- **Rest**: with a rest_weekday nobody works on it or on public holidays unless rest_day_work says so; without one, rest is by
  rotation and holidays may be worked.
- **Second calls** of a campaign are second_call_share of the contacts of the one it follows, each after the delay that the law
  sets between documents and signature.
- **Outbound history**: `records_loaded` is what arrives; attempts and contacts give the reach. An interval without a row
  was closed or not recorded; a volume of 0 was open and empty.

## Tables
"""


def render() -> str:
    """The whole page, Markdown."""
    rules = ["## Rules across cells and tables\n", *_key_rules()]
    for subject, entries in SUBJECTS.items():
        rules.append(f"\n**{subject}**\n")
        rules += [f"- {entry.text}" for entry in entries]
    return _START + "\n".join(_table(table) for table in TABLES) + "\n" + "\n".join(rules) + "\n"


def _key_rules() -> list[str]:
    return [
        "- The key of a row (named above its table) occurs once in the table.",
        "- A value that refers to another table occurs there.",
        "- A table marked required has at least one row.",
    ]


def _table(table: Table) -> str:
    need = "required" if table.required else "may be left out"
    lines = [
        f"### {table.name}",
        f"{table.doc} *{need}; key: {', '.join(table.key)}*\n",
        "| column | kind | unit | rule | example |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| `{column.name}` | {column.kind} | {column.unit} | {_rule(column)} | {_code(column.example)} |"
        for column in table.columns
    ]
    return "\n".join(lines) + "\n"


def _rule(column: Column) -> str:
    parts = [column.doc]
    if column.choices:
        parts.append("one of " + ", ".join(f"`{choice}`" for choice in column.choices))
    parts += _range(column)
    if column.ref:
        parts.append(f"occurs in {column.ref}")
    if not column.required:
        parts.append("*may be empty*")
    return "; ".join(parts).replace("|", "\\|")


def _range(column: Column) -> list[str]:
    low, high = column.minimum, column.maximum
    if column.kind == "share":
        low, high = low or 0, 1 if high is None else high
    if low is not None and high is not None:
        return [f"{_figure(low)} to {_figure(high)}"]
    return []


def _figure(value: float) -> str:
    return f"{int(value)}" if float(value).is_integer() else f"{value:g}"


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


if __name__ == "__main__":
    print(render(), end="")
