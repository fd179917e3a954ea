# SPDX-License-Identifier: Apache-2.0
"""Programs that run services, first on the PATH, which do as if: nothing of this host is asked or changed."""

from __future__ import annotations

from pathlib import Path

NAMES = ("docker", "podman", "systemctl", "systemd-run", "journalctl")
# A unit is a file with what `systemctl show` says of it.
PROGRAM = """#!/bin/sh
cd {folder}
name=$(basename "$0")
for word in "$name" "$@"; do printf '%s ' "$word" >>asked; done
printf '\\n' >>asked
for unit; do :; done
case "$name $1" in
"systemctl show") cat "$unit" 2>/dev/null || echo LoadState=not-found;;
"systemctl stop") test -e "$unit" || {{ echo "Unit $unit not loaded." >&2; exit 5; }}; rm "$unit";;
"systemctl reset-failed") echo "Unit $unit not loaded." >&2; exit 1;;
"journalctl "*) cat log 2>/dev/null;;
"systemd-run "*)
  test -e refusal && {{ cat refusal >&2; exit 1; }}
  for word; do case "$word" in --unit=*) unit=${{word#--unit=}};; esac; done
  printf '%s\\n' LoadState=loaded ActiveState=active SubState=running Job=0 NRestarts=0 ExecMainStatus=0 \\
    ExecMainStartTimestampMonotonic=1 InvocationID=i FragmentPath= >"$unit";;
"podman network"|"podman volume") grep -qsx "$unit" there;;
"podman run"|"docker run") test -e refusal && {{ cat refusal >&2; exit 125; }}; cat output;;
esac
"""


class Doubles:
    """What the programs are to say, and what they were asked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in NAMES:
            (folder / name).write_text(PROGRAM.format(folder=folder))
            (folder / name).chmod(0o755)

    def say(self, file: str, text: str) -> None:
        """file: `log` of the journal, `output` of a container, `refusal` of whatever starts something, or names of
        networks and volumes that are `there`.
        """
        (self.folder / file).write_text(f"{text}\n")

    def asked(self) -> list[str]:
        """The commands since the last call."""
        file = self.folder / "asked"
        lines = file.read_text().splitlines() if file.exists() else []
        file.unlink(missing_ok=True)
        return [line.rstrip() for line in lines]
