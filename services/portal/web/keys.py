# SPDX-License-Identifier: Apache-2.0
"""The pages of keys. A secret is on the page that follows its creation, and nowhere else."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response

from ..rest import keys
from ..rest.models import NewKey, Rotation
from .values import count_of, model
from .visit import PostOf, VisitOf

router = APIRouter(prefix="/web/{backend}/{project}/keys", include_in_schema=False)
_SHOWN = 50
_HOUR_S = 3600
Short = Annotated[str, Form(max_length=100)]


@router.get("")
def show(visit: VisitOf, backend: str, project: str, cursor: str | None = None) -> Response:
    """The keys of a project."""
    page = visit.ask(keys.list_keys, backend, project, _SHOWN, cursor)
    changes = visit.portal.journal.interrupted(backend, project)
    return visit.show("keys", backend=backend, project=project, page=page, changes=changes)


@router.post("")
def create(visit: PostOf, backend: str, project: str, label: Short = "") -> Response:
    """Create a key and show its secret."""
    made = visit.ask(keys.create_key, backend, project, model(NewKey, label=label))
    return visit.show("key", 201, backend=backend, project=project, key=made)


@router.post("/{key}/rotate")
def rotate(visit: PostOf, backend: str, project: str, key: str, hours: Short = "24") -> Response:
    """Create a key in place of another one."""
    grace = model(Rotation, grace_s=(count_of(hours, "Hours") or 0) * _HOUR_S)
    made = visit.ask(keys.rotate_key, backend, project, key, grace)
    return visit.show("key", 201, backend=backend, project=project, key=made)


@router.post("/{key}/revoke")
def revoke(visit: PostOf, backend: str, project: str, key: str) -> Response:
    """Revoke a key."""
    visit.ask(keys.revoke_key, backend, project, key)
    return visit.go(f"/web/{backend}/{project}/keys", "key-revoked")
