"""One small valid case as rows of text, and the ways to write it."""

from __future__ import annotations

import copy
import csv
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
import xlsxwriter

Tables = dict[str, list[list[str]]]

SMALL = {
    "plan": "name,as_of,first_day,days,interval_minutes,currency,routing\nPetit été,2026-11-23,2026-12-07,7,30,EUR,pooled",
    "exchange_rates": "currency,rate,valid_from\nMAD,0.1,2026-01-01\nMAD,0.093,2026-06-01\nMAD,0.5,2027-01-01",
    "sites": (
        "site,name,city,country,time_zone,unplanned_shrinkage,rest_weekday,rest_day_work\n"
        "rabat,Rabat,Rabat,MA,Africa/Casablanca,0.125,7,no"
    ),
    "holidays": "country,feast,day,status\nMA,fitr,2027-03-10,declared\nFR,Journée de l'entreprise,2027-01-04,declared",
    "markets": "market,name,country,time_zone\nFR,France,FR,Europe/Paris",
    "campaigns": (
        "campaign,name,market,channel,stage,legal_basis,skill,min_level,open_on_holidays,max_occupancy,shortage_cost_per_hour,"
        "currency,min_inhouse_share,min_partner_share,max_agents,service_level,service_seconds,patience_seconds,deadline_hours,"
        "attempt_seconds,max_attempts,second_call_of,second_call_share,met_on_days,eligible_share,"
        "target_period,concurrency,lost_contact_cost,min_activity_minutes,callback_of,callback_seconds,callback_share,blended_with\n"
        "service,Santé,FR,inbound,industrialised,,life,1,no,0.85,45.5,EUR,0,0.25,,0.8,20,120,,,,,,0.9,,day,2,3.5,90,,,,\n"
        "sales,Ventes,FR,outbound,test,contract_related,sales,1,no,0.85,45.5,EUR,1,0,10,,,,,45,4,,,,0.75,,,,,,,,\n"
        "mail,Courrier,FR,deferrable,pilot,,life,2,no,0.95,30.5,EUR,0.5,0,,,,,24.5,,,,,,,,,,,service,60,0.4,"
    ),
    "opening_hours": (
        "campaign,weekdays,opens,closes\nservice,1-5,09:00,18:00\nservice,6,22:00,24:00\n"
        "sales,1-5,10:00,20:00\nmail,1 2 3-5,09:00,18:00"
    ),
    "list_batches": (
        "campaign,batch,loaded_on,last_day,records,eligible,refused,refused_on,attempted_on\n"
        "sales,décembre,2026-12-07,2026-12-11,1200,900,30,2026-11-02,2026-11-09 2026-11-16"
    ),
    "overrides": (
        "campaign,first_day,last_day,from_time,to_time,volume,percent,author,reason\n"
        "mail,2026-12-08,2026-12-09,,,120.5,,P01,relance\nservice,2026-12-09,2026-12-09,16:00,24:00,,-12.5,P02,panne réglée"
    ),
    "events": "campaign,name,first_day,last_day\n,price change,2026-01-05,2026-01-09\nmail,mailing,2026-02-02,2026-02-02",
    "contracts": "contract,week_hours,days_per_week,max_overtime_hours_week,regime\nfull,37.5,5,4.5,weekly",
    "agents": (
        "agent,site,contract,hourly_cost,currency,days_worked_before,last_shift_end,hourly_wage,overtime_hours_before,"
        "year_hours_before,adult_from\n"
        "A1,rabat,full,52.73,MAD,1,2026-12-06T17:00,,12.5,1800,\nA2,rabat,full,50.5,MAD,0,,34.2,,,2027-03-01\n"
        "A3,rabat,full,4.5,EUR,0,2026-12-04T17:00Z,,,,"
    ),
    "skills": "agent,skill,level\nA1,life,2\nA1,sales,1\nA2,life,3\nA3,sales,1",
    "absences": (
        "agent,start,end,kind\nA1,2026-12-09,2026-12-10,paid_leave\nA1,2026-12-11T08:00,2026-12-11T10:00,unavailable\n"
        "A2,2026-12-10,2026-12-10,medical"
    ),
    "wishes": "agent,day,kind,time,cost,currency\nA1,2026-12-08,off,,15.5,EUR\nA2,2026-12-08,end_before,17:00,10.25,EUR",
    "shift_patterns": (
        "pattern,contract,earliest_start,latest_start,step_minutes,presence_minutes,season\n"
        "day,,08:00,10:00,30,540,\nlong,full,08:00,09:00,30,600,outside_ramadan\nfast,,12:00,13:00,30,360,ramadan"
    ),
    "breaks": (
        "pattern,name,minutes,paid,earliest_after,latest_after,at_sunset\nday,tea,30,yes,360,420,\n"
        "day,lunch,60,no,180,240,no\nlong,lunch,60,no,180,240,\nfast,iftar,30,no,,,yes"
    ),
    "partners": (
        "partner,name,city,time_zone,seats,current_seats,ramp_seats_per_week,block_seats,lead_time_days,min_billed_hours,tier_mode,"
        "currency\ncasa,Casa,Casablanca,Africa/Casablanca,20,10,5,2,14,10.5,incremental,EUR"
    ),
    "partner_tiers": "partner,from_hours,price_per_hour\ncasa,0,13.5\ncasa,40.5,12.25",
    "partner_campaigns": "partner,campaign,productivity\ncasa,service,0.9",
    "partner_shifts": "partner,shift,start,end,weekdays\ncasa,am,08:00,12:00,1-5\ncasa,late,20:00,00:00,1-5",
}  # fmt: skip
HISTORY_HEADER = "campaign,interval_start,volume,handled,aht_seconds,records_loaded,attempts,contacts"
HISTORY_FIRST_DAY = date(2026, 10, 19)


