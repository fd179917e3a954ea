# SPDX-License-Identifier: Apache-2.0
"""Mirrors as they are given, and what is refused."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.mirrors.spec import HUB, parse_mirrors

from tests.certificates import write_self_signed


def parsed(*mirrors, engines=("docker", "podman")):
    return parse_mirrors([{"registry": HUB, "ca_file": None, **one} for one in mirrors], engines)


@pytest.mark.parametrize(
    ("url", "authority"),
    [
        ("http://10.0.0.1:5000", "10.0.0.1:5000"),
        ("https://Mirror.Example/", "mirror.example"),
        ("https://[fd00::1]:5000", "[fd00::1]:5000"),
    ],
)
def test_a_mirror_is_a_host(url, authority):
    assert parsed({"url": url})[0].authority == authority


@pytest.mark.parametrize(
    ("mirror", "said"),
    [
        ({"url": "mirror.example:5000"}, "no URL of a host"),
        ({"url": "ftp://mirror.example"}, "no URL of a host"),
        ({"url": "https://mirror.example/path"}, "without a path"),
        ({"url": "https://ci:canary@mirror.example"}, "without a user"),
        ({"url": "https://mirror.example\nx"}, "no URL of a host"),
        ({"url": "https://m", "registry": "https://docker.io"}, "no registry"),
        ({"url": "https://m", "registry": 'x"\n[x]'}, "no registry"),
        ({"url": "http://m", "ca_file": "/ca.pem"}, "shows no certificate"),
    ],
)
def test_what_cannot_be_meant_is_refused(mirror, said):
    with pytest.raises(InputError, match=said) as refused:
        parsed(mirror)
    assert "canary" not in str(refused.value)


def test_docker_has_mirrors_of_one_registry_only():
    mirror = {"url": "https://m", "registry": "quay.example"}
    assert parsed(mirror)
    with pytest.raises(InputError, match=r"docker asks mirrors for images of docker\.io only"):
        parsed(mirror, engines=("docker",))


def test_one_mirror_stands_once():
    with pytest.raises(InputError, match=r"the same mirror as mirrors\[0\]"):
        parsed({"url": "https://m"}, {"url": "http://m/"})


def test_authorities_are_certificates_and_no_key(tmp_path):
    both, only = write_self_signed(tmp_path / "both.pem"), tmp_path / "only.pem"
    with pytest.raises(InputError, match="private key"):
        parsed({"url": "https://m", "ca_file": str(both)})
    text = both.read_text()
    begin, end = text.index("-----BEGIN CERT"), text.index("-----END CERTIFICATE-----") + 26
    only.write_text(text[begin:end])
    assert parsed({"url": "https://m", "ca_file": str(only)})[0].authorities == text[begin:end]
    only.write_text("nothing")
    with pytest.raises(InputError, match="no certificate in PEM; name the file"):
        parsed({"url": "https://m", "ca_file": str(only)})
