# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a user learns whom sudo refuses. Ansible says that the module returned no JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ansible_collections.rgwkit.ceph.plugins.module_utils.base.findings import Finding

# What sudo 1.9 says to a user who has no rights, or other ones. A wrong or missing password is Ansible's to report.
_REFUSAL = re.compile(r".*(?:is not in the sudoers file|is not allowed to (?:execute|run)|may not run sudo).*")


def sudo_refusal(result: Mapping[str, Any], host: str) -> Finding | None:
    """Finding when this result of a module is that sudo refused the user; none when the module ran."""
    if "module_stdout" not in result and "module_stderr" not in result:
        return None
    # On a terminal, all output is standard output.
    said = _REFUSAL.search(f"{result.get('module_stderr', '')}\n{result.get('module_stdout', '')}")
    if not said:
        return None
    return Finding(
        f"the user who connects may not run commands as root on {host}. sudo says: {' '.join(said[0].split())}",
        f"have an administrator of {host} allow that user all commands in sudo (on Debian: adduser USER sudo), or "
        "connect as a user who has these rights (ansible_user, or ansible-playbook -u)",
    )
