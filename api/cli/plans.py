"""Commands that make a plan and check one."""

from __future__ import annotations

import os
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.interrupt import CtrlC
from api.cli.output import INTERRUPTED, REFUSED, AsJson, CasePath, console, print_json, say

if TYPE_CHECKING:
    from models.result import ChainResult
    from wfm.plan import Plan
    from wfm.violation import Violation

REPORT = "report.html"
BILL_KINDS = {
    "wages": "Contract wages",
    "overtime": "Overtime",
    "holiday": "Work on holidays",
    "purchase": "Purchases",
    "shortage": "Shortage, priced",
    "lost_contacts": "Lost contacts, expected",
    "wishes": "Wishes not met, priced",
}


def plan(
    case: CasePath,
    *,
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="Folder for the plan: new, empty, or holding an earlier plan.")
    ],
    time_limit: Annotated[
        float, typer.Option(min=0, help="Seconds for the optimiser; forecast and report come on top.")
    ] = 60.0,
    rounds: Annotated[
        int | None,
        typer.Option(
            min=1, help="Rounds of search: with time enough, the same seed then gives the same plan everywhere."
        ),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of everything random.")] = 0,
    workers: Annotated[int, typer.Option(min=1, help="Processor cores to use.")] = 2,
    as_json: AsJson = False,
) -> None:
    """Plan rosters and purchases together.

    Forecast, requirement, plan, check and report in one. Ctrl-C stops and keeps the best plan found so far.
    """
    begun = time.monotonic()
    with CtrlC() as ctrl_c:
        from api.figures import PlanView
        from api.progress_bar import ProgressBar
        from api.report import render_report
        from data.export.plan_folder import refuse_foreign, write_plan_folder
        from data.ingest.case import read_case
        from models.chain import run
        from wfm.progress import Progress

        refuse_foreign(out)
        loaded, histories = read_case(case)
        try:
            with ProgressBar(console(), loaded.currency) as bar:
                chain = partial(
                    run, loaded, histories, time_limit=time_limit, rounds=rounds, seed=seed, workers=workers
                )
                result = ctrl_c.run(partial(chain, stop=ctrl_c.stop.is_set, on_progress=bar))
                if result is not None and not result.violations:
                    bar(Progress(stage="write", fraction=0, message="files"))
                    write_plan_folder(out, loaded, result.forecast, result.requirement, result.plan)
                    bar(Progress(stage="write", fraction=0.5, message="report"))
                    view = PlanView(loaded, histories, result.forecast, result.requirement, result.plan)
                    (out / REPORT).write_text(render_report(view), encoding="utf-8")
                    bar(Progress(stage="write", fraction=1, message="done"))
        except KeyboardInterrupt:
            os._exit(INTERRUPTED)  # an orderly end would wait for the solver's threads, or crash among them
    if result is None:
        say("Stopped before there was a plan: nothing is written.")
        if as_json:
            print_json({"status": "stopped", "seed": seed})
        raise typer.Exit(INTERRUPTED)
    seconds = round(time.monotonic() - begun, 2)
    if as_json:
        print_json(_summary(result, seconds))
    else:
        print("\n".join(_told(result.plan, seconds)))
    if result.violations:
        say(f"The plan breaks rules of its case, which is an error of the planner; nothing is written to {out}:")
        _tell(result.violations)
        raise typer.Exit(REFUSED)
    say(f"Written: {out}; open {out / REPORT} in a browser")
    if ctrl_c.stop.is_set():
        raise typer.Exit(INTERRUPTED)


def check(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder that wfm plan wrote.")],
    case: Annotated[
        Path | None,
        typer.Option(metavar="CASE", help="Case to hold the plan against, instead of the copy in the folder."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Verify a stored plan.

    Code that knows no optimiser looks at every hard rule, coverage, purchases, the bill to the cent and every file.
    """
    from data.export.plan_folder import check_folder, read_plan_folder
    from data.ingest.case import read_case
    from wfm.check import check_plan

    found = check_folder(folder)
    _, requirement, stored = read_plan_folder(folder)
    if case is not None:
        found += [entry for entry in check_plan(read_case(case).case, requirement, stored) if entry not in found]
    if as_json:
        print_json(
            {
                "status": "violated" if found else "ok",
                "violations": len(found),
                "details": [violation.to_dict() for violation in found],
                "cost_cents": stored.certificate.cost_cents,
                "bound_cents": stored.certificate.bound_cents,
                "gap": stored.certificate.gap,
                "currency": stored.certificate.currency,
            }
        )
    else:
        print(f"{folder}: {len(found) or 'no'} violations")
    if found:
        _tell(found)
        raise typer.Exit(REFUSED)


def _tell(violations: list[Violation]) -> None:
    for violation in violations:
        say(f"  {violation}")


def _summary(result: ChainResult, seconds: float) -> dict[str, object]:
    """The object of `wfm plan --json`. `seconds` is everything from reading the case to the report."""
    certificate = result.plan.certificate
    return {
        "status": result.plan.status,
        "stop_reason": result.plan.stop_reason,
        "currency": certificate.currency,
        "cost_cents": certificate.cost_cents,
        "bound_cents": certificate.bound_cents,
        "gap": certificate.gap,
        "changeable_cost_cents": certificate.changeable_cost_cents,
        "changeable_bound_cents": certificate.changeable_bound_cents,
        "changeable_gap": certificate.changeable_gap,
        "violations": len(result.violations),
        "seconds": seconds,
        "seconds_by_stage": {stage: round(value, 2) for stage, value in result.seconds.items()},
        "seed": result.plan.seed,
        "case_hash": result.plan.case_hash,
    }


def _told(plan: Plan, seconds: float) -> list[str]:
    """The same for people."""
    from api.progress_bar import amount

    certificate, currency = plan.certificate, plan.bill.currency
    cost, bound = certificate.cost_cents, certificate.bound_cents
    shares = f"{100 * certificate.gap:.2f} % of all cost, {100 * certificate.changeable_gap:.2f} % of what planning can change"
    lines = [
        f"{plan.case_name}: {plan.status} plan in {seconds:.0f} s ({plan.stop_reason})",
        f"  Cost {amount(cost, currency)}; proven: no plan costs less than {amount(bound, currency)}",
        f"  Gap {amount(cost - bound, currency)}: {shares}",
    ]
    for kind, name in BILL_KINDS.items():
        cents = sum(line.cents for line in plan.bill.lines if line.kind == kind)
        lines.append(f"  {name:<24}{amount(cents, currency):>20}")
    return lines
