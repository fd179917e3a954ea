# SPDX-License-Identifier: Apache-2.0
"""Who asks too often has to wait, and nobody else."""

from __future__ import annotations

import time
from ipaddress import ip_network
from pathlib import Path

import pytest
import requests

from services.portal.config import RateLimit, RateLimits
from services.portal.identity.addresses import client_of
from services.portal.problems import TooManyRequests
from services.portal.rate_limits import _MOST_NAMES, Limiter, TokenBuckets
from tests.playbooks import free_port
from tests.portal import RunningPortal, running_portal
from tests.services.portal.conftest import PROXY_SECRET, settings
from tests.services.portal.issuer import CLIENT_ID, Issuer, running_issuer

OFF = {"per_minute": 0, "burst": 1}


class Clock:
    now = 1000.0


def taken(buckets: TokenBuckets, name: str, times: int) -> int:
    """How many of so many requests are taken."""
    done = 0
    for _number in range(times):
        try:
            buckets.take(name)
            done += 1
        except TooManyRequests:
            pass
    return done


def test_a_bucket_has_a_burst_and_fills_again():
    clock = Clock()
    buckets = TokenBuckets(RateLimit(per_minute=30, burst=5), lambda: clock.now)
    assert taken(buckets, "ann", 9) == 5 and taken(buckets, "bob", 1) == 1
    with pytest.raises(TooManyRequests) as refused:
        buckets.take("ann")
    assert refused.value.headers == {"Retry-After": "2"} and refused.value.status == 429
    clock.now += 4
    assert taken(buckets, "ann", 9) == 2
    clock.now += 3600
    assert taken(buckets, "ann", 9) == 5


def test_zero_is_no_limit():
    assert taken(TokenBuckets(RateLimit(per_minute=0, burst=1)), "ann", 1000) == 1000


def test_the_memory_has_an_end_and_forgets_who_has_not_asked_for_long():
    buckets = TokenBuckets(RateLimit(per_minute=1, burst=1), lambda: 0.0)
    for number in range(_MOST_NAMES):
        buckets.take(str(number))
    assert taken(buckets, "1", 1) == 0
    buckets.take("one more")
    assert taken(buckets, "0", 1) == 1 and taken(buckets, "1", 1) == 0


def test_a_network_of_ipv6_is_one_sender():
    limiter = Limiter(RateLimits(address=RateLimit(per_minute=1, burst=1)))
    for peer in ("2001:db8::1", "192.0.2.1", "192.0.2.2", "2001:db8:0:1::1"):
        limiter.address(peer)
    for peer in ("2001:db8::2", "192.0.2.1", "::ffff:192.0.2.2"):
        with pytest.raises(TooManyRequests):
            limiter.address(peer)


def limited(folder: Path, issuer: Issuer, person: object = OFF, address: object = OFF, **more: object):
    return running_portal(
        folder, **settings(folder, issuer, rate_limits={"person": person, "address": address}, **more)
    )


def refused(answer: requests.Response) -> int:
    """The seconds after which a refused request may come again."""
    assert answer.status_code == 429, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:rgwkit:portal:too-many-requests"
    return int(answer.headers["retry-after"])


def test_a_person_who_asks_too_often_waits_and_nobody_else(tmp_path, issuer, people):
    with limited(tmp_path, issuer, person={"per_minute": 30, "burst": 4}) as portal:
        answers = [portal.ask("GET", "/v1/projects", people.user) for _number in range(5)]
        assert [one.status_code for one in answers] == [200] * 4 + [429]
        seconds = refused(answers[-1])
        assert portal.ask("GET", "/v1/projects", people.other).status_code == 200
        for _number in range(10):
            assert portal.ask("GET", "/health/live").status_code == 200
        assert 1 <= seconds <= 2
        time.sleep(seconds + 0.1)
        assert portal.ask("GET", "/v1/projects", people.user).status_code == 200


def test_an_address_that_guesses_waits_and_who_is_signed_in_there_does_not(tmp_path, issuer, people):
    with limited(tmp_path, issuer, address={"per_minute": 1, "burst": 3}) as portal:
        answers = [portal.ask("GET", "/v1/projects", issuer.token(exp=1)) for _number in range(4)]
        assert [one.status_code for one in answers] == [401] * 3 + [429]
        assert refused(answers[-1]) <= 60
        for path in ("/", "/openapi.json", "/v1/projects"):
            refused(portal.ask("GET", path))
        assert portal.ask("GET", "/v1/projects", people.user).status_code == 200


def test_while_the_issuer_is_down_guesses_are_counted_all_the_same(tmp_path):
    with running_issuer() as issuer, limited(tmp_path, issuer, address={"per_minute": 1, "burst": 3}) as portal:
        issuer.is_down = True
        answers = [portal.ask("GET", "/v1/projects", issuer.token()) for _number in range(5)]
        assert [one.status_code for one in answers] == [503] * 3 + [429] * 2


