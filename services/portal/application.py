# SPDX-License-Identifier: Apache-2.0
"""The application: routes, errors, and the page of the API."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.exceptions import HTTPException

from .config import Settings
from .envelope import Envelope
from .metrics.requests import CountedRequests
from .portal import Portal
from .problems import MEDIA, Problem, Unusable
from .rest import (
    audit,
    buckets,
    health,
    keys,
    metrics,
    objects,
    projects,
    registries,
    requests,
    usage,
    verdict,
)
from .rest.call import anybody, signed_in
from .web import static
from .web.parts import add_pages, is_page, problem_page
from .web.static import ADDRESSES
from .web.visit import Visit

_UNREADABLE = 400  # what FastAPI answers to a body that is neither JSON nor a form
_STYLED = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    )
}


def application(settings: Settings) -> FastAPI:
    """Make the application. Raises InputError for settings that cannot be used."""
    portal = Portal(settings)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        portal.start()
        yield
        portal.stop()

    app = FastAPI(title="Storage portal", version="1", openapi_url=None, lifespan=lifespan, redirect_slashes=False)
    app.state.portal = portal
    for part in (projects, requests, registries, buckets, objects, keys, usage, audit, health, verdict, metrics):
        app.include_router(part.router)
    app.include_router(static.router)
    add_pages(app, portal)
    _answer_errors(app)
    _show_api(app)
    app.add_middleware(Envelope)
    app.add_middleware(CountedRequests, metrics=portal.metrics)
    return app


def _answer_errors(app: FastAPI) -> None:
    @app.exception_handler(Problem)
    async def problem(request: Request, error: Problem) -> Response:
        return answer(request, error)

    def answer(request: Request, error: Problem) -> Response:
        return problem_page(request, error) or JSONResponse(error.document(), error.status, dict(error.headers), MEDIA)

    # Not async: whoever sends a body that cannot be read is looked up, which may take a question to the issuer.
    @app.exception_handler(RequestValidationError)
    def unusable(request: Request, error: RequestValidationError) -> Response:
        refused = _refusal(request) if any(one["type"] == "json_invalid" for one in error.errors()) else None
        if refused is not None:
            return answer(request, refused)
        # Places and rules only: a value may be something that its sender wants nobody to see.
        errors = [{"where": ".".join(map(str, one["loc"])), "rule": one["msg"]} for one in error.errors()]
        found = Unusable("The request does not have the form that the API describes.", errors=errors)
        return answer(request, found)

    @app.exception_handler(HTTPException)
    def other(request: Request, error: HTTPException) -> Response:
        refused = _refusal(request) if error.status_code == _UNREADABLE else None
        if refused is not None:
            return answer(request, refused)
        body = {"type": "about:blank", "title": str(error.detail), "status": error.status_code}
        return JSONResponse(body, error.status_code, error.headers, MEDIA)


def _refusal(request: Request) -> Problem | None:
    """Why a request is refused whose body could not be read: FastAPI has asked nobody who sends it, nor counted it."""
    try:
        if is_page(request):
            Visit(request)
        else:
            signed_in(request)
    except Problem as problem:
        return problem
    return None


def _show_api(app: FastAPI) -> None:
    templates = Environment(loader=PackageLoader("services.portal"), autoescape=True, undefined=StrictUndefined)

    limited = [Depends(anybody)]

    @app.get("/", include_in_schema=False, dependencies=limited, response_class=HTMLResponse)
    def page() -> HTMLResponse:
        shown = templates.get_template("api.html").render(api=app.openapi(), static=ADDRESSES)
        return HTMLResponse(shown, headers=_STYLED)

    @app.get("/openapi.json", include_in_schema=False, dependencies=limited)
    def description() -> JSONResponse:
        return JSONResponse(app.openapi())
