# SPDX-License-Identifier: Apache-2.0
"""What clients would refuse about a certificate is found by the handshake that they would make."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.modules import host_preflight
from cryptography.hazmat.primitives import serialization

from tests.certificates import write_self_signed


@pytest.fixture
def preflight(run_module):
    """Runs the module on one pair; returns its result."""

    def run(certificate, key=None, names=()):
        pair = {"certificate": str(certificate), "key": str(key or certificate), "names": list(names)}
        return run_module(
            host_preflight, root=False, certificates=[{**pair, "purpose": "the registry", "variable": "registry_tls"}]
        )

    return run


@pytest.mark.parametrize("names", [[], ["127.0.0.1"], ["r.example.com", "::1"], ["a.b.example"]])
def test_a_good_pair_is_no_finding(preflight, tmp_path, names):
    certificate = write_self_signed(tmp_path / "c.pem", "127.0.0.1", "::1", "r.example.com", "*.b.example")
    result = preflight(certificate, names=names)
    assert (result["findings"], "warnings" in result) == ([], False)


def test_another_certificate_s_key(preflight, tmp_path):
    pair = [write_self_signed(tmp_path / name) for name in ("one.pem", "two.pem")]
    result = preflight(*pair)
    assert f"{pair[0]} for the registry does not belong to the key {pair[1]}" in result["msg"]
    assert "registry_tls" in result["findings"][0]["remedy"]


@pytest.mark.parametrize(("begins", "ends", "said"), [(-9, -1, "has expired"), (1, 9, "is not valid yet")])
def test_a_certificate_out_of_its_time(preflight, tmp_path, begins, ends, said):
    assert said in preflight(write_self_signed(tmp_path / "c.pem", begins=begins, ends=ends))["msg"]


def test_a_certificate_near_its_end_is_a_warning(preflight, tmp_path):
    result = preflight(write_self_signed(tmp_path / "c.pem", ends=13.5))
    assert result["findings"] == []
    assert "valid for 13 more days" in str(result["warnings"])


def test_every_name_that_it_is_not_for(preflight, tmp_path):
    names = ["r.example.com", "gateway", "127.0.0.2", "other.example.com"]
    result = preflight(write_self_signed(tmp_path / "c.pem", "r.example.com"), names=names)
    # The common name "gateway" is in the subject alone, where no client looks any more.
    assert [name for name in names if f"not for {name}," in result["msg"]] == names[1:]


def test_files_that_are_no_pair(preflight, tmp_path):
    certificate = write_self_signed(tmp_path / "c.pem")
    assert "cannot be read: No such file" in preflight(certificate, tmp_path / "none.pem")["msg"]
    (tmp_path / "text.pem").write_text("no key\n")
    (tmp_path / "text.pem").chmod(0o600)
    assert "no usable pair" in preflight(certificate, tmp_path / "text.pem")["msg"]


def test_a_key_with_a_passphrase_is_refused_without_asking_for_it(preflight, tmp_path):
    certificate = write_self_signed(tmp_path / "c.pem")
    key = serialization.load_pem_private_key(certificate.read_bytes(), None)
    (tmp_path / "locked.pem").touch(mode=0o600)
    locked = serialization.BestAvailableEncryption(b"word")
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, locked)
    (tmp_path / "locked.pem").write_bytes(pem)
    assert "the key without a passphrase" in preflight(certificate, tmp_path / "locked.pem")["msg"]


def test_a_key_that_everybody_can_read(preflight, tmp_path):
    certificate = write_self_signed(tmp_path / "c.pem")
    certificate.chmod(0o644)
    assert "open to every account" in preflight(certificate)["msg"]
