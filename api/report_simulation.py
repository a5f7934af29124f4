"""The section of the report that holds a plan's promises against its simulation; it can be put into a page made before."""

from __future__ import annotations

from api.figures import PlanView
from api.figures.simulation import figure, lines, table
from api.figures.text import percent
from api.report_page import drawn, environment
from wfm.simulation import SimulationReport

NAME = "simulation_figure"
START, END = "<!-- promise and simulation -->", "<!-- end of promise and simulation -->"
"""Around the section. Text of a plan cannot hold them: it is escaped."""

HEADING = "Promised against simulated"
READING = (
    "Dots: what happened, lines through them: the 95 % interval of it; open diamonds: what was promised; crosses: what the "
    "formulas expect of the agents that this plan has, absences included; upright strokes: the "
    "target. The promise holds for the work that the plan covers. Outbound: contacts made, as a share of those that the "
    "records would give at full coverage; deferrable: work done by its deadline; for both the promise is what the plan has "
    "capacity for. A target met on average is missed on many single days: how many, the lower part shows."
)


def simulation_section(view: PlanView, report: SimulationReport | None) -> str:
    """The section with its marks; without a report it says how to get one."""
    section, below = None, []
    if report is not None:
        below = _below(view, report)
        section = drawn(NAME, HEADING, READING, figure(view, report), table(view, report))
    text = (
        environment()
        .get_template("report_simulation.html")
        .render(report=report, section=section, below=below, rows_shown=1000)
    )
    return f"{START}\n{text}\n{END}"


def with_section(page: str, section: str) -> str | None:
    """A page with its section replaced; None where it has no place for one, as pages of older versions."""
    before, start, rest = page.partition(START)
    _, end, after = rest.partition(END)
    return before + section + after if start and end else None


def _below(view: PlanView, report: SimulationReport) -> list[str]:
    """Who does not get what was promised, beyond chance, in words."""
    return [
        f"{view.case.campaign_by_id[line.campaign].name}, {line.measure}: {percent(line.simulated.value)} simulated, "
        f"{percent(line.promised)} promised"
        for line in lines(view, report)
        if line.simulated is not None and line.promised is not None and line.simulated.high < line.promised
    ]
