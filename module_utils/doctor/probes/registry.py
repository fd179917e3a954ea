# SPDX-License-Identifier: Apache-2.0
"""Probes of what the registry's swift driver does, call by call (distribution 2.8, registry/storage/driver/swift)."""

from __future__ import annotations

from urllib.parse import quote

from ...base.remote_json import loads
from ...http.messages import Request
from ...http.outcomes import Skip, WrongAnswer
from ...http.temp_url import temp_url_query
from ...http.verdicts import LISTING_WRONG, WRONG_STATUS, Advice
from ..checks import RANGE, expect_body, expect_length, expect_listing, expect_range, expect_status
from ..probe import WARNING, Probe
from ..session import SwiftSession

UPLOAD = "files/docker/registry/v2/repositories/hello/_uploads/11a3a2ad-6d08-4b1f-b0b1-0a8c2f2c3d51"
BLOB = "files/docker/registry/v2/blobs/sha256/2c/2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824/data"
LINK = "files/docker/registry/v2/repositories/hello/_layers/sha256/" + "2cf24dba5fb0a30e26e83b2ac5b9e29e" * 2 + "/link"
# The driver names segments by the upload's path and a random part, in hexadecimal: 299 bytes and 2 for each of the
# repository's name in registry 2.4 to 2.8. This is the folder of one of them, for a name of 5 letters.
SEGMENTS = "segments/2f6/" + "7265676973747279" * 17 + "2f64617"
# As large as makes two chunks of it on any gateway, and small enough to take no time.
CHUNKS = (b"layer, first chunk\n" * 1000, b"layer, last chunk\n" * 100)
TEMP_URL_SECONDS = 60


def check_registry_container(session: SwiftSession) -> None:
    """HEAD the container that the registry is to use, which may be missing, but not another user's."""
    name = session.registry.container
    if not name:
        raise Skip("no container of a registry was named")
    answer = session.ask("HEAD", f"/{quote(name, safe='')}")
    try:
        expect_status(answer, 200, 204, 404)
    except WrongAnswer as finding:
        if answer.status in (401, 403):
            finding.advice = Advice(
                f"The container {name} belongs to another user of this gateway.",
                "Choose another one (registry_swift_container), or let the registry log in as its owner.",
            )
        raise


def check_registry_push(session: SwiftSession) -> None:
    """Upload a blob of two chunks and move it to its place, with the driver's requests in the driver's order.

    Left out is only what it asks again without need, and the hash states, which are plain objects like `startedat`.
    """
    session.make_container()
    expect_status(session.get(LINK), 404)
    expect_status(session.put(f"{UPLOAD}/startedat", b"2026-11-20T08:01:20Z"), 201)
    _put_manifest(session, f"{UPLOAD}/data", 0)
    expect_status(session.get(f"{UPLOAD}/startedat"), 200, stored=True)
    names: list[str] = []
    written = 0
    for number, chunk in enumerate(CHUNKS, 1):
        _expect_names(session, f"prefix={quote(SEGMENTS)}", names)
        names.append(f"{SEGMENTS}/{number:016}")
        expect_status(session.head(names[-1]), 404)
        expect_status(session.put_chunked(names[-1], chunk), 201)
        written += len(chunk)
        _put_manifest(session, f"{UPLOAD}/data", written)
    _expect_names(session, f"prefix={quote(SEGMENTS)}", names)
    _expect_names(session, f"delimiter=/&prefix={quote(UPLOAD)}/data", [f"{UPLOAD}/data"])
    _expect_names(session, f"delimiter=/&prefix={quote(BLOB)}", [])
    expect_status(session.head(BLOB), 404)
    expect_status(session.put_manifest(BLOB, SEGMENTS), 201)
    expect_status(session.delete(f"{UPLOAD}/data"), 204)
    expect_status(session.put(LINK, b"sha256:" + b"0" * 64), 201)
    _expect_names(session, f"prefix={quote(UPLOAD)}/", [f"{UPLOAD}/startedat"])
    expect_status(session.delete(f"{UPLOAD}/startedat"), 204)
    expect_status(session.head(UPLOAD), 404)
    blob = session.get(BLOB, [("Range", "bytes=0-")])
    expect_status(blob, 206, stored=True)
    expect_body(blob, b"".join(CHUNKS))


