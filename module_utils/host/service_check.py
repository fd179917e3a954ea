# SPDX-License-Identifier: Apache-2.0
"""The comparison of a service on this host with its record."""

from __future__ import annotations

import os
from typing import Any, Dict, Mapping, Optional

from ..base.managed_file import write_text
from .images import image_id
from .service_process import Process, process_of
from .service_record import Content, Record, differences, digests, drift, read


def check(service: Mapping[str, Any], write: bool) -> Dict[str, Any]:
    """Compare one service with its record, and write the record if asked to.

    service: one of the options `services` of the module service_record. The result is the module's for this service,
    and `changed`. Without a record, nobody asks for process and image: the runtime may not be installed yet.
    Raises InputError, ToolError and OSError.
    """
    before = read(service["path"])
    asks = before is not None or write
    process = process_of(service["container"], service["unit"]) if asks else None
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
    }


def _record(service: Mapping[str, Any], process: Optional[Process], image: Optional[str]) -> Record:
    loaded = {**service["definition"], **({"image": [image, image_id(image, service["runtime"])]} if image else {})}
    return Record(
        service["runtime"],
        digests(Content(loaded, service["files"], programs=service["programs"])),
        digests(Content(service["managed"], managed_files=service["managed_files"], block=service["block"])),
        process.digest if process else "",
    )
