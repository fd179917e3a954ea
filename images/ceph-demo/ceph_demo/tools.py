# SPDX-License-Identifier: Apache-2.0
"""Short commands of Ceph (monmaptool, ceph-mon --mkfs, radosgw-admin): started now, their result taken later."""

import subprocess
import tempfile
from typing import IO, Sequence

from ceph_demo.errors import DemoError

# Input and output may hold keys: they stay in memory.
MEMORY = "/dev/shm"  # noqa: S108


class Tool:
    """A running command. Its input goes through stdin, so that no secret stands in argv."""

    def __init__(self, argv: Sequence[str], stdin: bytes = b"") -> None:
        self.command = " ".join(argv)
        # Files, not pipes: nobody has to read along while the command runs.
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
        """Whether it has ended."""
        return self._process.poll() is not None

    def succeeded(self) -> bool:
        """Whether it has ended well."""
        return self._process.returncode == 0

    def output(self) -> str:
        """Its stdout; DemoError if it failed."""
        if not self.succeeded():
            raise DemoError(f"`{self.command}` failed: {self.complaint()}")
        return _text(self._output)

    def complaint(self) -> str:
        """How it failed: exit code and the end of its stderr."""
        return f"exit code {self._process.returncode}: {_text(self._errors).strip()[-2000:]}"


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")