def test_a_body_that_is_no_json_is_counted(tmp_path, issuer, people):
    few = {"per_minute": 1, "burst": 3}
    with limited(tmp_path, issuer, few, few) as portal:
        sent: dict[str, object] = {"data": b"{", "headers": {"Content-Type": "application/json"}}
        for body in (b"{", b"[" * 30_000):
            sent["data"] = body
            statuses = [portal.ask("POST", "/v1/projects", **sent).status_code for _number in range(4)]
            assert 429 in statuses and set(statuses) <= {401, 429}
        statuses = [portal.ask("POST", "/v1/projects", people.user, **sent).status_code for _number in range(4)]
        assert statuses[0] in (400, 422) and statuses[-1] == 429, "a person who is signed in counts as that person"
        assert portal.ask("GET", "/v1/projects", people.other).status_code == 200


@pytest.fixture
def pages(tmp_path: Path, issuer: Issuer):
    port = free_port()
    web = {"url": f"http://127.0.0.1:{port}", "client_id": CLIENT_ID}
    few = {"per_minute": 6, "burst": 3}
    with limited(tmp_path, issuer, few, few, web=web, port=port) as portal:
        yield portal


def from_proxy(portal: RunningPortal, name: str) -> requests.Response:
    headers = {"X-Portal-Proxy-Secret": PROXY_SECRET, "X-Forwarded-User": name, "X-Forwarded-Groups": "users"}
    with requests.Session() as session:
        adapter = requests.adapters.HTTPAdapter()
        adapter.init_poolmanager(1, 1, source_address=("127.0.0.2", 0))
        session.mount("http://", adapter)
        return session.get(f"{portal.url}/web", headers=headers, timeout=30)


def test_a_page_says_that_somebody_has_to_wait(pages):
    answers = [from_proxy(pages, "ann") for _number in range(4)]
    assert [one.status_code for one in answers] == [200] * 3 + [429]
    assert answers[-1].headers["content-type"].startswith("text/html") and answers[-1].headers["retry-after"]
    assert "<h1>Too many requests</h1>" in answers[-1].text and "Wait for" in answers[-1].text
    assert from_proxy(pages, "bob").status_code == 200, "people behind one proxy are counted one by one"


def test_sign_ins_are_counted_by_address(pages):
    answers = [requests.get(f"{pages.url}/web/sign-in", allow_redirects=False, timeout=30) for _number in range(4)]
    assert [one.status_code for one in answers] == [303] * 3 + [429]
    finished = requests.get(f"{pages.url}/web/signed-in?state=a&code=b", timeout=30)
    assert finished.status_code == 429 and "Too many requests" in finished.text


FRONTS = [ip_network("10.0.0.0/24"), ip_network("127.0.0.1/32")]


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("192.0.2.1", [], "192.0.2.1"),
        ("192.0.2.1", ["192.0.2.9"], "192.0.2.1"),
        ("127.0.0.1", [], "127.0.0.1"),
        ("127.0.0.1", ["192.0.2.9"], "192.0.2.9"),
        ("::ffff:127.0.0.1", ["2001:db8::1"], "2001:db8::1"),
        ("127.0.0.1", ["192.0.2.1, 192.0.2.9"], "192.0.2.9"),
        ("127.0.0.1", ["192.0.2.1", "192.0.2.9"], "192.0.2.9"),
        ("127.0.0.1", ["192.0.2.1, 192.0.2.9 , 10.0.0.5"], "192.0.2.9"),
        ("127.0.0.1", ["10.0.0.5"], "10.0.0.5"),
        ("127.0.0.1", ["192.0.2.1, unknown, 10.0.0.5"], "10.0.0.5"),
        ("127.0.0.1", ["", "canary\r\n"], "127.0.0.1"),
    ],
)
def test_the_address_of_a_client_is_the_last_that_no_server_in_front_has(peer, forwarded, client):
    assert client_of(peer, forwarded, FRONTS) == client


@pytest.mark.parametrize(("fronts", "statuses"), [(["127.0.0.1/32"], [401, 401, 429, 401]), ([], [401, 401, 429, 429])])
def test_people_behind_a_server_in_front_are_counted_one_by_one(tmp_path, issuer, fronts, statuses):
    few = {"per_minute": 1, "burst": 2}
    with limited(tmp_path, issuer, address=few, front_addresses=fronts) as portal:
        clients = ["192.0.2.1", "203.0.113.7, 192.0.2.1", "192.0.2.1", "192.0.2.2"]
        asked = [portal.ask("GET", "/v1/projects", headers={"X-Forwarded-For": one}).status_code for one in clients]
        assert asked == statuses
        assert f"from {'192.0.2.1' if fronts else '127.0.0.1'} is refused" in portal.log.read_text()
