# SPDX-License-Identifier: Apache-2.0
"""What is found in settings of sregistry, and by its command; no value is shown."""

from __future__ import annotations

import json

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.clients.lint import lint

from commands.client_lint.__main__ import main

CANARY = "canary-90be1c4477d2"
GOOD = {
    "SREGISTRY_CLIENT": "swift",
    "SREGISTRY_SWIFT_AUTHTYPE": "legacy",
    "SREGISTRY_SWIFT_USER": "ada:swift",
    "SREGISTRY_SWIFT_TOKEN": CANARY,
    "SREGISTRY_SWIFT_URL": "http://rgw.example:8080",
}
V2 = {**GOOD, "SREGISTRY_SWIFT_AUTHTYPE": "keystonev2", "SREGISTRY_SWIFT_TENANT": "t", "SREGISTRY_SWIFT_REGION": "r"}


def text_of(variables: dict[str, str | None]) -> str:
    return "".join(f"export {name}='{value}'\n" for name, value in variables.items() if value is not None)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, []),
        ({"SREGISTRY_SWIFT_AUTHTYPE": None}, ["SREGISTRY_SWIFT_AUTHTYPE: the variable is missing"]),
        (
            {"SREGISTRY_SWIFT_URL": None, "SREGSITRY_SWIFT_URL": "http://h"},
            ["write SREGISTRY_SWIFT_URL", "SREGISTRY_SWIFT_URL: the mode legacy needs this variable"],
        ),
        ({"SREGISTRY_SWIFT_URL": "http://h/auth/v1"}, ["the URL has a path; the client appends /auth/ to it"]),
        ({"SREGISTRY_SWIFT_URL": "http://h/"}, ["the URL ends in a slash"]),
        ({"SREGISTRY_SWIFT_URL": "rgw.example:8080"}, ["the URL has no scheme"]),
        ({"SREGISTRY_SWIFT_AUTHTYPE": "tempauth"}, ["the value is no mode of the client; the client takes legacy"]),
        ({"SREGISTRY_SWIFT_TOKEN": ""}, ["SREGISTRY_SWIFT_TOKEN: the mode legacy needs this variable"]),
        ({"SREGISTRY_SWIFT_TENANT": "t"}, ["SREGISTRY_SWIFT_TENANT: the mode legacy does not use this variable"]),
        ({"SREGISTRY_SWIFT_USERNAME": "a"}, ["sregistry does not know this setting", "write SREGISTRY_SWIFT_USER"]),
        ({**V2}, []),
        ({**V2, "SREGISTRY_SWIFT_REGION": None}, ["the mode keystonev2 needs this variable"]),
    ],
)
def test_findings_of_variables(change, found):
    said = [str(finding) for finding in lint(text_of({**GOOD, **change}), "env")]
    assert bool(said) == bool(found) and all(word in " ".join(said) for word in found), said
    assert CANARY not in str(said)


def test_a_finding_has_its_line():
    (finding,) = lint(text_of({**GOOD, "SREGISTRY_SWIFT_URL": "http://h/x"}), "env")
    assert finding.line == 5


def test_the_client_s_own_file():
    section = {name: value for name, value in GOOD.items() if name != "SREGISTRY_SWIFT_AUTHTYPE"}
    (finding,) = lint(json.dumps({"hub": {}, "swift": section}), "x")
    assert finding.place == "SREGISTRY_SWIFT_AUTHTYPE"
    assert lint(json.dumps({"hub": {"base": "x"}}), "x") == []
    assert "no JSON" in lint("{broken", "x")[0].what


def test_the_command(tmp_path, capsys):
    file = tmp_path / "sregistry.sh"
    file.write_text(text_of({**GOOD, "SREGISTRY_SWIFT_TENANT": "t"}))
    file.chmod(0o600)
    assert (main([str(file)]), main(["--strict", str(file)])) == (0, 1)
    file.chmod(0o644)
    assert main([str(file), "--format", "json"]) == 1
    shown = capsys.readouterr().out
    assert "the file has a token and mode 0644" in shown and CANARY not in shown
    assert main([str(tmp_path / "absent")]) == 2
    assert "cannot be read: No such file" in capsys.readouterr().out