def check_list_folder(session: SwiftSession) -> None:
    """List a folder without and with its slash, as the driver's Stat and List do."""
    session.make_container()
    expect_status(session.put("folder/file", b""), 201)
    _expect_names(session, "delimiter=/&prefix=folder", ["folder/"])
    _expect_names(session, "delimiter=/&prefix=folder/", ["folder/file"])


def check_list_after_delete(session: SwiftSession) -> None:
    """A listing shows at once what was stored and lacks at once what was removed, and nothing is removed twice."""
    session.make_container()
    names = ["listed/1", "listed/2"]
    for name in names:
        expect_status(session.put(name, b""), 201)
    expect_listing(session.listing("prefix=listed/"), names)
    expect_status(session.delete(names[0]), 204)
    expect_listing(session.listing("prefix=listed/"), names[1:])
    expect_status(session.delete(names[0]), 404)


def check_copy_object(session: SwiftSession) -> None:
    """COPY an object, as the driver moves what is no large object, and HEAD both."""
    session.make_container()
    expect_status(session.put("copy-source", CHUNKS[1]), 201)
    destination = ("Destination", f"{session.container}/copy-target")
    expect_status(session.ask("COPY", session.path("copy-source"), [destination]), 201)
    for name in ("copy-source", "copy-target"):
        _expect_head(session, name, len(CHUNKS[1]))


def check_swift_info(session: SwiftSession) -> None:
    """GET /info where the driver looks for it: two parts of the path above the storage URL."""
    path = "/".join(session.storage_path.split("/")[:-2]) + "/info"
    answer = session.exchange(Request("GET", path))
    expect_status(answer, 200, 401, 403, 404)
    if answer.status == 200 and b'"tempurl"' in answer.body:
        got = f"{answer.first_line} with an offer of temp URLs"
        raise WrongAnswer(WRONG_STATUS, f"GET {path} answered with status 404", got)


def check_temp_url(session: SwiftSession) -> None:
    """GET, HEAD and GET of a range by a temp URL, signed with the account's key for the path of the storage URL."""
    key = _temp_url_key(session)
    session.make_container()
    expect_status(session.put("temp-url", CHUNKS[1]), 201)
    path = session.storage_path + session.path("temp-url")
    expires = int(session.gateway_time()) + TEMP_URL_SECONDS
    # The driver signs for GET whatever the client asks (distribution 2.8.3, swift.go, URLFor).
    for signed, method in (("GET", "GET"), ("HEAD", "HEAD"), ("GET", "HEAD")):
        answer = session.exchange(Request(method, f"{path}?{temp_url_query(signed, path, expires, key)}"))
        expect_status(answer, 200)
        expect_length(answer, len(CHUNKS[1]))
    target = f"{path}?{temp_url_query('GET', path, expires, key)}"
    expect_range(session.exchange(Request("GET", target, [RANGE])), CHUNKS[1])


def _temp_url_key(session: SwiftSession) -> str:
    """The key that was given, or the one that the account shows to a subuser with full access. Raises Skip."""
    if session.registry.temp_url_key:
        return session.registry.temp_url_key.value
    account = session.ask("HEAD", "")
    expect_status(account, 200, 204)
    key = account.header("X-Account-Meta-Temp-Url-Key")
    if not key:
        raise Skip("no temp URL key was given, and the account has none or does not show its key to this subuser")
    return key


def _put_manifest(session: SwiftSession, name: str, size: int) -> None:
    """PUT the upload's manifest and HEAD it, which has to show `size` bytes."""
    expect_status(session.put_manifest(name, SEGMENTS), 201)
    _expect_head(session, name, size)


