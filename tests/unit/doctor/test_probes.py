# SPDX-License-Identifier: Apache-2.0
"""The catalogue: what the probes send, and which wrong answer fails which probe with which word."""

from __future__ import annotations

from dataclasses import replace
from typing import Callable

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor import session
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.catalogue import GROUPS, PROBES, READY, select
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.probes.auth import AUTH
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.probes.registry import SEGMENTS
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.runner import Report, verify
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.endpoint import Endpoint
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.messages import Answer, Request
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.verdicts import MEANINGS

from tests.unit.doctor.swift_double import Change, Gateway, answer, faulty

LOGIN = Login("demo:swift", "secret-of-the-user")


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Gateway:
    double = Gateway()
    monkeypatch.setattr(session, "Connection", lambda endpoint: double)
    return double


# What the double can answer; the others meet the real thing in tests/integration/rgw_verify.
SOME = ("auth", "plain-object", "head-empty-manifest", "long-object-name")


def run(*names: str, **options: bool) -> Report:
    probes = select(names or SOME)
    return verify(Endpoint("gw", 8080), LOGIN, probes, 5, **options)


def words(report: Report) -> dict[str, str]:
    return {verdict.probe: verdict.verdict for verdict in report.verdicts}


def test_all_pass_and_nothing_is_left(gateway: Gateway) -> None:
    report = run()
    assert words(report) == dict.fromkeys(SOME, "ok")
    assert (report.passed, report.leftover, gateway.containers) == (True, None, {})


def test_the_manifest_is_put_as_the_registry_does(gateway: Gateway) -> None:
    run("head-empty-manifest")
    put = next(request for request in gateway.requests if request.target.endswith("/manifest"))
    container = put.target.split("/")[3]
    assert dict(put.headers)["X-Object-Manifest"] == f"{container}/no-segments"
    assert (put.body, put.chunked, put.expect_continue) == (b"", True, True)


def test_segment_names_are_as_long_as_the_registrys() -> None:
    assert len(f"{SEGMENTS}/{1:016}") == 299 + 2 * 5


FAILED_AUTH = [
    ("/auth/v1", 401, "not the one that the gateway knows"),
    ("/auth/v1", 403, "knows no such swift user"),
    ("/auth/v1", 404, "not a swift endpoint"),
    ("/auth/v1", 405, "not a swift endpoint"),
    ("/auth/v1", 500, "does not answer TempAuth v1 as swift clients need it"),
    ("/auth/v1", 503, "no healthy backend"),
    ("/swift/v1", 401, "suspended"),
    ("/swift/v1", 403, "may not read its account"),
]


@pytest.mark.parametrize(("target", "status", "says"), FAILED_AUTH)
def test_failed_auth_says_why_and_skips_the_rest(gateway: Gateway, target: str, status: int, says: str) -> None:
    gateway.change = lambda request, right: answer(request.method, status) if request.target == target else None
    report = run()
    assert words(report) == {"auth": "wrong-status", **dict.fromkeys(SOME[1:], "skipped")}
    assert says in report.verdicts[0].cause
    assert not any(request.method == "PUT" for request in gateway.requests)


@pytest.mark.parametrize(
    ("headers", "word"),
    [
        ({"X-Auth-Token": "t"}, "header-missing"),
        ({"X-Storage-Url": "http://gw/swift/v1"}, "header-missing"),
        ({"X-Auth-Token": "two words", "X-Storage-Url": "http://gw/swift/v1"}, "bad-header"),
    ],
)
def test_an_unusable_auth_answer_is_a_finding(gateway: Gateway, headers: dict[str, str], word: str) -> None:
    gateway.change = lambda request, right: answer("GET", 200, headers)
    verdict = run("auth").verdicts[0]
    assert (verdict.verdict, verdict.cause) == (word, "This is not a swift endpoint.")


GATEWAYS_OWN = {"X-Trans-Id": "tx00000ee31787baaf7cca8-006b002a66-4112-default"}
S3_ERROR = b'<?xml version="1.0" encoding="UTF-8"?><Error><Code>AccessDenied</Code></Error>'
NO_SERVER = b"<html><body><h1>503</h1>\nNo server is available to handle this request.\n</body></html>"


