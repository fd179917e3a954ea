# SPDX-License-Identifier: Apache-2.0
"""A command podman that says what a test tells it to, first on the PATH."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import List

import pytest

PROGRAM = """#!/bin/sh
printf '%s\\0' "$@" >> {folder}/arguments
printf '\\n' >> {folder}/arguments
case "$1 $2" in
{cases}
*) echo "Error: unknown command $1" >&2; exit 125;;
esac
"""


class Podman:
    """Its answers by the first two words of a command; what it was asked."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self._cases: List[str] = []
        monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
        self._write()

    def answer(self, begin: str, script: str) -> None:
        """Run a piece of shell for commands that begin so; the last answer given counts."""
        self._cases.insert(0, f'"{begin}"*) {script};;')
        self._write()

    def tell(self, begin: str, document: object) -> None:
        """Answer with JSON."""
        name = f"{begin.replace(' ', '-')}.json"
        (self.folder / name).write_text(json.dumps(document))
        self.answer(begin, f"cat {self.folder}/{name}")

    def refuse(self, begin: str, *lines: str) -> None:
        """Fail with these lines."""
        self.answer(begin, "; ".join([*(f"echo '{line}' >&2" for line in lines), "exit 125"]))

    def asked(self) -> List[List[str]]:
        """The words of each command."""
        try:
            text = (self.folder / "arguments").read_text()
        except FileNotFoundError:
            return []
        return [line.split("\0")[:-1] for line in text.splitlines()]

    def _write(self) -> None:
        program = self.folder / "podman"
        program.write_text(PROGRAM.format(folder=self.folder, cases="\n".join(self._cases)))
        program.chmod(0o755)
