# SPDX-License-Identifier: Apache-2.0
"""A client of one registry by the OCI distribution specification 1.0; every blob is streamed, never held."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from ...base.remote_json import loads
from ...http.outcomes import WrongAnswer
from ...http.stream import Answer, Call
from ...http.verdicts import BAD_HEADER, HEADER_MISSING, LENGTH_MISMATCH
from .content import (
    DOCKER_INDEX_TYPE,
    DOCKER_MANIFEST_TYPE,
    INDEX_TYPE,
    MANIFEST_TYPE,
    Blob,
    Described,
    Descriptor,
    Document,
    digest_of,
)
from .errors import DIGEST_MISMATCH
from .session import REDIRECTS, OciSession

_OCTETS = ("Content-Type", "application/octet-stream")
# Without these, registry 2.8 says 404 to a request for a manifest of the OCI.
_ACCEPT = f"{MANIFEST_TYPE}, {INDEX_TYPE}, */*"
_ACCEPT_ANY = f"{DOCKER_MANIFEST_TYPE}, {DOCKER_INDEX_TYPE}, {_ACCEPT}"
_RANGE = re.compile(r"(?:bytes=)?0-([0-9]+)\Z")


@dataclass(frozen=True)
class Upload:
    """An upload of one blob as the registry's last answer about it says.

    `target` is path and query of its location, whose query holds the registry's signed state; `origin` is scheme and
    authority, empty where the location is relative. `received` counts the bytes that the registry has.
    """

    repository: str
    target: str = field(repr=False)
    origin: str
    received: int


class UploadGone(WrongAnswer):
    """The registry does not know an upload, or does not go on with it."""


class OciRegistry(OciSession):
    """What a client can do with blobs and manifests.

    Every method raises WrongAnswer for an answer that the specification does not allow, or that nobody can go on from.
    """

    def start(self, repository: str) -> Upload:
        """Begin the upload of a blob."""
        answer = self.ask("POST", f"/{repository}/blobs/uploads/", repository, content=b"")
        return _upload(repository, self.expect(answer, 202), 0)

    def expect_read_only(self, repository: str) -> None:
        """Ask for an upload, which a registry that is read-only answers with 405 (2.8 and 3, storage.maintenance)."""
        answer = self.ask("POST", f"/{repository}/blobs/uploads/", repository, content=b"")
        if answer.status == 202:
            self.cancel(_upload(repository, answer, 0))
        self.expect(answer, 405)

    def append(self, upload: Upload, blob: Blob, end: int) -> Upload:
        """Send the bytes of `blob` up to `end` that the registry does not have yet."""
        answer = self.send(self._patch(upload, blob, end))
        return _upload(upload.repository, self.expect(answer, 202), end)

    def break_off(self, upload: Upload, blob: Blob, end: int, sent: int) -> None:
        """Begin to append, and end the connection after `sent` bytes."""
        self.cut(self._patch(upload, blob, end), sent)

    def status(self, upload: Upload) -> Upload:
        """What the registry has of an upload. Raises UploadGone where it does not go on with it."""
        answer = self.send(Call("GET", upload.target, self.authorization(upload.repository)))
        if answer.status in (404, 416):
            raise UploadGone(*self.wrong_status(answer, 204))
        said = _RANGE.match(self.expect(answer, 204).header("Range") or "")
        if not said:
            raise WrongAnswer(
                HEADER_MISSING, f"{answer.call} answered with Range: 0-N", f"Range: {answer.header('Range')}"
            )
        # 0-0 stands for nothing and for one byte (registry 2.8.2). One byte alone is never sent here.
        return _upload(upload.repository, answer, int(said[1]) + 1 if said[1] != "0" else 0)

    def finish(self, upload: Upload, blob: Blob) -> None:
        """End an upload, which makes it a blob."""
        target = upload.target + ("&" if "?" in upload.target else "?") + urlencode({"digest": blob.digest})
        answer = self.send(Call("PUT", target, self.authorization(upload.repository), length=0))
        self.expect(answer, 201)

    def cancel(self, upload: Upload) -> None:
        """Give an upload up."""
        self.send(Call("DELETE", upload.target, self.authorization(upload.repository)))

    def push(self, repository: str, blob: Blob) -> None:
        """Upload a blob in one piece."""
        self.finish(self.append(self.start(repository), blob, blob.size), blob)

    def mount(self, repository: str, blob: Blob, source: str) -> None:
        """Give `repository` a blob that the repository `source` has, without sending it."""
        query = urlencode({"mount": blob.digest, "from": source})
        answer = self.ask("POST", f"/{repository}/blobs/uploads/?{query}", repository, source, content=b"")
        if answer.status == 202:  # The registry wants the bytes instead.
            self.cancel(_upload(repository, answer, 0))
        self.expect(answer, 201)

    def head(self, repository: str, blob: Described) -> None:
        """Length and digest of a blob or manifest by HEAD."""
        answer = self.fetch("HEAD", _path(repository, blob), repository, _ACCEPT)
        said = answer.header("Content-Length")
        if said != str(blob.size):
            expected = f"{answer.call} answered with Content-Length: {blob.size}"
            raise WrongAnswer(LENGTH_MISMATCH, expected, f"Content-Length: {said}")
        _expect_digest(answer, blob)

    def get_blob(self, repository: str, blob: Described) -> None:
        """GET a blob and compare what comes with its digest."""
        digest, received = hashlib.sha256(), 0

        def sink(block: bytes) -> None:
            nonlocal received
            digest.update(block)
            received += len(block)

        answer = self.fetch("GET", _path(repository, blob), repository, sink=sink)
        _expect_content(answer, blob, received, f"sha256:{digest.hexdigest()}")

    def redirect(self, method: str, repository: str, blob: Blob) -> str | None:
        """Where the registry sends a client that asks for a blob by GET or HEAD; None if it sends the blob itself."""
        answer = self.ask(method, _path(repository, blob), repository, sink=_drop)
        if answer.status in REDIRECTS:
            return answer.header("Location") or ""
        self.expect(answer, 200)
        return None

    def put_manifest(self, repository: str, reference: str, manifest: Document) -> None:
        """PUT a manifest or index by a tag or its digest."""
        path, media_type = f"/{repository}/manifests/{reference}", ("Content-Type", manifest.media_type)
        answer = self.ask("PUT", path, repository, headers=[media_type], content=manifest.content)
        _expect_digest(self.expect(answer, 201), manifest)

    def get_manifest(self, repository: str, reference: str, manifest: Document) -> None:
        """GET a manifest or index by a tag or its digest, and compare it with what was pushed."""
        answer = self.fetch("GET", f"/{repository}/manifests/{reference}", repository, _ACCEPT)
        _expect_content(answer, manifest, len(answer.body), digest_of(answer.body))

    def image(self, repository: str, reference: str) -> list[Descriptor]:
        """The configuration and the layers of an image by its tag or digest, of an index those of its first image.

        The manifest is compared with the digest that the registry names for it.
        """
        answer = self.fetch("GET", f"/{repository}/manifests/{reference}", repository, _ACCEPT_ANY)
        digest, said = digest_of(answer.body), answer.header("Docker-Content-Digest") or reference
        if said.startswith("sha256:") and said != digest:
            raise WrongAnswer(DIGEST_MISMATCH, f"{answer.call} answered with {said}", f"a manifest with {digest}")
        try:
            manifest = loads(answer.body)
            if "manifests" in manifest:
                return self.image(repository, Descriptor.of(manifest["manifests"][0]).digest)
            return [Descriptor.of(one) for one in (manifest["config"], *manifest["layers"])]
        except (ValueError, KeyError, TypeError, IndexError):
            expected = f"{answer.call} answered with the manifest of an image"
            raise WrongAnswer(
                BAD_HEADER, expected, f"{len(answer.body)} bytes of {answer.header('Content-Type')}"
            ) from None

    def delete(self, repository: str, blob: Blob) -> bool:
        """DELETE a manifest or a blob's link, which need not be there; False if the registry deletes nothing (405)."""
        answer = self.ask("DELETE", _path(repository, blob), repository)
        return self.expect(answer, 202, 404, 405).status != 405

    def expect_gone(self, repository: str, blob: Blob) -> None:
        """A blob or manifest that was deleted is not there any more."""
        answer = self.ask("HEAD", _path(repository, blob), repository, headers=[("Accept", _ACCEPT)])
        self.expect(answer, 404)

    def _patch(self, upload: Upload, blob: Blob, end: int) -> Call:
        start = upload.received
        span = ("Content-Range", f"{start}-{end - 1}")
        headers = [*self.authorization(upload.repository), _OCTETS, span]
        return Call("PATCH", upload.target, headers, blob.blocks(start, end), end - start)