def small_tables() -> Tables:
    """The case as rows of cells; history: 21 days from 2026-10-19, over the end of summer time, two intervals a day."""
    tables = {name: list(csv.reader(text.split("\n"))) for name, text in SMALL.items()}
    history = [HISTORY_HEADER.split(",")]
    for offset in range(21):
        day = HISTORY_FIRST_DAY + timedelta(days=offset)
        for clock in ("10:00", "10:30"):
            history.append(["service", f"{day}T{clock}", "31", "29", "372.5", "", "", ""])
            history.append(["sales", f"{day}T{clock}", "", "", "420", "100", "55", "9"])
            history.append(["mail", f"{day}T{clock}", "12.5", "12", "300", "", "", ""])
    return tables | {"history": history}


@pytest.fixture
def tables() -> Tables:
    return copy.deepcopy(small_tables())


def write_folder(
    tables: Tables, folder: Path, separator: str = ",", decimal: str = ".", encoding: str = "utf-8"
) -> Path:
    """One CSV file per table; `decimal` replaces the point of cells that are decimal numbers."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding=encoding, newline="") as file:
            writer = csv.writer(file, delimiter=separator, lineterminator="\r\n")
            writer.writerows([_marked(cell, decimal) for cell in row] for row in rows)
    return folder


def write_book(tables: Tables, path: Path) -> Path:
    """One sheet per table, with real numbers and real dates where the cells have them."""
    book = xlsxwriter.Workbook(path)
    formats = {
        length: book.add_format({"num_format": code})
        for length, code in ((10, "yyyy-mm-dd"), (16, "yyyy-mm-dd hh:mm"), (5, "hh:mm"))
    }
    for name, rows in tables.items():
        sheet = book.add_worksheet(name)
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                _write_cell(sheet, r, c, cell, formats)
    book.close()
    return path


def _write_cell(sheet, r: int, c: int, cell: str, formats: dict) -> None:
    from datetime import datetime, time

    for length, parse in ((10, date.fromisoformat), (16, datetime.fromisoformat), (5, time.fromisoformat)):
        if len(cell) == length and cell[-3] in "-:":
            try:
                sheet.write_datetime(r, c, parse(cell), formats[length])
            except ValueError:
                continue
            return
    if cell:
        try:
            sheet.write_number(r, c, float(cell))
        except ValueError:
            sheet.write_string(r, c, cell)


def _marked(cell: str, decimal: str) -> str:
    whole, point, part = cell.partition(".")
    return f"{whole}{decimal}{part}" if point and whole.isdigit() and part.isdigit() else cell


@pytest.fixture(scope="session")
def folder_of() -> Callable[..., Path]:
    return write_folder


@pytest.fixture(scope="session")
def book_of() -> Callable[..., Path]:
    return write_book


@pytest.fixture(scope="session")
def fresh_tables() -> Callable[[], Tables]:
    return small_tables
