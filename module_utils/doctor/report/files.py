# SPDX-License-Identifier: Apache-2.0
"""The report's files: which there are, and what has to change for them to hold a report."""

from __future__ import annotations

import os
from typing import Any, Dict, List, Mapping, Optional

from ...base.managed_file import access_differences, read_text, write_text
from .html import to_page
from .json import to_json
from .junit import to_junit

PAGE = "report.html"
DATA = "report.json"
RENDERERS = {DATA: to_json, "junit.xml": to_junit, PAGE: to_page}
# A report holds no secret - tokens and keys are struck out of its evidence before anyone sees it - and those who read
# it have other accounts: a CI system's agent, a web server, a colleague.
MODE = 0o644


def write_report(path: str, text: str) -> None:
    """Write one file of a report, whole or not at all. Raises OSError."""
    write_text(os.path.abspath(path), text, os.geteuid(), MODE)


def earlier_report(path: str) -> Optional[str]:
    """The text of the file that a new report is about to replace; None for no file, and for one that is no text.

    Raises OSError.
    """
    try:
        return read_text(path)
    except UnicodeDecodeError:
        return None


def update_folder(folder: str, report: Mapping[str, Any], only_look: bool) -> List[Dict[str, str]]:
    """Make the folder, if it is missing, and write what differs in it; returns the differences as Ansible shows them.

    With `only_look` nothing is written. Of the three forms only the JSON is shown: all hold the same. Raises OSError.
    """
    differences = []
    for name, render in RENDERERS.items():
        path, text = os.path.join(folder, name), render(report)
        before = earlier_report(path)
        access = access_differences(path, os.geteuid(), MODE) if before is not None else []
        if before == text and not access:
            continue
        if before != text and render is to_json:
            difference = {"before": before or "", "after": text}
        else:
            difference = {"prepared": ", ".join(access or ["made" if before is None else "another content"]) + "\n"}
        differences.append({"before_header": path, "after_header": path, **difference})
        if not only_look:
            os.makedirs(folder, exist_ok=True)
            write_report(path, text)
    return differences
