# SPDX-License-Identifier: Apache-2.0
"""The comparison of a service on this host with its record."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from typing import Any, Dict, Mapping, Optional

from ..base.errors import InputError, ToolError
from ..base.managed_file import write_text
from ..host.images import image_id
from .process import Process, process_of
from .record import Content, Record, differences, digests, drift, read


def check(service: Mapping[str, Any], write: bool) -> Dict[str, Any]:
    """Compare one service with its record, and write the record if asked to.

    service: one of the options `services` of the module service_record. The result is the module's for this service,
    and `changed`. Without a record, nobody asks for process and image: the runtime may not be installed yet.
    Raises InputError, ToolError and OSError.
    """
    before = read(service["path"])
    asks = before is not None or write
    process = process_of(service["container"], service["unit"], service["scope"]) if asks else None
    now = _record(service, process, service["image"] if asks else None)
    differs, drifted = differences(before, now), drift(before, now)
    if process and process.objection:
        drifted = [f"process: {process.objection}", *(name for name in drifted if name != "process")]
    if write and now != before:
        write_text(service["path"], now.text(), os.geteuid())
    return {
        "changed": before is None or bool(differs or drifted),
        "path": service["path"],
        "differs": differs,
        "drift": drifted,
        "previous_runtime": before.runtime if before else "",
        "previous": _previous(before) if before else {},
    }


def _record(service: Mapping[str, Any], process: Optional[Process], image: Optional[str]) -> Record:
    found = image_id(image, service["runtime"]) if image else ""
    loaded = {**service["definition"], **({"image": [image, found]} if image else {})}
    return Record(
        service["runtime"],
        digests(Content(loaded, service["files"], programs=service["programs"])),
        digests(Content(service["managed"], managed_files=service["managed_files"], block=service["block"])),
        process.digest if process else "",
        service["kept"],
        found,
    )


def _previous(before: Record) -> Dict[str, Any]:
    """The definition that the process runs on; with the ID of its image, if the name means another image by now.

    A runtime that is gone, or does not answer, has no image either that the name could mean.
    """
    try:
        kept: Dict[str, Any] = json.loads(before.kept or "{}")
    except ValueError:
        return {}
    if not (before.image and kept.get("image")):
        return kept
    with suppress(InputError, ToolError):
        if image_id(kept["image"], before.runtime) != before.image:
            kept["image"] = before.image
    return kept
