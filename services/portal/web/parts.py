# SPDX-License-Identifier: Apache-2.0
"""The pages as a part of the application."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response

from ..portal import Portal
from ..problems import NotSignedIn, Problem
from . import buckets, keys, projects, registries, sign_in, status
from .visit import Web

_PATH = "/web"


def add_pages(app: FastAPI, portal: Portal) -> None:
    """Add the pages, if they are configured. Raises InputError for settings that cannot be used."""
    app.state.web = None
    if portal.settings.web is None:
        return
    app.state.web = Web(portal.settings, portal.settings.web, portal.sign_in)
    # Paths of back-ends come last: they have a name of somebody's choice where others have a word.
    for part in (sign_in, status, registries, projects, keys, buckets):
        app.include_router(part.router)


def is_page(request: Request) -> bool:
    """Whether a request is for one of the pages."""
    path = request.url.path
    return request.app.state.web is not None and (path == _PATH or path.startswith(f"{_PATH}/"))


def problem_page(request: Request, problem: Problem) -> Response | None:
    """An error as a page, for somebody who looks at pages; None for everybody else."""
    web: Web | None = request.app.state.web
    if web is None or not is_page(request):
        return None
    if isinstance(problem, NotSignedIn) and web.sessions is not None and request.method == "GET":
        return RedirectResponse(f"{_PATH}/sign-in?{urlencode({'back': request.url.path})}", 303)
    page = web.pages.show("problem", {"problem": problem}, problem.status)
    page.headers.update(problem.headers)
    return page
