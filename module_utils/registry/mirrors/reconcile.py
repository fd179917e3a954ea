# SPDX-License-Identifier: Apache-2.0
"""A host's mirrors, brought to their state: planned, written, read again, and put back if an engine refuses them."""

from __future__ import annotations

import contextlib
import os
from typing import List

from ...base.errors import ToolError
from ...base.managed_file import write_text
from ...host.owned_folder import ensure, remove
from .files import Change
from .plan import Plan, Wanted, plan
from .record import NAME, Record
from .registries_conf import refuse_unused

__all__ = ["reconcile"]


def reconcile(wanted: Wanted, check_mode: bool) -> Plan:
    """What was changed, or in check mode would be. Raises ToolError, OSError; all files are as before then."""
    todo = plan(wanted)
    if check_mode or not todo.changes:
        return todo
    _keep(wanted, todo.before.joined(todo.after), bool(wanted.mirrors))
    done: List[Change] = []
    try:
        for change in todo.files:
            done.append(change)
            change.apply()
        if wanted.reads_podman:
            refuse_unused(wanted.mirrors)
        if todo.daemon:
            todo.daemon.reload(todo.present, todo.absent)
        for change in todo.later:
            change.apply()
    except BaseException:
        _put_back(wanted, todo, done)
        raise
    _keep(wanted, todo.after, bool(wanted.mirrors))
    remaining = plan(wanted).changes
    if remaining:
        code = f"after the run they still differ ({', '.join(remaining)})"
        raise ToolError("change", "the mirrors of this host", code, "Check what else writes these files.")
    return todo


def _put_back(wanted: Wanted, todo: Plan, done: List[Change]) -> None:
    for change in reversed(done):
        change.undo()
    _keep(wanted, todo.before, todo.before != Record())
    if todo.daemon:
        with contextlib.suppress(ToolError, OSError):  # the failure before this one is what has to be told
            todo.daemon.reload(todo.absent, [url for url in todo.present if url not in todo.before.docker_mirrors])


def _keep(wanted: Wanted, record: Record, needed: bool) -> None:
    """Have the record in the toolkit's folder; no folder where none is needed."""
    if not needed and record == Record():
        remove(wanted.folder, [NAME], check_mode=False)
        return
    ensure(wanted.folder, check_mode=False)
    write_text(wanted.record_path, record.text, os.geteuid())
