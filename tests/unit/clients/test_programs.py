# SPDX-License-Identifier: Apache-2.0
"""What each program gets, to the byte where a person reads it, and what it needs for that."""

from __future__ import annotations

import base64
import json
import shlex
from dataclasses import replace

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.secret import Secret
from ansible_collections.rgwkit.ceph.plugins.module_utils.clients.access import (
    Access,
    Backup,
    Gateway,
    Registry,
    Sregistry,
)
from ansible_collections.rgwkit.ceph.plugins.module_utils.clients.program import Program
from ansible_collections.rgwkit.ceph.plugins.module_utils.clients.programs.table import PROGRAMS

GATEWAY = Gateway("https://rgw.example:8443", "rgw.example:8443", True, "/etc/ca.pem", "us-east-1")
ACCESS = Access(
    "/home/ada/own",
    GATEWAY,
    Login("ada:swift", "swift-key"),
    Login("ADA", "s3-key"),
    (Registry("registry.example:5000", Login("ada", "push:word")),),
    Backup("box", "laptop", Secret("pass word")),
    Sregistry({"SREGISTRY_SWIFT_AUTHTYPE": "preauth", "SREGISTRY_SWIFT_OS_AUTH_TOKEN": "tk"}),
)
NOTE = "# Settings of {}. The next run of the toolkit overwrites changes of this file.\n"


def files(name: str, access: Access = ACCESS) -> dict[str, str]:
    return {file.name: file.content(None) for file in PROGRAMS[name].files(access)}


def variables(name: str, access: Access = ACCESS) -> dict[str, str]:
    """The variables that the program's file exports."""
    lines = files(name, access)[f"{name}.sh"].splitlines()
    exported = [line.removeprefix("export ") for line in lines if line.startswith("export ")]
    return {word: shlex.split(value)[0] for word, _, value in (line.partition("=") for line in exported)}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=lambda program: program.name)
def test_a_program_writes_the_files_that_it_names_and_no_others(program: Program) -> None:
    assert tuple(files(program.name)) == program.file_names
    text = files(program.name)[f"{program.name}.sh"]
    assert text.startswith(NOTE.format(program.name)) and text.endswith("\n")


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=lambda program: program.name)
def test_no_two_programs_have_the_same_file(program: Program) -> None:
    others = {name for other in PROGRAMS.values() if other is not program for name in other.file_names}
    assert not others & set(program.file_names)


@pytest.mark.parametrize(
    ("name", "part", "lacks"),
    [
        ("swift", "swift", ["swift"]),
        ("rclone", "swift", []),
        ("rclone", "s3", []),
        ("restic", "backup", ["backup"]),
        ("containers", "registries", ["registries"]),
        ("aws", "gateway", ["gateway"]),
    ],
)
def test_what_a_program_lacks(name: str, part: str, lacks: list[str]) -> None:
    without = replace(ACCESS, **{part: getattr(Access(""), part)})
    assert PROGRAMS[name].lacks(ACCESS) == [] and PROGRAMS[name].lacks(without) == lacks
    assert PROGRAMS[name].lacks(Access("")) == list(PROGRAMS[name].needs)


def test_swift() -> None:
    assert variables("swift") == {
        "ST_AUTH": "https://rgw.example:8443/auth/v1.0",
        "ST_AUTH_VERSION": "1.0",
        "ST_USER": "ada:swift",
        "ST_KEY": "swift-key",
        "OS_CACERT": "/etc/ca.pem",
    }


def test_rclone() -> None:
    assert files("rclone")["rclone.conf"] == NOTE.format("rclone") + (
        "[rgw-swift]\ntype = swift\nauth = https://rgw.example:8443/auth/v1\nauth_version = 1\n"
        "user = ada:swift\nkey = swift-key\nenv_auth = false\nfetch_until_empty_page = true\n\n"
        "[rgw-s3]\ntype = s3\nprovider = Ceph\nenv_auth = false\nendpoint = https://rgw.example:8443\n"
        "region = us-east-1\nforce_path_style = true\naccess_key_id = ADA\nsecret_access_key = s3-key\n"
    )
    only = files("rclone", replace(ACCESS, s3=Access("").s3))["rclone.conf"]
    assert "[rgw-swift]" in only and "[rgw-s3]" not in only
    assert variables("rclone") == {"RCLONE_CONFIG": "/home/ada/own/rclone.conf", "RCLONE_CA_CERT": "/etc/ca.pem"}


def test_s3cmd_without_and_with_tls() -> None:
    text = files("s3cmd")["s3cfg"]
    assert "host_base = rgw.example:8443\nhost_bucket = rgw.example:8443\nuse_https = True\n" in text
    assert text.endswith("ca_certs_file = /etc/ca.pem\n")
    plain = files("s3cmd", replace(ACCESS, gateway=replace(GATEWAY, tls=False, ca_file="")))["s3cfg"]
    assert "use_https = False" in plain and "ca_certs_file" not in plain


def test_aws() -> None:
    assert files("aws")["aws.config"].endswith("ca_bundle = /etc/ca.pem\ns3 =\n  addressing_style = path\n")
    assert "endpoint_url = https://rgw.example:8443\n" in files("aws")["aws.config"]
    assert variables("aws")["AWS_SECRET_ACCESS_KEY"] == "s3-key"


def test_mc() -> None:
    alias = json.loads(files("mc")["mc/config.json"])["aliases"]["rgw"]
    assert alias == {
        "url": "https://rgw.example:8443",
        "accessKey": "ADA",
        "secretKey": "s3-key",
        "api": "S3v4",
        "path": "on",
    }


@pytest.mark.parametrize(
    ("path", "repository"),
    [("laptop", "s3:https://rgw.example:8443/box/laptop"), ("", "s3:https://rgw.example:8443/box")],
)
def test_restic(path: str, repository: str) -> None:
    access = replace(ACCESS, backup=replace(ACCESS.backup, path=path))
    assert variables("restic", access)["RESTIC_REPOSITORY"] == repository
    assert files("restic", access)["restic.password"] == "pass word\n"


def test_duplicity() -> None:
    seen = variables("duplicity")
    assert (seen["DUPLICITY_TARGET"], seen["PASSPHRASE"]) == ("swift://box", "pass word")
    assert seen["SWIFT_AUTHURL"] == "https://rgw.example:8443/auth/v1.0"


def test_containers() -> None:
    auths = json.loads(files("containers")["auth.json"])["auths"]
    assert base64.b64decode(auths["registry.example:5000"]["auth"]) == b"ada:push:word"


def test_sregistry_keeps_its_token_in_the_folder() -> None:
    seen = variables("sregistry")
    assert seen["SREGISTRY_CLIENT_SECRETS"] == "/home/ada/own/sregistry.json"
    assert json.loads(files("sregistry")["sregistry.json"]) == {
        "SREGISTRY_CLIENT": "swift",
        "swift": {"SREGISTRY_SWIFT_AUTHTYPE": "preauth", "SREGISTRY_SWIFT_OS_AUTH_TOKEN": "tk"},
    }
    assert {name for name in seen if name.startswith("SREGISTRY_SWIFT_")} == {
        "SREGISTRY_SWIFT_AUTHTYPE",
        "SREGISTRY_SWIFT_OS_AUTH_TOKEN",
    }
