# SPDX-License-Identifier: Apache-2.0
"""Tokens of Keystone v3: what an answer gives, and what refusals of Keystone and of the gateway mean.

Sources: OpenStack Identity API v3, "Authentication and token management"; RGW's refusals as 18 gives them
(rgw_auth_keystone.cc).
"""

from __future__ import annotations

from typing import Callable

from ..base.keystone_login import KeystoneLogin
from ..base.remote_json import loads
from ..http.endpoint import Endpoint
from ..http.evidence import printable
from ..http.messages import Answer, Request
from ..http.outcomes import WrongAnswer
from ..http.verdicts import BAD_HEADER, REFUSED, TIMEOUT, TLS_ERROR, WRONG_STATUS, Advice
from ..keystone.catalogue import KIND, object_stores
from ..keystone.token import Service, read_token
from ..keystone.token_request import token_request
from .access import Access, storage_path
from .checks import expect_header, expect_status

_WRONG_PASSWORD = Advice(
    "Keystone does not know this user with this password: a wrong name, domain or password, or a user who is disabled "
    "or locked out.",
    "Compare user, user_domain and password with Keystone's; after many failures, Keystone may lock the user out.",
)
_NO_ROLE = Advice(
    "The password is right, but the user has no role in the project, or there is no such project, or the project is "
    "disabled.",
    "Check project and project_domain, and give the user a role in the project that the gateway accepts "
    "(rgw_keystone_accepted_roles).",
)
_WRONG_CREDENTIAL = Advice(
    "Keystone does not know this application credential with this secret, or the credential has ended, or its user or "
    "project is gone.",
    "Create a new application credential; user is its id.",
)
_NO_V3 = Advice(
    "There is no Identity API v3 at this URL.",
    "Give Keystone's URL as it is before /v3, for example https://keystone.example.com:5000.",
)
_NOT_FROM_KEYSTONE = Advice(
    "Keystone does not give tokens as the Identity API v3 has it.",
    "Look at Keystone's log, and check that the URL is Keystone's.",
)
_UNREACHABLE = {
    REFUSED: Advice("Nothing accepts connections at Keystone's address.", "Check the URL and that Keystone runs."),
    TIMEOUT: Advice("Keystone does not answer in time.", "Look at Keystone's log and its database."),
    TLS_ERROR: Advice(
        "Keystone does not speak TLS at this address, or its certificate is not trusted.",
        "Check http against https in Keystone's URL, and name the authority's certificate in Keystone's ca_file.",
    ),
}


def keystone_endpoint(login: KeystoneLogin, gateway: Endpoint) -> Endpoint:
    """Where Keystone listens; without authorities of its own it is trusted as the gateway is. Raises InputError."""
    ca_file, _checked, certificate, key = gateway.trust
    trust = (login.ca_file or ca_file, login.verified, certificate, key)
    return Endpoint.parse(login.url, *trust)


def expect_issued(answer: Answer, login: KeystoneLogin) -> str:
    """The answer to a request for a token gives one. Raises WrongAnswer."""
    try:
        expect_status(answer, 201)
        return expect_header(answer, "X-Subject-Token")
    except WrongAnswer as finding:
        finding.advice = _advice(answer, login)
        raise


def log_in(exchange: Callable[[Request], Answer], login: KeystoneLogin, place: Endpoint) -> Access:
    """Get a token, and find the object store in the catalogue. Raises WrongAnswer.

    Keystone refuses a wrong password and a missing role alike. Only a token without a project tells which it is.
    """
    answer = exchange(token_request(login, place.path))
    refused = answer.fault is None and answer.status == 401 and not login.application_credential
    if refused and exchange(token_request(login, place.path, scoped=False)).status == 201:
        expected = f"a token for project '{login.project}' of domain '{login.project_domain}'"
        raise WrongAnswer(WRONG_STATUS, expected, "status 401, and 201 without the project", _NO_ROLE)
    return access_of(answer, login)


def access_of(answer: Answer, login: KeystoneLogin) -> Access:
    """What the answer gives access to: the catalogue's object store. Raises WrongAnswer."""
    value = expect_issued(answer, login)
    try:
        token = read_token(value, loads(answer.body))
    except ValueError:
        expected = "a token as the Identity API v3 describes it"
        raise WrongAnswer(BAD_HEADER, expected, "another document", _NOT_FROM_KEYSTONE) from None
    url = _chosen(object_stores(token.catalogue, ""), login)
    path = storage_path(url)
    if path is None:
        got = f"the URL {_shown(url)}"
        raise WrongAnswer(BAD_HEADER, "a URL of the object store in the catalogue", got, _catalogue_advice())
    return Access(value, url, path, token.lifetime, token.roles)


def account_advice(access: Access) -> dict[int, Advice]:
    """What the gateway's refusals of a token of Keystone mean."""
    held = f"The token has the roles {', '.join(access.roles) or 'none'} in its project"
    return {
        401: Advice(
            "The gateway does not accept the token: the gateway cannot validate the token at Keystone, the token has "
            f"ended or was revoked, or the token's role is none that the gateway accepts. {held}.",
            "Compare the roles with rgw_keystone_accepted_roles of the gateway. If the role is right, check the "
            "gateway's rgw_keystone_url, rgw_keystone_api_version (3) and its own user at Keystone in its log.",
        ),
        403: Advice(
            f"The gateway knows the token and does not let its user in: no role that it accepts. {held}.",
            "Give the user a role of rgw_keystone_accepted_roles in the project, or add the role there.",
        ),
        404: Advice(
            "The catalogue names an object store with a path that the gateway does not serve.",
            "Correct the object-store endpoint at Keystone: scheme, host and port of the gateway, then /swift/v1, and "
            "/AUTH_%(project_id)s only with rgw_swift_account_in_url.",
        ),
    }


def token_advice() -> dict[int, Advice]:
    """What the gateway's refusals of a token mean that was got elsewhere."""
    cause = (
        "The token has ended or was revoked, its project or user is gone, or its role is none that the gateway takes."
    )
    return {
        status: Advice(cause, "Get a new token, and check the user's role in the project.") for status in (401, 403)
    }


def _advice(answer: Answer, login: KeystoneLogin) -> Advice:
    if answer.fault:
        return _UNREACHABLE.get(answer.fault, _NOT_FROM_KEYSTONE)
    if answer.status == 401:
        return _WRONG_CREDENTIAL if login.application_credential else _WRONG_PASSWORD
    return _NO_V3 if answer.status in (300, 404, 405, 410) else _NOT_FROM_KEYSTONE


def _chosen(stores: list[Service], login: KeystoneLogin) -> str:
    for one in stores:
        if one.interface == login.interface and login.region in ("", one.region):
            return one.url
    wanted = f"an {KIND} with interface {login.interface}" + (f" in region {login.region}" if login.region else "")
    there = ", ".join(f"{one.interface} in {one.region}" for one in stores) or "no object store"
    raise WrongAnswer(WRONG_STATUS, f"a catalogue with {wanted}", _shown(there), _catalogue_advice())


def _catalogue_advice() -> Advice:
    return Advice(
        "Keystone's catalogue does not name the gateway as an object store, so that clients do not find it.",
        "Register the gateway as a service of type object-store with its endpoint, or correct region and interface.",
    )


def _shown(text: str) -> str:
    return printable(text.encode("latin-1", "replace"))[:300]
