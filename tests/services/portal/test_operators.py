# SPDX-License-Identifier: Apache-2.0
"""What an operator sets for sign-in: the names of the proxy's headers, and how long a sign-in lasts."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import requests

from tests.playbooks import free_port
from tests.portal import running_portal
from tests.services.portal.conftest import PROXY_SECRET, secret_file, settings
from tests.services.portal.issuer import CLIENT_ID, CLIENT_SECRET, Issuer

DEFAULTS = ("X-Portal-Proxy-Secret", "X-Forwarded-User", "X-Forwarded-Groups")
OWN = ("X-Our-Secret", "Remote-User", "Remote-Groups")


def test_the_proxy_s_headers_have_the_names_that_the_operator_gives(tmp_path: Path, issuer: Issuer) -> None:
    names = dict(zip(("secret_header", "subject_header", "groups_header"), OWN))
    proxy = {
        "addresses": ["127.0.0.1/32"],
        "secret_file": secret_file(tmp_path, "proxy.secret", PROXY_SECRET),
        **names,
    }
    with running_portal(tmp_path, **{**settings(tmp_path, issuer), "proxy": proxy}) as portal:

        def status(path: str, headers: tuple[str, ...], groups: str = "users") -> int:
            given = dict(zip(headers, (PROXY_SECRET, "ann", groups)))
            return requests.get(portal.url + path, headers=given, timeout=30).status_code

        assert status("/v1/projects", OWN) == 200
        assert status("/v1/projects", OWN, groups="others") == 403
        assert status("/v1/projects", DEFAULTS) == 401
        # The host itself may read the metrics; somebody who comes through a proxy on the host may not.
        assert requests.get(f"{portal.url}/metrics", timeout=30).status_code == 200
        assert requests.get(f"{portal.url}/metrics", headers={OWN[1]: "ann"}, timeout=30).status_code == 403


@pytest.mark.long
def test_a_sign_in_lasts_as_long_as_the_operator_says(tmp_path: Path, issuer: Issuer) -> None:
    port, seconds = free_port(), 60
    web = {
        "url": f"http://127.0.0.1:{port}",
        "client_id": CLIENT_ID,
        "client_secret_file": secret_file(tmp_path, "client.secret", CLIENT_SECRET),
        "session_s": seconds,
    }
    with running_portal(tmp_path, **settings(tmp_path, issuer, web=web, port=port)) as portal:
        issuer.person = {"sub": "ann", "groups": ["users"]}
        browser = requests.Session()
        began = time.monotonic()
        assert browser.get(f"{portal.url}/web", timeout=30).status_code == 200

        def is_signed_in() -> bool:
            return browser.get(f"{portal.url}/web", timeout=30, allow_redirects=False).status_code == 200

        while is_signed_in():
            assert time.monotonic() - began < seconds + 10
            time.sleep(1)
        assert time.monotonic() - began >= seconds