def _drop(_block: bytes) -> None:
    """A sink for what is not looked at."""


def _path(repository: str, blob: Described) -> str:
    kind = "manifests" if blob.media_type in (MANIFEST_TYPE, INDEX_TYPE) else "blobs"
    return f"/{repository}/{kind}/{blob.digest}"


def _upload(repository: str, answer: Answer, received: int) -> Upload:
    location = answer.header("Location")
    if not location:
        raise WrongAnswer(HEADER_MISSING, f"{answer.call} answered with Location", f"{answer.status} without Location")
    parts = urlsplit(location)
    origin = f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
    return Upload(repository, parts.path + (f"?{parts.query}" if parts.query else ""), origin, received)


def _expect_digest(answer: Answer, blob: Described) -> None:
    """Docker-Content-Digest is that of the blob. The specification lets a registry leave the field out."""
    said = answer.header("Docker-Content-Digest")
    if said not in (None, blob.digest):
        raise WrongAnswer(
            DIGEST_MISMATCH, f"{answer.call} answered for {blob.digest}", f"Docker-Content-Digest: {said}"
        )


def _expect_content(answer: Answer, blob: Described, size: int, digest: str) -> None:
    if size != blob.size:
        raise WrongAnswer(LENGTH_MISMATCH, f"{answer.call} answered with {blob.size} bytes", f"{size} bytes")
    if digest != blob.digest:
        raise WrongAnswer(DIGEST_MISMATCH, f"{answer.call} answered with {blob.digest}", f"{size} bytes with {digest}")
    _expect_digest(answer, blob)