@pytest.mark.parametrize(
    ("status", "headers", "body", "says"),
    [
        *(
            (status, {"Location": "https://gw.example/x"}, b"", "redirects to https://gw.example/x,")
            for status in (301, 302, 307, 308)
        ),
        (302, {"Location": "https://me:hunter22@gw.example/x"}, b"", "redirects to https://***@gw.example/x,"),
        (301, {}, b"", "does not say where to"),
        (503, {}, NO_SERVER, "before the gateway (HAProxy) answers in its place"),
        (502, {"Server": "nginx/1.24.0"}, b"", "before the gateway (nginx/1.24.0) answers in its place"),
        (504, {"Server": "nginx/1.24.0"}, b"", "waited in vain"),
        (503, GATEWAYS_OWN, b"", "does not answer TempAuth v1 as swift clients need it"),
        (
            403,
            {"Server": "MinIO", "x-amz-request-id": "17A2B"},
            S3_ERROR,
            "An object store (MinIO) that speaks S3 and no swift",
        ),
        (400, {}, S3_ERROR, "An object store that speaks S3 and no swift"),
        (403, {"x-amz-request-id": GATEWAYS_OWN["X-Trans-Id"]}, S3_ERROR, "took the request for one of S3"),
        (403, GATEWAYS_OWN, b"AccessDenied", "knows no such swift user"),
    ],
)
def test_a_cause_is_known_by_who_has_answered(
    gateway: Gateway, status: int, headers: dict[str, str], body: bytes, says: str
) -> None:
    gateway.change = lambda request, right: answer(request.method, status, headers, body)
    verdict = run("auth").verdicts[0]
    assert says in verdict.cause
    assert "hunter22" not in str(verdict)


def name_storage(gateway: Gateway, url: str) -> None:
    """Let the gateway name this storage URL."""
    fields = {"X-Auth-Token": "token-of-the-user", "X-Storage-Url": url}
    gateway.change = lambda request, right: answer("GET", 204, fields) if request.target == "/auth/v1" else None


@pytest.mark.parametrize(
    ("url", "word", "severity"),
    [
        ("http://gw:8080/swift/v1", "ok", "error"),
        ("HTTP://GW.:8080/swift/v1", "ok", "error"),
        ("http://gw:8080", "ok", "error"),
        ("http://gw/swift/v1", "other-address", "warning"),
        ("http://[::1]:8080/swift/v1", "other-address", "warning"),
        ("https://gw:8080/swift/v1", "other-address", "warning"),
        ("/swift/v1", "bad-header", "error"),
        ("//gw:8080/swift/v1", "bad-header", "error"),
        ("gw:8080/swift/v1", "bad-header", "error"),
        ("ftp://gw:8080/swift/v1", "bad-header", "error"),
        ("http://::1:8080/swift/v1", "bad-header", "error"),
        ("http://gw:0/swift/v1", "bad-header", "error"),
        ("http://gw:99999/swift/v1", "bad-header", "error"),
        ("http://me:hunter22@gw:8080/swift/v1", "bad-header", "error"),
        ("http://gw:8080/swift/v1?a=b", "bad-header", "error"),
    ],
)
def test_the_storage_url_is_followed(gateway: Gateway, url: str, word: str, severity: str) -> None:
    name_storage(gateway, url)
    report = run("storage-url")
    assert words(report) == {"auth": "ok", "storage-url": word}
    verdict = report.verdicts[1]
    assert (verdict.severity, "hunter22" in str(verdict)) == (severity, False)
    assert word == "ok" or "rgw_swift_url" in verdict.remedy


@pytest.mark.parametrize("url", ["garbage", "http://[gw/swift/v1 x"])
def test_a_storage_url_without_a_path_ends_the_run_with_its_cause(gateway: Gateway, url: str) -> None:
    name_storage(gateway, url)
    verdict = run("storage-url").verdicts[0]
    assert (verdict.verdict, "storage URL that no client can follow" in verdict.cause) == ("bad-header", True)


