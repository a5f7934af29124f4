"""Stored forecasts, ready to be tabulated, and the making of new versions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from api.idempotency import Once
from api.problems import ProblemError, ProblemItem, not_found
from data.ingest.source_tables import with_overrides
from data.store.audit import Actor, record
from data.store.cases import add_case, find_case, load_case, load_histories, load_tables
from data.store.database import Store
from data.store.forecasts import add_forecast, find_forecast
from data.store.tables import StoredForecast
from wfm.case import Case
from wfm.demand import Forecast
from wfm.errors import WfmError
from wfm.history import CampaignHistory
from wfm.override import Override


@dataclass(frozen=True, eq=False)
class ForecastView:
    """A stored forecast with its case; `modelled` is what the models said before lists and overrides."""

    id: str
    origin: str
    version: int
    case_id: str
    created_at: datetime
    case: Case
    histories: dict[str, CampaignHistory]
    modelled: Forecast
    document: Forecast


def view_of(session: Session, stored: StoredForecast) -> ForecastView:
    stored_case = find_case(session, stored.case_id)
    assert stored_case is not None, "a foreign key holds the case"  # noqa: S101 - an invariant of the tables
    return ForecastView(
        id=stored.id,
        origin=stored.origin,
        version=stored.version,
        case_id=stored.case_id,
        created_at=stored.created_at,
        case=load_case(stored_case),
        histories=load_histories(stored_case),
        modelled=Forecast.from_json(stored.modelled),
        document=Forecast.from_json(stored.document),
    )


def known_forecast(session: Session, forecast_id: str) -> StoredForecast:
    """Raises ProblemError when there is none."""
    stored = find_forecast(session, forecast_id)
    if stored is None:
        raise not_found("forecast", forecast_id)
    return stored


def load_forecast(store: Store, forecast_id: str) -> ForecastView:
    """Raises ProblemError when there is no such forecast."""
    with store.read() as session:
        return view_of(session, known_forecast(session, forecast_id))


def next_version(
    store: Store,
    view: ForecastView,
    overrides: tuple[Override, ...],
    by: Actor,
    once: Callable[[Session], Once] | None = None,
) -> ForecastView:
    """Keep the same forecast with other overrides, as the next version; the case with them is stored beside the old one, so that
    it can be planned. `once` is what an Idempotency-Key says of the request. Raises ProblemError when an override touches no
    open interval.
    """
    from models.expected import with_hand

    case = view.case.model_copy(update={"overrides": overrides})
    try:
        document = with_hand(case, view.histories, view.modelled)
    except WfmError as error:
        raise ProblemError("request-invalid", str(error), [ProblemItem(reason=str(error))]) from error
    with store.write(by) as session:
        sent = once(session) if once else None
        if sent is not None and sent.made is not None:  # another one, sent at the same moment, was faster
            return view_of(session, known_forecast(session, sent.made))
        before = known_forecast(session, view.id)
        before_case = find_case(session, view.case_id)
        tables = load_tables(before_case) if before_case else None
        changed = None if tables is None else with_overrides(tables, overrides)
        stored_case, _ = add_case(session, case, view.histories, changed)
        made = add_forecast(session, stored_case.id, modelled=view.modelled, document=document, after=before)
        hashes = [override.content_hash()[:12] for override in overrides]
        if sent is not None:
            sent.note(made.id)
        record(session, "forecast.overridden", "forecast", made.id, version=made.version, overrides=hashes)
        return view_of(session, made)
