# SPDX-License-Identifier: Apache-2.0
"""Keys of a project in a back-end. A secret is in one answer, and nowhere else."""

from __future__ import annotations

import secrets
import string
import time
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy.orm import Session

from ..identity.caller import Role
from ..log import LOG
from ..problems import Conflict, Unusable
from ..store.keys import Key
from .call import CallOf, Reply
from .models import PROBLEMS, KeyModel, NewKey, NewKeyModel, Rotation, page_of
from .paging import Cursor, Limit, last_of, page

router = APIRouter(prefix="/v1/{backend}/projects/{project}/keys", tags=["keys"], responses=PROBLEMS)
# The form of S3's: 20 capital letters and digits.
_PREFIX, _RANDOM = "PORTAL", 14
_SIGNS = string.ascii_uppercase + string.digits


@router.get("", response_model=page_of(KeyModel))
def list_keys(call: CallOf, backend: str, project: str, limit: Limit = 100, cursor: Cursor = None) -> Response:
    """List the keys that the portal has made for a project, without their secrets."""
    call.project(project, Role.ADMIN)
    call.portal.backends[backend]
    last = last_of(cursor)
    shown = [_body(key) for key in call.portal.keys.of(backend, project) if key.id > last][: limit + 1]
    return page(call, shown, limit, "id")


@router.post("", status_code=201, response_model=NewKeyModel)
def create_key(call: CallOf, backend: str, project: str, given: NewKey) -> Response:
    """Create a key (those who work in the project). The answer shows the secret, once."""

    def run() -> Reply:
        with call.alone(project):
            return _made(call, backend, project, given.label)

    return call.change(
        "key.create", run, backend, project, given=given.model_dump_json(), may=lambda: call.project(project)
    )


@router.post("/{key}/rotate", status_code=201, response_model=NewKeyModel)
def rotate_key(call: CallOf, backend: str, project: str, key: str, given: Rotation) -> Response:
    """Create a key in place of another one, which is revoked after the grace (those who work in the project)."""

    def run() -> Reply:
        longest = call.portal.settings.longest_grace_s
        with call.alone(project):
            if given.grace_s > longest:
                raise Unusable(f"grace_s: {longest} seconds at most.")
            old = call.portal.keys.get(backend, project, key)
            if old.ends_at is not None:
                raise Conflict("The key has been rotated already; rotate the one that took over.")
            reply = _made(call, backend, project, old.label, old, given.grace_s)
            if not given.grace_s:
                _revoke_now(call, old)
        return reply

    return call.change("key.rotate", run, backend, project, key, given.model_dump_json(), lambda: call.project(project))


@router.delete("/{key}", response_model=KeyModel)
def revoke_key(call: CallOf, backend: str, project: str, key: str) -> Response:
    """Revoke a key at once (those who work in the project, admin)."""

    def run() -> Reply:
        with call.alone(project, Role.ADMIN):
            found = call.portal.keys.get(backend, project, key)
            call.portal.backends[backend].remove_key(project, key)
            call.portal.keys.forget(found)
        return Reply(200, _body(found))

    return call.change("key.revoke", run, backend, project, key)


def _made(call: CallOf, backend: str, project: str, label: str, replaces: Key | None = None, grace_s: int = 0) -> Reply:
    """A new key. If the back-end's answer is lost, or the portal is ended before the end, the sweeper revokes it."""
    storage = call.portal.storage(backend, project)
    key_id = _PREFIX + "".join(secrets.choice(_SIGNS) for _place in range(_RANDOM))
    noted = call.portal.keys.add(backend, project, key_id, label, call.caller.subject)
    pair = storage.create_key(project, key_id)
    settings = storage.client_settings(project, key_id)
    replaced = replaces.id if replaces else None
    body = {**_body(noted), "ends_at": None, "secret": None, "replaces": replaced, "settings": settings}
    reply = Reply(201, body, once={"secret": pair.secret.value})
    ends_at = time.time() + grace_s

    def confirm(session: Session) -> Reply:
        call.portal.keys.confirm(session, noted, replaces, ends_at)
        return reply

    return call.settle(confirm)


def _revoke_now(call: CallOf, key: Key) -> None:
    """Revoke a key whose time is over. If the storage fails, the sweeper does it: the new secret has to be shown."""
    try:
        call.portal.backends[key.backend].remove_key(key.project, key.id)
        call.portal.keys.forget(key)
    except Exception as error:  # noqa: BLE001 (whatever it is, it must not keep the new secret from its owner)
        LOG.error("Key %s of project %s is not revoked yet: %s", key.id, key.project, type(error).__name__)


def _body(key: Key) -> dict[str, Any]:
    return {
        "id": key.id,
        "label": key.label,
        "created_by": key.created_by,
        "created_at": key.created_at,
        "ends_at": key.ends_at,
    }