def test_a_storage_url_that_does_not_answer_is_an_error(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    name_storage(gateway, "http://elsewhere:8080/swift/v1")
    nobody = Gateway()
    nobody.change = lambda request, right: faulty("HEAD", "refused")
    monkeypatch.setattr(session, "Connection", lambda endpoint: nobody if endpoint.host == "elsewhere" else gateway)
    verdict = run("storage-url").verdicts[1]
    assert (verdict.verdict, verdict.severity) == ("refused", "error")
    assert verdict.got.startswith("http://elsewhere:8080/swift/v1: ")


@pytest.mark.parametrize(("host", "severity", "asked"), [("gw", "warning", 1), ("elsewhere", "error", 0)])
def test_no_token_goes_from_https_to_http(
    monkeypatch: pytest.MonkeyPatch, host: str, severity: str, asked: int
) -> None:
    secure, plain = Gateway(), Gateway()
    monkeypatch.setattr(session, "Connection", lambda endpoint: secure if endpoint.tls else plain)
    name_storage(secure, f"http://{host}:8080/swift/v1")
    plain.change = lambda request, right: answer("HEAD", 401)
    report = verify(Endpoint.parse("https://gw:8080"), LOGIN, select(["storage-url"]), 5)
    assert (words(report)["storage-url"], report.verdicts[1].severity) == ("other-address", severity)
    assert len(plain.requests) == asked
    assert "token-of-the-user" not in str([request.headers for request in plain.requests])


def every_head(content_length: str | None) -> Change:
    """A proxy that changes the length in every answer to HEAD of an object, or takes it away."""

    def change(request: Request, right: Answer) -> Answer | None:
        if request.method != "HEAD" or not right.header("Content-Length"):
            return None
        kept = [field for field in right.headers if field[0] != "Content-Length"]
        return replace(right, headers=kept + [("Content-Length", content_length)] * (content_length is not None))

    return change


@pytest.mark.parametrize("length", ["0", None], ids=["zero", "none"])
def test_a_broken_head_is_blamed_on_head_and_not_on_what_was_asked(gateway: Gateway, length: str | None) -> None:
    gateway.change = every_head(length)
    report = run("store-object", "plain-object", "chunked-put", "head-empty-manifest")
    failed = [verdict for verdict in report.verdicts if verdict.failed]
    assert [verdict.probe for verdict in failed][:3] == ["store-object", "plain-object", "chunked-put"]
    assert all(verdict.cause.startswith("HEAD is answered wrongly although") for verdict in failed)
    assert "skipped" not in words(report).values()


def test_a_gateway_with_a_broken_head_is_not_waited_for(gateway: Gateway) -> None:
    gateway.change = every_head("0")
    report = verify(Endpoint("gw", 8080), LOGIN, select(["plain-object"]), 5, wait=30)
    assert words(report) == {"auth": "ok", "plain-object": "length-mismatch"}


SIZE = "a body of 100000 bytes taken"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (answer("PUT", 413, {"Server": "nginx"}), "A proxy before the gateway refuses"),
        (answer("PUT", 400, GATEWAYS_OWN, b"EntityTooLarge"), "rgw_max_put_size is smaller"),
        (answer("PUT", 413, GATEWAYS_OWN, b"EntityTooLarge"), "rgw_max_put_size is smaller"),
        (answer("PUT", 413, GATEWAYS_OWN, b"QuotaExceeded"), "The quota of the user is used up"),
        (answer("PUT", 411), "does not pass on chunked uploads"),
        (faulty("PUT", "closed"), "client_max_body_size) or rgw_max_put_size"),
        (faulty("PUT", "timeout"), "does not arrive in time"),
        (answer("PUT", 201, {"etag": "0" * 32}), "A body as large as the registry's segments is not taken"),
    ],
)
def test_a_segment_that_is_not_taken_says_why(gateway: Gateway, wrong: Answer, says: str) -> None:
    gateway.change = give("PUT", "/segment", wrong)
    probes = select(["segment-size"])
    use = session.RegistryUse.of(None, 100000)
    report = verify(Endpoint("gw", 8080), LOGIN, probes, 5, registry=use)
    verdict = report.verdicts[1]
    assert verdict.failed
    assert says in verdict.cause
    assert verdict.expected.startswith(SIZE)


