"""The campaigns, agents, contracts, shift patterns, partners and calendars of a draft: read, put and taken away one at a time."""

from __future__ import annotations

import hashlib
import inspect
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response, status
from pydantic import BaseModel

from api.access import Caller
from api.auth import CalledBy
from api.conditional import check_if_match
from api.item_models import model_of
from api.problems import ProblemError, ProblemItem, case_problem, pointer_of
from api.services import Service, Services
from api.v1.drafts import Draft, draft_view, known_draft
from data.ingest.case import LoadedCase, read_changed
from data.ingest.resources import RESOURCES, Item, Resource, item_of, keys, place_of, with_item
from data.ingest.source_tables import SourceTables
from data.store.cases import add_case, find_case, load_case, load_histories, load_tables
from data.store.database import Store
from data.store.drafts import move_draft
from wfm.errors import CaseError

router = APIRouter(prefix="/v1/drafts/{draft_id}", tags=["drafts"])
MOST_TRIES = 5
"""How often a change is made anew because somebody else changed the draft meanwhile."""

IfMatch = Annotated[str | None, Header(max_length=1000, description="ETag of the item as it was seen.")]
IfNoneMatch = Annotated[str | None, Header(max_length=1000, description="*: only if there is none with this key yet.")]
Limit = Annotated[int, Query(ge=1, le=1000, description="Most entries to list.")]
After = Annotated[
    str | None, Query(max_length=100, description="Key of the last entry seen; as the header `Link` says.")
]


@dataclass(frozen=True)
class _State:
    """A draft as it stood when it was read."""

    case_id: str
    tables: SourceTables


def _read(store: Store, draft_id: str) -> _State:
    with store.read() as session:
        draft = known_draft(session, draft_id)
        case = find_case(session, draft.case_id)
        assert case is not None, "a foreign key holds the case"  # noqa: S101 - an invariant of the tables
        tables = load_tables(case)
        assert tables is not None, "no draft begins without tables"  # noqa: S101 - as `post_draft` sees to it
        return _State(draft.case_id, tables)


def _etag(item: Item) -> str:
    """Of what is filled in: a column that a later version adds changes no tag."""
    filled = {
        name: [{cell: text for cell, text in row.items() if text is not None} for row in value]
        if isinstance(value, list)
        else value
        for name, value in item.items()
        if value is not None
    }
    text = json.dumps(filled, sort_keys=True, ensure_ascii=False)
    return f'"{hashlib.blake2b(text.encode(), digest_size=16).hexdigest()}"'


def _missing(resource: Resource, key: str) -> ProblemError:
    return ProblemError("not-found", f"The draft has no {resource.key} {key[:100]!r} among its {resource.name}.")


def _change(
    service: Services,
    caller: Caller,
    draft_id: str,
    resource: Resource,
    key: str,
    item: Item | None,
    check: Callable[[Item | None], None],
) -> tuple[Draft, Item | None]:
    """Put an item, or take it away with None; `check` sees what is there now. The changed case is checked outside of the
    transaction, and once more from the beginning when somebody else was faster. Gives the item as it is then. Raises
    ProblemError.
    """
    for _ in range(MOST_TRIES):
        state = _read(service.store, draft_id)
        check(item_of(resource, state.tables, key))
        changed = with_item(resource, state.tables, key, item)
        with service.store.read() as session:
            before = find_case(session, state.case_id)
            assert before is not None, "a case of a draft is not purged before it"  # noqa: S101 - an invariant of the tables
            loaded = LoadedCase(load_case(before), load_histories(before))
        try:
            case, histories = read_changed(changed, loaded)
        except CaseError as error:
            raise _refusal(error, resource, changed, key) from error
        with service.store.write(caller.actor) as session:
            draft = known_draft(session, draft_id, lock=True)
            if draft.case_id == state.case_id:
                stored, _ = add_case(session, case, histories, changed)
                move_draft(session, draft, stored, resource.name)
                return draft_view(draft), item_of(resource, changed, key)
    raise ProblemError("busy", "Others change this draft all the time. Send it again later.")


def _refusal(error: CaseError, resource: Resource, tables: SourceTables, key: str) -> ProblemError:
    """The faults of a changed case, with pointers into what was sent where they lie in it."""
    details = case_problem(error)
    for entry, fault in zip(details.errors, error.problems, strict=True):
        steps = place_of(resource, tables, key, fault)
        entry.pointer = None if steps is None else pointer_of(steps)
    return ProblemError(
        "case-invalid", details.detail.replace("send it again", "send the change again"), details.errors
    )


