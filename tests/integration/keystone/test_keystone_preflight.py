# SPDX-License-Identifier: Apache-2.0
"""What the module rgw_keystone_preflight finds wrong, at a real Keystone."""

from __future__ import annotations

import secrets

import pytest
from ansible_collections.rgwkit.ceph.plugins.modules import rgw_keystone_preflight

from tests.certificates import write_self_signed
from tests.integration.keystone.account import new_account

pytestmark = pytest.mark.long

GATEWAY = "http://objects.example.com:8080"


@pytest.fixture(scope="module")
def account(keystone, tmp_path_factory):
    return new_account(keystone, tmp_path_factory.mktemp("account"), "admin")


@pytest.fixture
def region(keystone):
    """A region of the catalogue in which the gateways are where they should be; its name, and its service's ID."""
    name, service = f"r{secrets.token_hex(4)}", keystone.identity.create("service", type="object-store", name="swift")
    keystone.identity.endpoint(service["id"], f"{GATEWAY}/swift/v1", region=name)
    yield name, service["id"]
    keystone.identity.delete(f"services/{service['id']}")


@pytest.fixture
def preflight(run_module, account, region):
    """Run the module with the given differences from what is right."""

    def run(**given):
        right = {"accepted_roles": ["member"], "gateway_urls": [GATEWAY], "region": region[0]}
        result = run_module(rgw_keystone_preflight, **{**account.options, "runtime": "docker", **right, **given})
        assert account.is_hidden(result.pop("printed"))
        return result

    return run


@pytest.mark.parametrize("runtime", ["docker", "podman"])
def test_nothing_is_found_where_nothing_is_wrong(preflight, runtime):
    result = preflight(runtime=runtime)
    assert (result["findings"], result["notes"], result["token_lifetime"]) == ([], [], 3600)


def test_the_url_may_have_the_version(preflight, keystone):
    assert preflight(url=f"{keystone.tls_url}/v3/")["findings"] == []


@pytest.mark.parametrize(
    ("given", "problem", "remedy"),
    [
        ({"accepted_roles": ["Member"]}, "the role Member, which Keystone does not have", "write it member"),
        ({"accepted_admin_roles": ["boss"]}, "accepted_admin_roles has the role boss", "its roles are admin, "),
        ({"gateway_urls": ["http://objects.example.com:8081"]}, "another port", "catalogue_urls"),
        ({"gateway_urls": ["https://other.example.com:8080"]}, "another scheme and host", "catalogue_urls"),
        ({"account_in_url": True}, "another path", "correct the endpoint"),
        ({"project": "admin"}, "HTTP 401", "Check the password"),
        ({"user": "nobody"}, "HTTP 401", "the user, the project and their domains"),
        ({"domain": "elsewhere"}, "HTTP 401", "Check the password"),
        ({"ca_file": None}, "CERTIFICATE_VERIFY_FAILED", "(ca_file)"),
        ({"runtime": "package"}, "the authorities of this host's system", "update-ca-certificates"),
    ],
)
def test_what_is_wrong_is_found(preflight, given, problem, remedy):
    result = preflight(**given)
    assert result["failed"] and len(result["findings"]) == 1, result
    assert problem in result["findings"][0]["what"] and remedy in result["findings"][0]["remedy"]
    assert problem in result["msg"]


@pytest.mark.parametrize("pattern", ["*", "mem*", "[mn]ember"])
def test_a_role_may_be_a_pattern(preflight, pattern):
    assert preflight(accepted_roles=[pattern])["findings"] == []


def test_a_wrong_password_is_found_and_not_shown(preflight, tmp_path):
    wrong = tmp_path / "wrong"
    wrong.touch(mode=0o600)
    wrong.write_text("wrong-canary-4f1c2d")
    result = preflight(password_file=str(wrong))
    assert "HTTP 401" in result["msg"] and "wrong-canary" not in str(result)


def test_an_authority_that_did_not_sign_is_found(preflight, tmp_path):
    other = write_self_signed(tmp_path / "other.pem", "localhost")
    assert "CERTIFICATE_VERIFY_FAILED" in preflight(ca_file=str(other))["msg"]


def test_the_account_s_path_is_that_of_its_project(preflight, keystone, region):
    keystone.identity.endpoint(region[1], f"{GATEWAY}/swift/v1/AUTH_%(project_id)s", region=f"{region[0]}a")
    result = preflight(region=f"{region[0]}a", account_in_url=True)
    assert result["findings"] == []
    assert "another path" in preflight(region=f"{region[0]}a")["msg"]


def test_a_catalogue_without_the_service_is_a_warning(preflight):
    (note,) = preflight(region="nowhere")["notes"]
    assert "no object-store endpoint in region nowhere" in note["what"]


def test_a_token_that_ends_in_a_push_is_a_warning(preflight):
    (note,) = preflight(longest_push=7200)["notes"]
    assert "holds for 3600 s, and a push may take 7200 s" in note["what"]


def test_cephadm_s_gateways_do_not_get_the_authority(preflight):
    (note,) = preflight(runtime="cephadm")["notes"]
    assert "ca_file is for this check only" in note["what"]


def test_an_account_that_may_not_look_is_told_what_nobody_has_checked(preflight, keystone, tmp_path):
    other = new_account(keystone, tmp_path, "member")
    result = preflight(**{name: other.options[name] for name in ("user", "password_file", "project")})
    assert result["findings"] == []
    assert any("could not read the roles" in note["what"] for note in result["notes"])
    assert any("the secrets of EC2 credentials" in note["what"] for note in result["notes"])
    assert any("nobody has checked" in note.get("effect", "") for note in result["notes"])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"url": "https://keystone.example.com:5000/v2.0"}, "is of the API v2"),
        ({"url": "http://keystone.example.com:5000"}, "has no TLS"),
        ({"url": ""}, "url is empty"),
        ({"password_file": "/nowhere/password"}, "does not exist"),
    ],
)
def test_what_cannot_be_meant_is_refused(preflight, given, said):
    assert said in preflight(**given)["msg"]


def test_clear_text_is_a_choice(preflight, keystone):
    assert "has no TLS" in preflight(url=keystone.url, ca_file=None)["msg"]
    assert preflight(url=keystone.url, ca_file=None, allow_cleartext_secrets=True)["findings"] == []
