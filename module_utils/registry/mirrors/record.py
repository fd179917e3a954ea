# SPDX-License-Identifier: Apache-2.0
"""What the toolkit has written for mirrors of registries, and therefore may take back."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import List, Optional

from ...base.errors import ToolError

__all__ = ["NAME", "Record", "read_record"]

NAME = "record.json"


@dataclass(frozen=True)
class Record:
    """docker_config: path of the daemon.json with entries of the toolkit, empty for none; docker_mirrors: these
    entries. made_key, made_file: whether the toolkit has created the key registry-mirrors, and the file.

    files: paths of whole files. folders: paths of folders that were created for these files.
    """

    docker_config: str = ""
    docker_mirrors: List[str] = field(default_factory=list)
    made_key: bool = False
    made_file: bool = False
    files: List[str] = field(default_factory=list)
    folders: List[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The record as its file has it."""
        return json.dumps(asdict(self), indent=2, sort_keys=True) + "\n"

    def joined(self, other: Record) -> Record:
        """What either of the two names: for the time in which files change from the one to the other."""
        return Record(
            self.docker_config or other.docker_config,
            sorted({*self.docker_mirrors, *other.docker_mirrors}),
            self.made_key or other.made_key,
            self.made_file or other.made_file,
            sorted({*self.files, *other.files}),
            sorted({*self.folders, *other.folders}),
        )


def read_record(text: Optional[str], path: str) -> Record:
    """The record in a text; an empty one without a text. Raises ToolError."""
    if text is None:
        return Record()
    try:
        return Record(**json.loads(text))
    except (ValueError, TypeError) as error:
        hint = "Restore the file, or remove what the toolkit wrote by hand and then the file."
        raise ToolError("read", path, "the file is no record of this toolkit", hint) from error
