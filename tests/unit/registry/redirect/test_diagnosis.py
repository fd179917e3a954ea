# SPDX-License-Identifier: Apache-2.0
"""What no gateway here shows: buckets in host names, a cluster without the access key, and answers of other kinds."""

from __future__ import annotations

from email.message import Message
from typing import Any, Sequence

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.endpoint import Broken
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.outcomes import WrongAnswer
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.stream import Answer
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.verdicts import CLOSED, REFUSED
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.redirect import ways
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.redirect.diagnosis import Diagnosis, SigningKeys
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.redirect.signed_url import SignedUrl

BLOB = "docker/registry/v2/blobs/sha256/aa/aa/data"
PRESIGNED = "X-Amz-Credential=KEY&X-Amz-Signature=0"
S3 = SigningKeys(s3=Login("KEY", "secret-of-the-key"), gateway="http://gateway.test:8080")


class Client:
    """A client whose requests all end alike; `asked` notes where they went."""

    def __init__(self, status: int = 403, tls_ports: Sequence[int] = ()) -> None:
        self.asked: list[str] = []
        self._status, self._tls_ports = status, tls_ports

    def ask(self, origin: str, method: str, target: str, *_more: Any) -> Answer:
        self.asked.append(f"{method} {origin}{target.partition('?')[0]}")
        if not self._status:
            raise Broken(CLOSED, "closed")
        return answer(self._status)

    def meets_tls(self, _host: str, port: int) -> bool:
        return port in self._tls_ports


def answer(status: int, code: str = "", bucket: str = "") -> Answer:
    body = f"<Error><Code>{code}</Code><BucketName>{bucket}</BucketName></Error>" if code else ""
    return Answer("GET /blob", status, "a reason", Message(), body.encode())


def refused(url: str, got: Answer, client: Client, keys: SigningKeys) -> WrongAnswer:
    return Diagnosis(client, keys).of_refusal(SignedUrl.parse(url), got)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("url", "got", "word"),
    [
        (f"http://bucket.s3.test/{BLOB}?{PRESIGNED}", answer(404, "NoSuchBucket", "docker"), "redirect-host"),
        (f"http://s3.test/store/bucket/{BLOB}?{PRESIGNED}", answer(404, "NoSuchBucket", "other"), "redirect-path"),
        (
            "http://s3.test/store/v1/c/o?temp_url_sig=0&temp_url_expires=1",
            answer(404, "NoSuchBucket", "store"),
            "redirect-path",
        ),
        (f"http://s3.test/bucket/{BLOB}?{PRESIGNED}", answer(403, "InvalidAccessKeyId"), "redirect-key"),
        (f"http://s3.test/bucket/{BLOB}?{PRESIGNED}", answer(403, "SignatureDoesNotMatch"), "redirect-key"),
        (f"http://s3.test/bucket/{BLOB}?{PRESIGNED}", answer(404, "NoSuchKey"), "wrong-status"),
        (f"http://s3.test/bucket/{BLOB}?{PRESIGNED}", answer(503), "wrong-status"),
        (f"http://s3.test/bucket/{BLOB}?Signature=0", answer(403, "AccessDenied"), "redirect-signature"),
    ],
)
def test_an_answer_is_named(url: str, got: Answer, word: str) -> None:
    found = refused(url, got, Client(), S3)
    assert found.word == word
    assert "secret-of-the-key" not in str(found)
    assert "Signature=" not in str(found)


def test_a_url_that_the_toolkit_signs_and_the_registry_does_not_is_one_for_another_host() -> None:
    client = Client(206)
    got = answer(403, "SignatureDoesNotMatch")
    assert refused(f"http://s3.test/bucket/{BLOB}?{PRESIGNED}", got, client, S3).word == "redirect-host"
    assert client.asked == [f"GET http://s3.test/bucket/{BLOB}"]


def test_without_an_address_of_the_gateway_the_host_name_is_not_concluded() -> None:
    keys = SigningKeys(s3=S3.s3)
    got = answer(403, "SignatureDoesNotMatch")
    assert refused(f"http://s3.test/bucket/{BLOB}?{PRESIGNED}", got, Client(0), keys).word == "redirect-signature"


@pytest.mark.parametrize(
    ("url", "tls_ports", "word"),
    [
        ("http://gw.test/v1/c/o", [443], "redirect-plain-http"),
        ("http://gw.test:8080/v1/c/o", [8080], "redirect-plain-http"),
        ("http://gw.test:8080/v1/c/o", [443], "redirect-address"),
        ("https://gw.test/v1/c/o", [443], "redirect-address"),
    ],
)
def test_silence_is_named(url: str, tls_ports: Sequence[int], word: str) -> None:
    diagnosis = Diagnosis(Client(tls_ports=tls_ports), SigningKeys())  # type: ignore[arg-type]
    assert diagnosis.of_silence(SignedUrl.parse(url), Broken(REFUSED, "refused")).word == word


def test_a_fault_of_the_peer_keeps_its_own_word() -> None:
    found = Diagnosis(Client(), SigningKeys()).of_silence(  # type: ignore[arg-type]
        SignedUrl.parse("https://gw.test/v1/c/o"), Broken(CLOSED, "closed after 10 of 100 bytes of the body")
    )
    assert (found.word, found.advice) == (CLOSED, None)


@pytest.mark.parametrize("location", ["", "/v2/", "ftp://gw.test/x", "http://gw.test:port/x", "http:///x"])
def test_what_is_no_url_of_http_is_refused(location: str) -> None:
    with pytest.raises(WrongAnswer, match="redirect to a URL"):
        SignedUrl.parse(location)


def test_each_way_has_a_word_and_says_what_to_do() -> None:
    found = [way for way in vars(ways).values() if isinstance(way, ways.Way)]
    assert len({way.word for way in found}) == len(found) == 8
    assert all(way.advice.cause and way.advice.remedy for way in found)
