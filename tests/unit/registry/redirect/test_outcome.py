# SPDX-License-Identifier: Apache-2.0
"""Whether a registry redirects, by its variables and by what the last proof has found."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.redirect.outcome import Outcome, choice_of
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.service import RegistryService

from tests.unit.registry.variables import DEFAULTS, TLS

KEYS = {"swift_secret_file": "/keys/swift", "swift_temp_url_key_file": "/keys/temp-url"}


def service(outcome: Any = "", **changes: Any) -> RegistryService:
    return RegistryService({**DEFAULTS, "redirect_clients": [], **KEYS, **changes}, redirect_outcome=outcome)


@pytest.mark.parametrize(
    ("value", "choice"),
    [("off", "off"), (False, "off"), ("False", "off"), ("on", "on"), (True, "on"), ("yes", "on"), ("auto", "auto")],
)
def test_what_yaml_makes_of_the_choices(value: Any, choice: str) -> None:
    assert choice_of(value) == choice


@pytest.mark.parametrize(("choice", "disabled"), [("off", True), ("on", False), ("auto", True)])
def test_without_a_proof_only_on_redirects(choice: str, disabled: bool) -> None:
    assert service(redirect=choice).config["storage"]["redirect"] == {"disable": disabled}


def test_auto_goes_by_the_proof_of_the_same_inputs() -> None:
    proven = service(redirect="auto").redirect_proven
    failed = {**service(redirect="auto").redirect_failed, "found": "the key is unknown"}
    assert service(proven, redirect="auto").config["storage"]["redirect"] == {"disable": False}
    assert service(json.dumps(proven), redirect="auto").redirects
    assert service(proven, redirect="auto").redirect_is_settled
    assert not service(failed, redirect="auto").redirects
    assert service(failed, redirect="auto").redirect_found == "the key is unknown"
    assert service(failed, redirect="on").redirects
    assert not service(proven, redirect="off").redirects


@pytest.mark.parametrize(
    "change",
    [
        {"swift_authurl": "http://other.example/auth/v1"},
        {"swift_temp_url_key_file": "/keys/temp-url-b"},
        {"storage": "s3"},
        {"gateway_ca_file": "/ca.pem"},
        {"redirect_clients": ["client"], "redirect_url": "http://hub.example:5000"},
        TLS,
    ],
)
def test_other_inputs_want_another_proof(change: dict[str, Any]) -> None:
    again = service(service(redirect="auto").redirect_proven, **{"redirect": "auto", **change})
    assert not again.redirect_is_settled
    assert not again.redirects
    assert again.redirect_found == ""


def test_what_is_no_proof_of_redirects_want_the_same_inputs() -> None:
    again = service(service(redirect="auto").redirect_proven, redirect="auto", log_level="debug", delete=False)
    assert again.redirects


@pytest.mark.parametrize("kept", ["", "{}", "[]", "no JSON", {}, None, '{"inputs": 1}'])
def test_a_file_that_is_no_outcome_proves_nothing(kept: Any) -> None:
    assert Outcome.read(kept) == Outcome()


def test_the_driver_signs_by_the_given_key_and_leaves_the_account_alone() -> None:
    for choice in ("on", "auto"):
        made = service(redirect=choice)
        assert made.driver["tempurlmethods"] == ["GET", "HEAD"]
        assert made.driver["tempurlcontainerkey"] is True
    assert "tempurlmethods" not in service(redirect="off").driver
    # A gateway with rgw_swift_account_in_url makes the driver store a key, so it has the right one in any case.
    assert service(redirect="off").secrets["storage.swift.secretkey"] == "/keys/temp-url"
    assert "storage.swift.secretkey" not in service(redirect="off", storage="s3").secrets


def test_what_the_variables_show_to_be_wrong() -> None:
    assert service(redirect="on").redirect_faults == []
    (key,) = service(redirect="on", swift_temp_url_key_file="").redirect_faults
    assert "make up a key" in key
    (url,) = service(redirect="on", redirect_clients=["client"]).redirect_faults
    assert "registry_redirect_url is not set" in url
    (address,) = service(redirect="on", address="0.0.0.0").redirect_faults
    assert "a loopback address" in address
    (mirror,) = service(redirect="on", proxy={"remoteurl": "https://hub.example"}).redirect_faults
    assert "a mirror" in mirror
    (driver,) = service(redirect="on", storage="filesystem").redirect_faults
    assert "signs no URLs" in driver


def test_the_proof_on_the_registry_s_host_has_the_keys() -> None:
    gateway = {"gateway_endpoint": "http://gw:8080", "gateway_ca_file": "/ca.pem"}
    assert service(**gateway).redirect_options == {
        "gateway": "http://gw:8080",
        "ca_file": "/ca.pem",
        "temp_url_key_file": "/keys/temp-url",
    }
    s3 = service(storage="s3", s3_accesskey="KEY", s3_secret_file="/keys/s3", redirect_ca_file="/client.pem", **gateway)
    assert s3.redirect_options == {
        "gateway": "http://gw:8080",
        "ca_file": "/ca.pem",
        "s3_access_key": "KEY",
        "s3_secret_key_file": "/keys/s3",
    }
