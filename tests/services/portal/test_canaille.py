# SPDX-License-Identifier: Apache-2.0
"""Signing in at a real provider of OpenID Connect."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator

import pytest
import requests

from tests.canaille import Provider, running_provider
from tests.playbooks import free_port
from tests.portal import RunningPortal, running_portal
from tests.services.portal.conftest import ROLES, secret_file

GROUPS = {"users": ["ann", "bob"], "admins": ["eve"], "others": ["mallory"]}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RunningPortal, Provider]]:
    folder, port, secret = tmp_path_factory.mktemp("canaille"), free_port(), f"canary-{secrets.token_hex(16)}"
    url = f"http://127.0.0.1:{port}"
    with running_provider(folder, [f"{url}/web/signed-in"], GROUPS, secret) as provider:
        client = {"client_id": provider.client_id, "client_secret_file": secret_file(folder, "client", secret)}
        given = {
            "port": port,
            "roles": ROLES,
            "oidc": {"issuer": provider.url, "audience": provider.client_id},
            "web": {"url": url, **client},
            "backends": {"dummy": {"kind": "dummy"}},
        }
        with running_portal(folder, **given) as portal:
            yield portal, provider


def visit(site: tuple[RunningPortal, Provider], name: str) -> tuple[requests.Session, requests.Response]:
    """Somebody who opens the portal and signs in."""
    portal, provider = site
    session = requests.Session()
    page = session.get(f"{portal.url}/web", timeout=30)
    assert page.url.startswith(provider.url), page.url
    return session, provider.sign_in(session, page, name)


def test_people_sign_in_with_the_roles_of_their_groups(site):
    _session, ann = visit(site, "ann")
    assert (ann.status_code, ann.url) == (200, f"{site[0].url}/web"), ann.text
    assert "<span>ann</span>" in ann.text and "Create a project" not in ann.text
    _session, eve = visit(site, "eve")
    assert "<span>eve</span>" in eve.text and "Create a project" in eve.text


def test_somebody_whose_groups_have_no_role_is_told_so(site):
    _session, mallory = visit(site, "mallory")
    assert mallory.status_code == 403 and "None of your groups has a role here" in mallory.text


def test_a_wrong_password_leads_nowhere(site):
    portal, provider = site
    session = requests.Session()
    page = session.get(f"{portal.url}/web", timeout=30)
    wrong = Provider(provider.url, provider.client_id, provider.client_secret, {"ann": "wrong"})
    with pytest.raises(AssertionError, match="leads nowhere"):
        wrong.sign_in(session, page, "ann")
    assert "portal" not in session.cookies


def test_an_identity_token_of_the_provider_does_not_open_the_rest_interface(site):
    """Its audience is the portal's client, as the configuration wants, and it has the nonce of a sign-in."""
    portal, provider = site
    uri = f"{portal.url}/web/signed-in"
    session = requests.Session()
    asked = {
        "client_id": "portal",
        "response_type": "code",
        "scope": "openid groups",
        "nonce": "n",
        "redirect_uri": uri,
    }
    page = session.get(f"{provider.url}/oauth/authorize", params=asked, timeout=30)
    ends = provider.sign_in(session, page, "ann")
    code = requests.utils.urlparse(ends.url).query.partition("code=")[2].partition("&")[0]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": uri}
    login = (provider.client_id, provider.client_secret)
    tokens = requests.post(f"{provider.url}/oauth/token", form, auth=login, timeout=30).json()
    answer = portal.ask("GET", "/v1/projects", tokens["id_token"])
    assert answer.status_code == 401, (answer.text, json.dumps(sorted(tokens)))
    assert "for something else than access" in answer.json()["detail"]