@pytest.mark.parametrize(("status", "word"), [(204, "ok"), (404, "ok"), (403, "wrong-status"), (500, "wrong-status")])
def test_the_registrys_own_container_is_looked_at(gateway: Gateway, status: int, word: str) -> None:
    gateway.change = give("HEAD", "/my%20registry", answer("HEAD", status))
    use = session.RegistryUse.of("my registry", 1)
    probes = select(["registry-container"])
    report = verify(Endpoint("gw", 8080), LOGIN, probes, 5, only_read=True, registry=use)
    assert words(report)["registry-container"] == word
    assert ("The container my registry belongs to another user" in report.verdicts[1].cause) == (status == 403)


@pytest.mark.parametrize(("name", "size"), [("", 1), ("a/b", 1), ("x" * 257, 1), ("x", 0), ("x", 1 << 40)])
def test_a_use_that_cannot_be_tried_is_refused(name: str, size: int) -> None:
    with pytest.raises(ValueError, match=r"container must be|segment_size is"):
        session.RegistryUse.of(name, size)


def change_fields(method: str, name: str, **fields: str | None) -> Change:
    """Change header fields of right 200s and 201s to `method` for objects called `name`; None leaves one out."""

    def change(request: Request, right: Answer) -> Answer | None:
        if request.method != method or not request.target.endswith(name) or right.status not in (200, 201):
            return None
        wanted = {key.replace("_", "-").lower(): value for key, value in fields.items()}
        kept = [field for field in right.headers if field[0].lower() not in wanted]
        return replace(right, headers=kept + [(key, value) for key, value in wanted.items() if value is not None])

    return change


def change_body(edit: Callable[[bytes], bytes]) -> Change:
    return lambda request, right: (
        replace(right, body=edit(right.body)) if request.method == "GET" and request.target.endswith("/plain") else None
    )


def give(method: str, name: str, wrong: Answer) -> Change:
    return lambda request, right: wrong if (request.method, request.target.endswith(name)) == (method, True) else None


@pytest.mark.parametrize(
    ("probe", "change", "word"),
    [
        ("plain-object", give("PUT", "/plain", answer("PUT", 500)), "wrong-status"),
        ("plain-object", change_fields("PUT", "/plain", etag="0" * 32), "etag-mismatch"),
        ("plain-object", give("HEAD", "/plain", answer("HEAD", 404)), "missing-after-put"),
        ("plain-object", give("GET", "/plain", answer("GET", 404)), "missing-after-put"),
        ("plain-object", change_fields("HEAD", "/plain-empty", content_length=None), "length-missing"),
        ("plain-object", change_fields("HEAD", "/plain", content_length="0"), "length-mismatch"),
        ("plain-object", change_fields("HEAD", "/plain", etag=f'"{"0" * 32}"'), "etag-mismatch"),
        ("plain-object", change_fields("HEAD", "/plain", last_modified=None), "header-missing"),
        ("plain-object", change_fields("HEAD", "/plain", last_modified="2026-11-20"), "bad-header"),
        ("plain-object", change_body(lambda body: body[:-1]), "length-mismatch"),
        ("plain-object", change_body(lambda body: body[::-1]), "body-mismatch"),
        ("plain-object", give("DELETE", "/plain", answer("DELETE", 200)), "wrong-status"),
        ("plain-object", give("HEAD", "/plain", faulty("HEAD", "body-on-head")), "body-on-head"),
        ("head-empty-manifest", give("PUT", "/manifest", answer("PUT", 411)), "wrong-status"),
        ("head-empty-manifest", give("HEAD", "/manifest", faulty("HEAD", "no-status-line")), "no-status-line"),
        ("head-empty-manifest", change_fields("HEAD", "/manifest", last_modified=None), "header-missing"),
        ("head-empty-manifest", change_fields("HEAD", "/manifest", date=None), "header-missing"),
        ("head-empty-manifest", change_fields("HEAD", "/manifest", x_object_manifest=None), "header-missing"),
        ("head-empty-manifest", change_fields("HEAD", "/manifest", content_length="5"), "length-mismatch"),
        ("long-object-name", give("HEAD", "0001", answer("HEAD", 400)), "wrong-status"),
        ("long-object-name", give("PUT", "0001", answer("PUT", 400)), "wrong-status"),
    ],
)
def test_a_wrong_answer_fails_its_probe_and_no_other(gateway: Gateway, probe: str, change: Change, word: str) -> None:
    gateway.change = change
    report = run()
    assert words(report) == {name: word if name == probe else "ok" for name in SOME}
    verdict = next(verdict for verdict in report.verdicts if verdict.failed)
    assert all((verdict.expected, verdict.got, verdict.cause, verdict.remedy, verdict.evidence))
    assert (report.passed, gateway.containers) == (False, {})