class _Operations:
    """What one resource answers to."""

    def __init__(self, resource: Resource) -> None:
        self._resource = resource

    def get_all(
        self,
        draft_id: str,
        request: Request,
        response: Response,
        service: Service,
        limit: Limit = 100,
        after: After = None,
    ) -> list[Item]:
        resource, tables = self._resource, _read(service.store, draft_id).tables
        known = keys(resource, tables)
        if after is not None and after not in known:
            fault = ProblemItem(
                reason="after: is no key of this list", parameter="after", mend="Begin again without it."
            )
            raise ProblemError("request-invalid", f"{fault.reason}. {fault.mend}", [fault])
        begin = 0 if after is None else known.index(after) + 1
        shown = known[begin : begin + limit]
        if begin + limit < len(known):
            url = request.url.include_query_params(after=shown[-1])
            response.headers["Link"] = f'<{url.path}?{url.query}>; rel="next"'
        return [item for key in shown if (item := item_of(resource, tables, key)) is not None]

    def get_one(self, draft_id: str, key: str, response: Response, service: Service) -> Item:
        item = item_of(self._resource, _read(service.store, draft_id).tables, key)
        if item is None:
            raise _missing(self._resource, key)
        response.headers["ETag"] = _etag(item)
        return item

    def put(
        self,
        draft_id: str,
        key: str,
        wanted: BaseModel,
        response: Response,
        service: Service,
        caller: CalledBy,
        if_match: IfMatch = None,
        if_none_match: IfNoneMatch = None,
    ) -> Draft:
        resource, item = self._resource, wanted.model_dump()
        if item[resource.key] != key:
            fault = ProblemItem(
                reason=f"{resource.key}: is not the one of the address",
                pointer=pointer_of([resource.key]),
                value=str(item[resource.key])[:200],
            )
            raise ProblemError("request-invalid", f"{fault.reason}, {key[:100]!r}.", [fault])

        def check(now: Item | None) -> None:
            if now is None and resource.table is None:
                raise _missing(resource, key)
            if now is not None and if_none_match == "*":
                detail = f"There is a {resource.key} {key[:100]!r} already. Read it, then decide."
                raise ProblemError("version-changed", detail)
            if now is None and if_match is not None:
                raise ProblemError("version-changed", f"There is no {resource.key} {key[:100]!r} any more.")
            response.status_code = status.HTTP_201_CREATED if now is None else status.HTTP_200_OK
            if now is not None:
                check_if_match(if_match, _etag(now), needed=True)

        draft, made = _change(service, caller, draft_id, resource, key, item, check)
        response.headers["ETag"] = _etag(made or {})
        return draft

    def remove(self, draft_id: str, key: str, service: Service, caller: CalledBy, if_match: IfMatch = None) -> Draft:
        def check(now: Item | None) -> None:
            if now is None:
                raise _missing(self._resource, key)
            check_if_match(if_match, _etag(now), needed=True)

        return _change(service, caller, draft_id, self._resource, key, None, check)[0]

    def add_to(self, router: APIRouter) -> None:
        """The routes, with the model of the resource."""
        resource, model = self._resource, model_of(self._resource)
        many, one = f"/{resource.name}", f"/{resource.name}/{{key}}"

        def put(wanted: BaseModel, **parameters: Any) -> Draft:
            return self.put(wanted=wanted, **parameters)

        # What FastAPI reads of a function: the same as of the method, with the body of this resource.
        given = inspect.signature(self.put, eval_str=True)
        body = [
            entry.replace(annotation=model) if entry.name == "wanted" else entry for entry in given.parameters.values()
        ]
        put.__signature__ = given.replace(parameters=body)  # type: ignore[attr-defined]
        words = resource.name.replace("-", " ")
        whole = ", its own rows of other tables included" if resource.parts else ""
        router.add_api_route(
            many,
            self.get_all,
            methods=["GET"],
            response_model=list[model],  # type: ignore[valid-type]
            name=f"get {words}",
            description=f"The {words} of a draft, in the order of its table{whole}.",
            responses={404: {}, 422: {}},
        )
        router.add_api_route(
            one,
            self.get_one,
            methods=["GET"],
            response_model=model,
            name=f"get one of {words}",
            description=f"One of the {words}{whole}. Its ETag is needed to change it.",
            responses={404: {}},
        )
        router.add_api_route(
            one,
            put,
            methods=["PUT"],
            response_model=Draft,
            name=f"put one of {words}",
            description=f"Add one of the {words}, or with `If-Match` put it in the place of what was seen, whole{whole}. "
            "The whole case is checked; with any fault nothing is stored. The answer says which case the draft stands for now.",
            responses={201: {"model": Draft, "description": "Added"}, 404: {}, 412: {}, 422: {}, 428: {}},
        )
        router.add_api_route(
            one,
            self.remove,
            methods=["DELETE"],
            response_model=Draft,
            name=f"delete one of {words}",
            description=f"Take one of the {words} away{whole}, as it was seen (`If-Match`). Refused while others need it.",
            responses={404: {}, 412: {}, 422: {}, 428: {}},
        )


for _resource in RESOURCES:
    _Operations(_resource).add_to(router)
