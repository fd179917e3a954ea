# SPDX-License-Identifier: Apache-2.0
"""A real docker push and pull through a registry, with an image made on the spot and every digest compared."""

from __future__ import annotations

import io
import os
import re
import secrets
import tarfile
import time
from typing import Any, Dict, Iterable, NamedTuple, Optional

from ...base.login import Login
from ...http.outcomes import WrongAnswer
from ..api.session import OciSession

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_DELETE_TIMEOUT_SECONDS = 30
# What the docker daemon reports of the registry's answer -> what it means. The registry hides its storage's errors
# behind 500s.
_HINTS = (
    ("unauthorized", "the registry refused user or password"),
    ("no basic auth credentials", "the registry wants a user and password"),
    ("connection refused", "nothing listens on that address: is the registry running?"),
    (
        "server gave HTTP response to HTTPS client",
        "the docker daemon wants TLS for this address: use a loopback address, or list "
        "it in the daemon's insecure-registries",
    ),
    (
        "malformed HTTP status code",
        "the gateway answers a HEAD without a status line: run the gateway verification (head-empty-manifest)",
    ),
    (
        "received unexpected HTTP status: 5",
        "the registry failed, mostly because its storage did: read the registry's log and run the gateway verification",
    ),
)


class RoundtripError(Exception):
    """A step of the round trip failed; the text says which, on what, what came back and what to do."""


class Roundtrip(NamedTuple):
    """What was measured. Times in seconds, size in bytes; removed: whether the registry deleted the manifest."""

    image: str
    digest: str
    size: int
    push_seconds: float
    pull_seconds: float
    removed: bool


def roundtrip(
    api: Any, registry: str, repository: str, size: int, login: Optional[Login], session: OciSession
) -> Roundtrip:
    """Push an image with one layer of `size` random bytes to registry/repository, pull it back, compare, delete.

    api: docker.APIClient. registry: host:port as the docker daemon sees it. session: for the deletion of the manifest,
    which no docker client does (OCI distribution specification, "Deleting Manifests"; a registry may refuse it with
    405, which is no failure). Local copies are removed whatever happens. Raises RoundtripError.
    """
    name, tag = f"{registry}/{repository}", secrets.token_hex(8)
    auth = {"username": login.user, "password": login.secret} if login else None
    image_id = _make_image(api, name, tag, size)
    try:
        begin = time.monotonic()
        digest = _follow(api.push(name, tag, auth_config=auth, stream=True, decode=True), f"docker push {name}:{tag}")
        pushed = time.monotonic()
        api.remove_image(f"{name}:{tag}")
        begin_pull = time.monotonic()
        pulled = _follow(api.pull(name, tag, auth_config=auth, stream=True, decode=True), f"docker pull {name}:{tag}")
        end = time.monotonic()
        _compare(f"{name}:{tag}", digest, pulled, image_id, api.inspect_image(f"{name}:{tag}")["Id"])
    finally:
        _forget(api, f"{name}:{tag}")
    removed = _delete(session, repository, digest)
    return Roundtrip(f"{name}:{tag}", digest, size, pushed - begin, end - begin_pull, removed)


def _make_image(api: Any, name: str, tag: str, size: int) -> str:
    # Random bytes, so that neither the registry nor the docker daemon can have the layer already.
    layer = io.BytesIO()
    with tarfile.open(fileobj=layer, mode="w") as archive:
        member = tarfile.TarInfo("rgwkit-roundtrip")
        member.size = size
        archive.addfile(member, io.BytesIO(os.urandom(size)))
    api.import_image_from_data(layer.getvalue(), repository=name, tag=tag)
    return str(api.inspect_image(f"{name}:{tag}")["Id"])


def _follow(events: Iterable[Dict[str, Any]], attempt: str) -> str:
    digest = ""
    for event in events:
        if "error" in event:
            raise RoundtripError(f"{attempt}: {event['error']}{_hint(str(event['error']))}")
        found = _DIGEST.search(str(event.get("status", "")))
        digest = found.group() if found else digest
    if not digest:
        raise RoundtripError(f"{attempt}: the docker daemon reported no digest; look at the registry's log")
    return digest


def _hint(said: str) -> str:
    return next((f"; {hint}" for word, hint in _HINTS if word in said), "")


def _compare(image: str, pushed: str, pulled: str, made_id: str, pulled_id: str) -> None:
    if pushed != pulled:
        raise RoundtripError(
            f"{image}: pushed manifest {pushed}, pulled {pulled}: the registry does not serve what it was given"
        )
    if made_id != pulled_id:
        raise RoundtripError(
            f"{image}: made as {made_id}, came back as {pulled_id}: the registry does not serve what it was given"
        )


def _forget(api: Any, image: str) -> None:
    try:
        api.remove_image(image, force=True)
    except Exception:  # noqa: BLE001 -- already gone, or never pulled back: then there is nothing to remove
        return


def _delete(session: OciSession, repository: str, digest: str) -> bool:
    session.begin(_DELETE_TIMEOUT_SECONDS)
    try:
        session.ping()
        answer = session.ask("DELETE", f"/{repository}/manifests/{digest}", repository)
        return session.expect(answer, 202, 405).status == 202
    except WrongAnswer as finding:
        what = f"deleting {session.url}/{repository}@{digest}"
        raise RoundtripError(f"{what}: {finding}; look at the registry's log") from None
    finally:
        session.close()
