# SPDX-License-Identifier: Apache-2.0
"""The pages of a project's repositories in a registry."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response

from ..rest import registries
from .visit import VisitOf

router = APIRouter(prefix="/web/registries/{registry}/{project}", include_in_schema=False)
_SHOWN = 50
_SHOWN_TAGS = 25


@router.get("")
def show(
    visit: VisitOf,
    registry: str,
    project: str,
    repository: Annotated[str, Query(max_length=255)] = "",
    cursor: str | None = None,
) -> Response:
    """The repositories of a project, or the tags of one of them."""
    found = visit.portal.registries[registry]
    place: dict[str, Any] = {
        "registry": registry,
        "project": project,
        "host": found.host,
        "prefix": found.prefix(project),
    }
    if repository:
        page = visit.ask(registries.list_tags, registry, project, repository, _SHOWN_TAGS, cursor)
        return visit.show("tags", **place, repository=repository, page=page)
    page = visit.ask(registries.list_repositories, registry, project, _SHOWN, cursor)
    return visit.show("repositories", **place, page=page)