def _expect_names(session: SwiftSession, query: str, wanted: list[str]) -> None:
    """A listing in JSON, as the driver asks for it, shows exactly these names of objects and of folders."""
    answer = session.listing(f"format=json&limit=1000&{query}")
    expect_status(answer, 200)
    try:
        names = [entry["subdir"] if "subdir" in entry else entry["name"] for entry in loads(answer.body)]
    except (ValueError, TypeError, KeyError):
        raise WrongAnswer(LISTING_WRONG, "a listing in JSON", answer.body[:100].decode("latin-1")) from None
    if names != wanted:
        raise WrongAnswer(
            LISTING_WRONG, f"a listing of {', '.join(wanted) or 'nothing'}", ", ".join(names) or "nothing"
        )


def _expect_head(session: SwiftSession, name: str, size: int) -> None:
    head = session.head(name)
    expect_status(head, 200, stored=True)
    expect_length(head, size)


REGISTRY_PROBES = (
    Probe(
        name="registry-container",
        group="registry",
        cause="The registry does not start: the gateway does not let its user look at its container.",
        remedy="Choose another container (registry_swift_container), or let the registry log in as its owner.",
        affected="any version: users of one tenant share the names of containers and buckets",
        reference="distribution/distribution v2.8.3 registry/storage/driver/swift, New",
        check=check_registry_container,
        only_reads=True,
    ),
    Probe(
        name="registry-push",
        group="registry",
        cause="A request that every registry push needs is answered wrongly, so that pushes fail or store nothing.",
        remedy="See which request it was; the probes of the group head tell which fault of the gateway it is.",
        affected="any version",
        reference="distribution/distribution v2.8.3 registry/storage/driver/swift, distribution/distribution#1013",
        check=check_registry_push,
    ),
    Probe(
        name="list-folder",
        group="registry",
        cause="Listings do not show folders as the driver asks for them, so that it finds no repository and no tag.",
        remedy="Upgrade Ceph to 9.1.0 or a hammer with ceph/ceph#5860.",
        affected="before 9.1.0",
        reference="tracker 12960 (ceph/ceph#5860), distribution/distribution#757",
        check=check_list_folder,
    ),
    Probe(
        name="list-after-delete",
        group="registry",
        cause="Listings lag behind what was stored or removed; the driver then removes segments of blobs that are in "
        "use.",
        remedy="Let the registry use one zone's gateways only, without a cache between; check the bucket's index.",
        affected="multisite secondaries, caching proxies, OpenStack Swift",
        reference="distribution/distribution#2878, distribution/distribution#2716",
        check=check_list_after_delete,
    ),
    Probe(
        name="copy-object",
        group="registry",
        cause="COPY does not give an object like its source, so that the driver cannot move files.",
        remedy="Look for a proxy that does not know the method COPY, and at the gateway's log.",
        affected="any version behind such a proxy",
        reference="distribution/distribution v2.8.3 registry/storage/driver/swift, Move",
        check=check_copy_object,
    ),
    Probe(
        name="swift-info",
        group="registry",
        cause="The driver finds /info here: without a key in its configuration, it stores one of its own on the "
        "account.",
        remedy="Give the registry the account's key (registry_swift_temp_url_key_file), or serve the registry by a "
        "gateway without rgw_swift_account_in_url.",
        affected="any version with rgw_swift_account_in_url or rgw_swift_url_prefix = /",
        reference="distribution/distribution#1397, distribution/distribution v2.8.3 registry/storage/driver/swift",
        check=check_swift_info,
        severity=WARNING,
    ),
    Probe(
        name="temp-url",
        group="registry",
        cause="Temp URLs signed with the account's key are refused, so that pulls by redirect fail.",
        remedy="Give the account this key (temp_url_keys of rgw_users), let no proxy change paths, upgrade Ceph, or "
        "set storage.redirect.disable to true in the registry.",
        affected="before the fixes of tracker 18317 and tracker 15667; any version behind a proxy that changes paths",
        reference="tracker 18317 (ceph/ceph#12619), tracker 15667 (ceph/ceph#8726)",
        check=check_temp_url,
    ),
)
