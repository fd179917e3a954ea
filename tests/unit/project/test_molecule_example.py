# SPDX-License-Identifier: Apache-2.0
"""The scenario for other teams: as short as its page says, quoted there, with variables that the roles have."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.user_options import USER_OPTIONS

from tests.playbooks import PROJECT
from tests.unit.project.test_examples import ROLES, options

PAGE = PROJECT / "docs" / "molecule.md"
SCENARIO = PROJECT / "examples" / "molecule" / "default"
GATEWAY = [SCENARIO / f"{name}.yml" for name in ("molecule", "create", "verify", "destroy")]
JOBS = sorted((PROJECT / "examples" / "ci").glob("*.yml"))


def group_vars() -> dict[str, Any]:
    scenario = yaml.safe_load((SCENARIO / "molecule.yml").read_text())
    found: dict[str, Any] = scenario["provisioner"]["inventory"]["group_vars"]["all"]
    return found


def test_a_gateway_takes_fifty_lines() -> None:
    lines = sum(len(path.read_text().splitlines()) for path in GATEWAY)
    assert lines <= 50 and f"{lines} lines in all" in PAGE.read_text()


@pytest.mark.parametrize("path", [*sorted(SCENARIO.glob("*.yml")), *JOBS], ids=lambda path: path.name)
def test_the_page_has_every_file_as_it_is(path: Path) -> None:
    text = path.read_text().removeprefix("---\n")
    assert f"```yaml\n{text}```" in PAGE.read_text()


def test_the_variables_are_those_of_the_roles() -> None:
    given = {
        name: value for name, value in group_vars().items() if name.startswith(tuple(f"{role}_" for role in ROLES))
    }
    spec = options()
    assert given.keys() <= spec.keys()
    users = {"rgw_users_list": {"type": "list", "elements": "dict", "options": USER_OPTIONS}}
    plain = {name: value for name, value in given.items() if not (isinstance(value, str) and "{{" in value)}
    wanted = {name: {**spec[name], **users.get(name, {})} for name in plain}
    assert ArgumentSpecValidator(wanted).validate(plain).error_messages == []


def test_gateway_and_secrets_are_the_same_everywhere() -> None:
    given = group_vars()
    folder = f"/var/lib/rgwkit/{given['ceph_demo_name']}"
    assert (
        given["rgw_users_endpoint"] == given["rgw_verify_endpoint"] == f"http://127.0.0.1:{given['ceph_demo_rgw_port']}"
    )
    assert given["rgw_users_secret_key_file"] == f"{folder}/admin.secret"
    # The role ceph_demo removes files of this name with its folder.
    assert given["rgw_verify_secret_file"] == given["rgw_users_list"][0]["subusers"][0]["secret_file"]
    assert Path(given["rgw_verify_secret_file"]).match(f"{folder}/*.secret")


@pytest.mark.parametrize("path", JOBS, ids=lambda path: path.stem)
def test_a_job_runs_the_scenario_and_keeps_the_report(path: Path) -> None:
    text = path.read_text()
    assert "molecule test" in text and "ansible-galaxy collection install rgwkit.ceph" in text
    kept = yaml.safe_load(text)["gateway" if path.stem == "gitlab" else "jobs"]
    assert "report/" in str(kept) and ("always" in str(kept))
