# SPDX-License-Identifier: Apache-2.0
"""The database of Pulp: what is run when, in a double of pulpcore-manager."""

from __future__ import annotations

import json

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.pulp.database import Found, Manager, bring

# State in files beside the program: `pending` is there while migrations are missing, `admin` once it has a password.
MANAGER = """#!/bin/sh
folder=$(dirname "$0")
echo "$1" >>"$folder/log"
if [ "$1" = migrate ]; then [ -e "$folder/stuck" ] || rm -f "$folder/pending"; exit; fi
case "$4" in
  *set_password*) touch "$folder/admin" ;;
  *) echo "a warning"
     [ -e "$folder/pending" ] && pending='["core.0001"]' || pending='[]'
     [ -e "$folder/admin" ] && admin=true || admin=false
     echo "{\\"pending\\": $pending, \\"domain\\": true, \\"admin\\": $admin}" ;;
esac
"""


@pytest.fixture
def program(tmp_path):
    file = tmp_path / "manager"
    file.write_text(MANAGER)
    file.chmod(0o755)
    return file


def test_a_new_database_is_migrated_and_a_second_run_only_looks(program, tmp_path):
    (tmp_path / "pending").touch()
    assert bring(Manager([str(program)]), check_mode=True) == Found(["core.0001"], True, False)
    assert (tmp_path / "pending").exists()
    assert bring(Manager([str(program)]), check_mode=False) == Found(["core.0001"], True, False)
    assert (tmp_path / "admin").exists() and not (tmp_path / "pending").exists()
    (tmp_path / "log").unlink()
    assert bring(Manager([str(program)]), check_mode=False) == Found([], True, True)
    assert (tmp_path / "log").read_text() == "shell\n"


def test_a_migration_that_remains_is_an_error(program, tmp_path):
    (tmp_path / "pending").touch()
    (tmp_path / "stuck").touch()
    with pytest.raises(ToolError, match=r"these remain as they were: migration core\.0001"):
        bring(Manager([str(program)]), check_mode=False)


def test_a_refusal_is_told_with_its_last_line():
    with pytest.raises(ToolError, match="password authentication failed"):
        Manager(["sh", "-c", "echo Traceback >&2; echo 'password authentication failed' >&2; exit 1"]).look()


def test_an_answer_that_is_no_state_is_an_error():
    with pytest.raises(ToolError, match="no JSON"):
        Manager(["sh", "-c", f"echo '{json.dumps([1])}'"]).look()
