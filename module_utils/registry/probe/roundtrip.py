# SPDX-License-Identifier: Apache-2.0
"""A push and pull through a registry by docker or podman, with an image made on the spot and every digest compared."""

from __future__ import annotations

import io
import os
import secrets
import tarfile
import time
from contextlib import suppress
from typing import Callable, NamedTuple, Optional

from ...base.errors import ToolError
from ...base.login import Login
from ...http.outcomes import WrongAnswer
from ..api.session import OciSession
from .engines import Engine

_DELETE_TIMEOUT_SECONDS = 30
_READ_LOG = "Read the registry's log."
_OTHER = "The registry does not serve what was pushed: read its log, and run the gateway verification."
# What docker or podman reports of the registry's answer -> what it means. The registry hides its storage's errors
# behind 500s.
_HINTS = (
    ("unauthorized", "The registry refused the user or the password."),
    ("no basic auth credentials", "The registry wants a user and a password."),
    ("authentication required", "The registry wants a user and a password, or refused those that it got."),
    ("connection refused", "Nothing listens on that address: check that the registry runs."),
    (
        "server gave HTTP response to HTTPS client",
        "The docker daemon wants TLS for this address: use a loopback address, or list the address in the daemon's "
        "insecure-registries.",
    ),
    (
        "malformed HTTP status code",
        "The gateway answers a HEAD without a status line: run the gateway verification (head-empty-manifest).",
    ),
    (
        "received unexpected HTTP status: 5",
        "The registry failed, mostly because its storage did: read its log and run the gateway verification.",
    ),
)


class Roundtrip(NamedTuple):
    """What was measured. Times in seconds, size in bytes; removed: whether the registry deleted the manifest."""

    image: str
    digest: str
    size: int
    push_seconds: float
    pull_seconds: float
    removed: bool


def roundtrip(
    engine: Engine, registry: str, repository: str, size: int, login: Optional[Login], session: OciSession
) -> Roundtrip:
    """Push an image with one layer of `size` random bytes to registry/repository, pull it back, compare, delete.

    registry: host:port as docker or podman sees it. session: for the deletion of the manifest, which neither of them
    does (OCI distribution specification, "Deleting Manifests"; a registry may refuse it with 405, which is no failure).
    Local copies are removed whatever happens. Raises ToolError.
    """
    image = f"{registry}/{repository}:{secrets.token_hex(8)}"
    image_id = _make_image(engine, image, size)
    try:
        begin = time.monotonic()
        digest = _moved(engine.push, "push", image, login)
        pushed = time.monotonic()
        engine.remove_image(image)
        begin_pull = time.monotonic()
        pulled = _moved(engine.pull, "pull", image, login)
        end = time.monotonic()
        _compare(image, digest, pulled, image_id, _id_of(engine, image))
    finally:
        _forget(engine, image)
    removed = _delete(session, repository, digest)
    return Roundtrip(image, digest, size, pushed - begin, end - begin_pull, removed)


def _make_image(engine: Engine, image: str, size: int) -> str:
    # Random bytes, so that neither the registry nor this host can have the layer already.
    layer = io.BytesIO()
    with tarfile.open(fileobj=layer, mode="w") as archive:
        member = tarfile.TarInfo("rgwkit-roundtrip")
        member.size = size
        archive.addfile(member, io.BytesIO(os.urandom(size)))
    engine.import_image(layer.getvalue(), image)
    return _id_of(engine, image)


def _id_of(engine: Engine, image: str) -> str:
    found = engine.image_id(image)
    if not found:
        raise ToolError("inspect", image, "this host no longer has the image", "Run this again.")
    return found


def _moved(move: Callable[[str, Optional[Login]], str], operation: str, image: str, login: Optional[Login]) -> str:
    """The digest of the manifest that was pushed or pulled."""
    try:
        digest = move(image, login)
    except ToolError as error:
        hint = next((hint for word, hint in _HINTS if word in error.code), "") or error.hint
        raise ToolError(operation, image, error.code, hint, error.status) from error
    if not digest:
        raise ToolError(operation, image, "docker or podman reported no digest", _READ_LOG)
    return digest


def _compare(image: str, pushed: str, pulled: str, made_id: str, pulled_id: str) -> None:
    if pushed != pulled:
        raise ToolError("pull", image, f"pushed manifest {pushed}, pulled {pulled}", _OTHER)
    if made_id != pulled_id:
        raise ToolError("pull", image, f"pushed image {made_id}, pulled {pulled_id}", _OTHER)


def _forget(engine: Engine, image: str) -> None:
    with suppress(ToolError):  # already gone, or never pulled back: then there is nothing to remove
        engine.remove_image(image, force=True)


def _delete(session: OciSession, repository: str, digest: str) -> bool:
    session.begin(_DELETE_TIMEOUT_SECONDS)
    try:
        session.ping()
        answer = session.ask("DELETE", f"/{repository}/manifests/{digest}", repository)
        return session.expect(answer, 202, 405).status == 202
    except WrongAnswer as finding:
        raise ToolError("delete", f"{session.url}/{repository}@{digest}", str(finding), _READ_LOG) from None
    finally:
        session.close()
