# SPDX-License-Identifier: Apache-2.0
"""The steps of a registry's proof, in their order: each does what clients do, and looks at what comes back."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Callable, Sequence

from ...base.errors import InputError
from ...http.outcomes import Skip, WrongAnswer
from ..api.client import OciRegistry, Upload, UploadGone
from ..api.content import Blob
from ..api.errors import WRONG_LOCATION
from .session import ProbeSession

TAG = "probe"
# Of an upload in two chunks: small, since its size is not what it is about.
CHUNK_BYTES = 128 * 1024

_STORAGE_REMEDY = "Run the gateway verification (rgw_verify, groups head and registry), and read the registry's log."


@dataclass(frozen=True)
class Step:
    """`check` raises WrongAnswer for what is wrong, and Skip where there is nothing to ask.

    `cause` and `remedy` are for findings that do not bring their own. A step that `needs_image` brings the push with
    it. A step that `only_reads` runs in check mode too. One that is `only_named` is not for every registry.
    When a `gate` fails, those after it would only say the same.
    """

    name: str
    check: Callable[[ProbeSession], None]
    cause: str
    remedy: str
    needs_image: bool = False
    only_reads: bool = False
    only_named: bool = False
    gate: bool = False


def _ping(session: ProbeSession) -> None:
    """Does every registry answer, and let the user in?"""
    for registry in session.registries:
        registry.ping()


def _push(session: ProbeSession) -> None:
    """Does it take an image?"""
    repository, image = session.image_repository, session.image
    for blob in image.blobs:
        session.first.push(repository, blob)
        session.remember(repository, blob)
        session.bytes += blob.size
    session.first.put_manifest(repository, TAG, image.manifest)
    session.remember(repository, image.manifest)


def _location(session: ProbeSession) -> None:
    """Does the Location of an upload lead back to the address that the client has?"""
    registry = session.first
    upload = registry.start(session.image_repository)
    registry.cancel(upload)
    if upload.origin not in ("", registry.origin):
        raise WrongAnswer(WRONG_LOCATION, f"the Location of an upload at {registry.origin}", upload.origin)


def _head(session: ProbeSession) -> None:
    """Does it know size and digest of every part?"""
    for blob in (*session.image.blobs, session.image.manifest):
        session.first.head(session.image_repository, blob)


def _pull(session: ProbeSession) -> None:
    """Does it give the image back as it was?"""
    _pull_from(session, session.first)


def _redirect(session: ProbeSession) -> None:
    """Does a client get a blob from where the registry sends it, by GET, by HEAD and in part?"""
    session.redirects.check(session.first, session.image_repository, session.image.blobs[-1])


def _index(session: ProbeSession) -> None:
    """Does it take an index, and give it back?"""
    repository, index = session.image_repository, session.image.index
    session.first.put_manifest(repository, index.digest, index)
    session.remember(repository, index)
    session.first.get_manifest(repository, index.digest, index)


def _mount(session: ProbeSession) -> None:
    """Does it give a blob to another repository without an upload?"""
    repository, blob = session.other_repository, session.image.blobs[-1]
    session.first.mount(repository, blob, session.image_repository)
    session.remember(repository, blob)
    session.first.head(repository, blob)


def _resume(session: ProbeSession) -> None:
    """Does an upload go on where it was, when the connection was lost between two chunks?"""
    registry, blob = session.first, session.new_blob("resume", 2 * CHUNK_BYTES)
    begun = _first_half(session, blob)
    registry.close()
    _second_half(session, registry, registry.status(begun), blob)


def _broken_upload(session: ProbeSession) -> None:
    """Does an upload go on from what the registry has, when the connection was lost inside a chunk?"""
    registry, blob = session.first, session.new_blob("broken-upload", 2 * CHUNK_BYTES)
    begun = _first_half(session, blob)
    registry.break_off(begun, blob, blob.size, CHUNK_BYTES // 2)
    try:
        upload = registry.status(begun)
    except UploadGone as gone:
        raise Skip(f"the registry gives the upload up ({gone.got}), as registry 2 does; clients begin anew") from None
    _second_half(session, registry, upload, blob)


def _replica_upload(session: ProbeSession) -> None:
    """Does an upload begun at the first registry end at every other?"""
    for number, other in enumerate(_others(session)):
        blob = session.new_blob(f"replica-upload-{number}", 2 * CHUNK_BYTES)
        _second_half(session, other, _first_half(session, blob), blob)


def _replica_pull(session: ProbeSession) -> None:
    """Does every other registry give the image that the first one took?"""
    for other in _others(session):
        _pull_from(session, other)


def _delete(session: ProbeSession) -> None:
    """Is what is deleted gone?"""
    deleted = list(session.pushed)
    if not session.remove():
        raise Skip("the registry deletes nothing (405): storage.delete.enabled is not set, or it is read-only")
    for repository, blob in deleted:
        session.first.expect_gone(repository, blob)


def _mirror(session: ProbeSession) -> None:
    """Does it refuse pushes, and give an image of the registry that it mirrors?"""
    session.first.expect_read_only(session.image_repository)
    if session.existing:
        repository, _colon, tag = session.existing.rpartition(":")
        for blob in session.first.image(repository, tag):
            session.first.get_blob(repository, blob)
            session.bytes += blob.size


def _others(session: ProbeSession) -> Sequence[OciRegistry]:
    if not session.others:
        raise Skip("there is one registry only")
    return session.others


def _pull_from(session: ProbeSession, registry: OciRegistry) -> None:
    repository, image = session.image_repository, session.image
    registry.get_manifest(repository, TAG, image.manifest)
    for blob in image.blobs:
        registry.get_blob(repository, blob)
        session.bytes += blob.size


def _first_half(session: ProbeSession, blob: Blob) -> Upload:
    registry = session.first
    return registry.append(registry.start(session.image_repository), blob, CHUNK_BYTES)


def _second_half(session: ProbeSession, registry: OciRegistry, upload: Upload, blob: Blob) -> None:
    registry.finish(registry.append(upload, blob, blob.size), blob)
    session.remember(upload.repository, blob)
    registry.get_blob(upload.repository, blob)


PING = Step(
    "ping",
    _ping,
    "What answers at this address is no registry.",
    "Give the registry's URL without the path of its API, /v2/; and look at where a proxy leads it.",
    only_reads=True,
    gate=True,
)
PUSH = Step("push", _push, "The registry does not take an image.", _STORAGE_REMEDY, gate=True)
STEPS = (
    PING,
    PUSH,
    Step(
        "location",
        _location,
        "The registry builds its URLs from http.host, or from what a proxy says that the client asked for.",
        "Set http.relativeurls, or http.host to the clients' URL, or have the proxy pass Host and X-Forwarded-Proto.",
    ),
    Step("head", _head, "The registry, or its storage, does not know what it has.", _STORAGE_REMEDY, needs_image=True),
    Step(
        "pull",
        _pull,
        "The registry does not give back what it was given: its storage lost it, or changed it.",
        _STORAGE_REMEDY,
        needs_image=True,
    ),
    Step(
        "redirect",
        _redirect,
        "Clients do not get blobs from where the registry sends them.",
        "Set storage.redirect.disable, or give clients a route to the gateway and trust in its certificate.",
        needs_image=True,
    ),
    Step("index", _index, "The registry does not take an index of images.", _STORAGE_REMEDY, needs_image=True),
    Step(
        "mount",
        _mount,
        "The registry does not mount blobs, or does not find the one it has just taken.",
        "Look at what the user may read, and at how far the storage's listings lag behind.",
        needs_image=True,
    ),
    Step("resume", _resume, "The registry does not know how far an upload is.", _STORAGE_REMEDY),
    Step(
        "broken-upload",
        _broken_upload,
        "The registry goes on with an upload, but not from what it says it has.",
        "Read the registry's log. Clients that begin anew are not affected.",
    ),
    Step(
        "replica-upload",
        _replica_upload,
        "The registries do not share http.secret, which signs the state of an upload, or do not share their storage.",
        "Give all of them the same http.secret and the same storage.",
    ),
    Step(
        "replica-pull",
        _replica_pull,
        "The registries do not share their storage, or it shows them different things.",
        "Give all of them the same storage, container and prefix.",
        needs_image=True,
    ),
    Step(
        "delete",
        _delete,
        "The registry still has what it said it deleted.",
        "Look for a cache that the registries do not share (storage.cache), and read the registry's log.",
        needs_image=True,
    ),
    Step(
        "mirror",
        _mirror,
        "The registry is no mirror, or does not get the image from the registry that it mirrors.",
        "Check the image's name, proxy.remoteurl, and read the registry's log.",
        only_named=True,
    ),
)


def select(names: Sequence[str]) -> list[Step]:
    """The named steps in the order of STEPS, without names all but those only_named, with those that they need.

    Raises InputError for a name that no step has.
    """
    known = [step.name for step in STEPS]
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
            raise InputError(f"there is no step '{name}'; {hint}")
    chosen = [step for step in STEPS if step.name in names or not (names or step.only_named)]
    needed = [PING, *([PUSH] if any(step.needs_image for step in chosen) else [])]
    return [step for step in STEPS if step in chosen or step in needed]
