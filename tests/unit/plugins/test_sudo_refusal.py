# SPDX-License-Identifier: GPL-3.0-or-later
"""What host_preflight says where its module does not run, in the words of sudo from Debian 11 to 13."""

from __future__ import annotations

import json

import pytest
from ansible_collections.rgwkit.ceph.plugins.plugin_utils.sudo_refusal import sudo_refusal

from tests.playbooks import run_playbook

# As Ansible returns it, with the words that sudo says to a user at his first time.
NO_JSON = {"failed": True, "changed": False, "rc": 1, "msg": "Module result deserialization failed"}
LECTURE = "\nWe trust you have received the usual lecture from the local System\nAdministrator.\n\n"
NOT_IN_THE_FILE = "op is not in the sudoers file."
# In place of ssh: runs the command, which is its last word, on this machine.
SSH = '#!/bin/bash\nexec /bin/sh -c "${@: -1}"\n'
# In place of sudo: prompts, reads the password and refuses.
SUDO = f"""#!/bin/bash
while [ "$1" != -p ]; do shift; done
printf '%s' "$2" >&2
read -r password
printf '\\n{NOT_IN_THE_FILE}\\n' >&2
exit 1
"""


@pytest.mark.parametrize("stream", ["module_stderr", "module_stdout"])
@pytest.mark.parametrize(
    "said",
    [
        "op is not in the sudoers file.  This incident will be reported.",
        NOT_IN_THE_FILE,
        "op is not allowed to run sudo on web1.  This incident will be reported.",
        "Sorry, user op may not run sudo on web1.",
        "Sorry, user op is not allowed to execute '/bin/sh -c echo' as root on web1.",
    ],
)
def test_a_user_whom_sudo_refuses_learns_what_to_do(stream, said):
    finding = sudo_refusal({**NO_JSON, stream: f"{LECTURE}{said}\nShared connection to web1 closed.\n"}, "web1")
    words = " ".join(said.split())
    assert finding.what == f"the user who connects may not run commands as root on web1. sudo says: {words}"
    assert "ansible_user" in finding.remedy and finding.severity == "error"


@pytest.mark.parametrize(
    "result",
    [
        {"changed": False, "findings": []},
        {"failed": True, "msg": f"this host is not ready: {NOT_IN_THE_FILE}", "findings": [{"what": NOT_IN_THE_FILE}]},
        {**NO_JSON, "module_stderr": "Traceback (most recent call last):\nMemoryError", "module_stdout": ""},
        {"failed": True, "msg": "Unsupported parameters"},
    ],
)
def test_every_other_result_is_the_module_s_own(result):
    assert sudo_refusal(result, "web1") is None


@pytest.mark.parametrize("pipelining", [True, False])
def test_a_play_ends_with_that_message(tmp_path, pipelining):
    programs = {"ssh": SSH, "sudo": SUDO}
    for name, script in programs.items():
        (tmp_path / name).write_text(script)
        (tmp_path / name).chmod(0o755)
    password = tmp_path / "password"
    password.touch(mode=0o600)
    password.write_text("of-the-user-op")
    host = {
        "ansible_user": "op",
        "ansible_ssh_executable": str(tmp_path / "ssh"),
        "ansible_ssh_transfer_method": "piped",
        "ansible_become_exe": str(tmp_path / "sudo"),
        "ansible_pipelining": pipelining,
        "ansible_remote_tmp": str(tmp_path / "remote"),
        "ansible_python_interpreter": "/usr/bin/python3",
        "registry_storage": "filesystem",
    }
    inventory = tmp_path / "hosts.json"
    inventory.write_text(json.dumps({"all": {"children": {"registries": {"hosts": {"web1": host}}}}}))
    run = run_playbook("registry", "-i", inventory, "-b", "--become-password-file", password)
    said = " ".join(run.output.split())
    assert run.code != 0 and run.count("changed") == 0, run.output[-4000:]
    assert "this host is not ready: - the user who connects may not run commands as root on web1" in said, said
    assert f"sudo says: {NOT_IN_THE_FILE} remedy: " in said, said
    assert "deserialization" not in said and "of-the-user-op" not in said
