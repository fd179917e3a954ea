# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
name: play_process
short_description: Which process on which controller this play is, and whether another one is over
version_added: "0.1.0"
author: rgwkit authors (@rgwkit)
description:
  - Without a term, a name for the process that runs this play, the same for as long as it runs and never given again.
  - With such a name, whether that process V(runs), is V(over), or is V(elsewhere), on another controller.
options:
  _terms: {description: Names that this lookup gave., type: list, elements: str}
"""

EXAMPLES = r"""
- name: Who am I
  ansible.builtin.debug:
    msg: "{{ lookup('rgwkit.ceph.play_process') }}"
"""

RETURN = r"""
_raw: {description: "The name or, for each term, one of the three words.", type: list, elements: str}
"""

import os
import socket
from contextlib import suppress

from ansible.plugins.lookup import LookupBase


class LookupModule(LookupBase):
    """The lookup play_process."""

    def run(self, terms, variables=None, **kwargs) -> list[str]:
        """The name of this play's process, or what became of those that the terms name."""
        if not terms:
            # Templates of tasks are rendered in workers, children of the process that is the play.
            return [_name(os.getppid())]
        return [_fate(term) for term in terms]


def _name(pid: int) -> str:
    return f"{socket.gethostname()}/{pid}/{_started(pid)}"


def _fate(name: str) -> str:
    host, pid, _began = name.rsplit("/", 2)
    if host != socket.gethostname():
        return "elsewhere"
    return "runs" if _name(int(pid)) == name else "over"


def _started(pid: int) -> str:
    """When the process began, in clock ticks since boot: field 22 of proc(5)'s stat; empty when there is none."""
    with suppress(OSError), open(f"/proc/{pid}/stat", encoding="utf-8") as stat:
        return stat.read().rpartition(")")[2].split()[19]
    return ""
