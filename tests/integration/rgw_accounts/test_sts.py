# SPDX-License-Identifier: Apache-2.0
"""Sessions of roles: by a user's key, and by a token of a real issuer."""

from __future__ import annotations

from dataclasses import replace

import pytest
import requests
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.s3 import markup

from tests.integration.gateway import second_gateway
from tests.integration.rgw_accounts.helpers import CANARY, NEEDS_19, Session
from tests.integration.rgw_accounts.issuer import CLIENT, running_issuer
from tests.integration.rgw_accounts.test_iam_life import reading, trusting
from tests.integration.rgw_topics.receiver import host_address

pytestmark = NEEDS_19
# Sessions hold what this key encrypts; a gateway has none by default.
STS = {"rgw_sts_key": "0123456789abcdef", "rgw_s3_auth_use_sts": "true"}


@pytest.fixture(scope="module")
def sts(gateway):
    """The gateway as one that issues sessions."""
    with second_gateway(gateway.demo, **STS) as url:
        host, _, port = url.partition("://")[2].rpartition(":")
        yield replace(gateway, demo=replace(gateway.demo, host=host, port=int(port)))


@pytest.fixture(scope="module")
def issuer(gateway, tmp_path_factory):
    with running_issuer(tmp_path_factory.mktemp("issuer"), host_address(gateway.demo.container)) as issuer:
        yield issuer


def session_of(answer: requests.Response) -> Session:
    found = markup.parse(answer.content)
    key, secret, token = (
        markup.text_of(found, f".//Credentials/{name}") for name in ("AccessKeyId", "SecretAccessKey", "SessionToken")
    )
    return Session(Login(key, secret), token)


@pytest.fixture
def bucket(gateway, name, root):
    assert gateway.s3(root, "PUT", f"/{name}").status_code == 200
    assert gateway.s3(root, "PUT", f"/{name}/object", body=b"data").status_code == 200
    return name


def test_assume_role(sts, iam, users, name, account, bucket):
    logins = {who: Login(f"{who.upper()}{name.upper()}", f"{CANARY}-{who}") for who in ("ada", "eve")}
    for who, login in logins.items():
        key = {"access_key": login.user, "secret": login.secret}
        users({"uid": f"{name}-{who}", "display_name": who, "account": account, "s3_keys": [key]})
    trust = trusting({"AWS": f"arn:aws:iam::{account}:user/ada"})
    iam({"roles": [{"name": "reader", "trust": trust, "policies": {"read": reading(bucket)}}]})
    role = {"RoleArn": f"arn:aws:iam::{account}:role/reader", "RoleSessionName": "a-test"}
    assert sts.act(logins["eve"], "AssumeRole", service="sts", **role).status_code == 403
    answer = sts.act(logins["ada"], "AssumeRole", service="sts", **role)
    assert answer.status_code == 200, answer.text
    session = session_of(answer)
    assert sts.s3(session.login, "GET", f"/{bucket}/object", token=session.token).content == b"data"
    assert sts.s3(session.login, "PUT", f"/{bucket}/x", body=b"x", token=session.token).status_code == 403
    assert sts.s3(session.login, "GET", f"/{bucket}/object").status_code == 403  # no token
    assert sts.s3(logins["ada"], "GET", f"/{bucket}/object").status_code == 403  # no session
    # What the role may do is looked at with each request.
    iam({"roles": [{"name": "reader", "policies": {"read": None}}]})
    assert sts.s3(session.login, "GET", f"/{bucket}/object", token=session.token).status_code == 403
    logs = sts.demo.logs()
    assert session.token not in logs and session.login.secret not in logs and CANARY not in logs


def test_assume_role_with_web_identity(sts, iam, issuer, account, bucket):
    arn = f"arn:aws:iam::{account}:oidc-provider/{issuer.host}"
    trust = trusting({"Federated": arn}, "sts:AssumeRoleWithWebIdentity")
    trust["Statement"][0]["Condition"] = {"StringEquals": {f"{issuer.host}:sub": "job"}}
    role = {"name": "ci", "trust": trust, "policies": {"read": reading(bucket)}}
    provider = {"url": issuer.url, "client_ids": [CLIENT], "thumbprints": ["A" * 40]}
    iam({"oidc_providers": [provider], "roles": [role]})
    assert not iam({"oidc_providers": [provider], "roles": [role]})["changed"]

    def assume(token):
        form = {
            "Action": "AssumeRoleWithWebIdentity",
            "RoleArn": f"arn:aws:iam::{account}:role/ci",
            "RoleSessionName": "a-test",
            "WebIdentityToken": token,
        }
        return requests.post(sts.demo.url, data=form, timeout=30)

    token = issuer.token("job")
    head, _dot, _signature = token.rpartition(".")
    forged = f"{head}.{issuer.token('eve').rpartition('.')[2]}"
    assert assume(issuer.token("eve")).status_code == 403  # not of the trust's condition
    assert assume(issuer.token("job", client="another")).status_code in (400, 403)  # not of the provider's client IDs
    assert assume(forged).status_code in (400, 403)
    answer = assume(token)
    assert answer.status_code == 200, answer.text
    session = session_of(answer)
    assert sts.s3(session.login, "GET", f"/{bucket}/object", token=session.token).content == b"data"
    assert sts.s3(session.login, "PUT", f"/{bucket}/x", body=b"x", token=session.token).status_code == 403
    iam({"oidc_providers": [{**provider, "state": "absent"}]})
    assert assume(issuer.token("job")).status_code in (400, 403)
    logs = sts.demo.logs()
    assert token not in logs and session.token not in logs and session.login.secret not in logs