class Refusing(Gateway):
    """Refuses a PUT into a missing container before its body; then the connection ends, or `eats` a request."""

    def __init__(self, eats: bool) -> None:
        super().__init__()
        self.eats, self.refused = eats, False

    def exchange(self, request: Request, seconds: float) -> Answer:
        if self.refused:
            self.refused = False
            return answer(request.method, 400) if self.eats else faulty(request.method, "closed")
        if request.expect_continue:
            self.refused = True
            return answer(request.method, 404)
        return super().exchange(request, seconds)

    def stays_open(self, seconds: float) -> bool:
        """A connection that has ended is seen to have, if there is time for it; the next exchange opens another."""
        self.refused = self.refused and (self.eats or not seconds)
        return self.eats


@pytest.mark.parametrize(("eats", "verdict"), [(False, "ok"), (True, "connection-desync")], ids=["ends", "eats"])
def test_a_connection_may_end_after_a_refusal_but_not_eat_a_request(
    monkeypatch: pytest.MonkeyPatch, eats: bool, verdict: str
) -> None:
    double = Refusing(eats)
    monkeypatch.setattr(session, "Connection", lambda endpoint: double)
    assert words(run("rejected-put")) == {"auth": "ok", "rejected-put": verdict}


def test_what_stops_any_probe_brings_its_own_advice(gateway: Gateway) -> None:
    gateway.change = give("HEAD", "/manifest", faulty("HEAD", "timeout"))
    verdict = run("head-empty-manifest").verdicts[1]
    assert "does not answer in time" in verdict.cause


def test_selection_keeps_the_order_and_auth_first() -> None:
    assert [probe.name for probe in select(["long-object-name", "plain-object"])] == [
        "auth",
        "plain-object",
        "long-object-name",
    ]
    assert select([]) == list(PROBES)


def test_groups_and_names_add_up() -> None:
    chosen = [probe.name for probe in select(["small-reads"], ["limits"])]
    assert chosen[:2] == ["auth", "store-object"]
    assert {"full-pages", "small-reads"} < set(chosen)
    assert "plain-object" not in chosen
    assert GROUPS == ("auth", "limits", "head", "registry", "latency", "s3")


@pytest.mark.parametrize(
    ("name", "offer"),
    [
        ("head-empty-manfest", "did you mean head-empty-manifest"),
        ("plain", "did you mean plain-object"),
        ("zzz", "take"),
    ],
)
def test_an_unknown_probe_is_answered_with_the_nearest(name: str, offer: str) -> None:
    with pytest.raises(ValueError, match=f"there is no probe '{name}'; {offer}"):
        select([name])


def test_an_unknown_group_is_answered_with_the_nearest() -> None:
    with pytest.raises(ValueError, match="there is no group 'regsitry'; did you mean registry"):
        select([], ["regsitry"])


def test_names_are_unique() -> None:
    assert len({probe.name for probe in PROBES}) == len(PROBES)


@pytest.mark.parametrize("probe", [*PROBES, READY], ids=lambda probe: probe.name)
def test_the_catalogue_speaks_in_sentences(probe: object) -> None:
    for text in (probe.cause, probe.remedy):
        assert text[0].isupper()
        assert text.endswith(".")
        assert ". " not in text
    assert probe.affected
    assert probe.reference
    assert AUTH is PROBES[0]


def test_words_all_have_a_meaning() -> None:
    assert len(set(MEANINGS.values())) == len(MEANINGS)
