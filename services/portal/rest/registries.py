# SPDX-License-Identifier: Apache-2.0
"""Repositories of a project in a registry, and what can be pulled of them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response

from ..identity.caller import Role
from .call import CallOf
from .etags import answered
from .models import PROBLEMS, RegistryModel, RepositoryModel, TagModel, page_of
from .paging import Cursor, Limit, cursor_of, last_of, page

router = APIRouter(prefix="/v1/registries", tags=["registries"], responses=PROBLEMS)
_ADMINS = (Role.ADMIN, Role.UBER_ADMIN)

# Each tag of a page is a request to the registry.
FewTags = Annotated[int, Query(ge=1, le=100, description="The most entries of the page")]
Repository = Annotated[str, Path(max_length=255, description="The name with all of its segments")]


@router.get("", response_model=page_of(RegistryModel))
def list_registries(call: CallOf) -> Response:
    """List the registries."""
    registries = call.portal.registries
    items = [{"name": name, "url": registries[name].url} for name in registries.names]
    return page(call, items, len(items) + 1, "name")


@router.get("/{registry}/projects/{project}/repositories", response_model=page_of(RepositoryModel))
def list_repositories(call: CallOf, registry: str, project: str, limit: Limit = 100, cursor: Cursor = None) -> Response:
    """List a project's repositories in the registry's order.

    A page may have fewer entries than asked for, and even none, while `next` names another one: the registry's
    catalogue is everybody's, and the portal reads a bounded part of it at a time.
    """
    call.project(project, *_ADMINS)
    found = call.portal.registries[registry]
    part = found.repositories(project, last_of(cursor), limit)
    items = [{"name": name, "address": f"{found.host}/{name}"} for name in part.names]
    return answered(call.request, {"items": items, "next": cursor_of(part.following) if part.following else None})


@router.get("/{registry}/projects/{project}/repositories/{repository:path}/tags", response_model=page_of(TagModel))
def list_tags(
    call: CallOf, registry: str, project: str, repository: Repository, limit: FewTags = 50, cursor: Cursor = None
) -> Response:
    """List the tags of a project's repository by name, each with its digest and how to pull it."""
    call.project(project, *_ADMINS)
    found = call.portal.registries[registry]
    items: list[dict[str, Any]] = []
    for name, what in found.tags(project, repository, last_of(cursor), limit + 1):
        digest, size, platforms = (what.digest, what.size, what.platforms) if what else (None, None, 0)
        place = f"{found.host}/{repository}:{name}"
        items.append(
            {"name": name, "digest": digest, "size": size, "platforms": platforms, "pull": f"docker pull {place}"}
        )
    return page(call, items, limit, "name")
