# SPDX-License-Identifier: Apache-2.0
"""Short Ceph commands (monmaptool, ceph-mon --mkfs, radosgw-admin): started now, with the result read later."""

import subprocess
import tempfile
from typing import IO, Sequence

from ceph_demo.errors import DemoError

# Input and output may hold keys, so they are kept in memory only.
MEMORY = "/dev/shm"  # noqa: S108


class Tool:
    """A running command. The input goes through stdin, so that no secret appears in argv."""

    def __init__(self, argv: Sequence[str], stdin: bytes = b"") -> None:
        self.command = " ".join(argv)
        # Files instead of pipes: no thread has to read the output while the command runs.
        self._output = tempfile.TemporaryFile(dir=MEMORY)  # noqa: SIM115
        self._errors = tempfile.TemporaryFile(dir=MEMORY)  # noqa: SIM115
        with tempfile.TemporaryFile(dir=MEMORY) as source:
            source.write(stdin)
            source.seek(0)
            try:
                self._process = subprocess.Popen(argv, stdin=source, stdout=self._output, stderr=self._errors)
            except FileNotFoundError:
                raise DemoError(f"this image has no {argv[0]}") from None

    def done(self) -> bool:
        """Whether the command has ended."""
        return self._process.poll() is not None

    def succeeded(self) -> bool:
        """Whether the command has succeeded."""
        return self._process.returncode == 0

    def output(self) -> str:
        """The command's stdout; DemoError if the command failed."""
        if not self.succeeded():
            raise DemoError(f"`{self.command}` failed: {self.complaint()}")
        return _text(self._output)

    def complaint(self) -> str:
        """A description of the failure: exit code and the end of stderr."""
        return f"exit code {self._process.returncode}: {_text(self._errors).strip()[-2000:]}"


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")
