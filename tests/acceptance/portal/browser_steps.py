# SPDX-License-Identifier: Apache-2.0
"""What people do on the pages in a browser, whatever the storage is, and who can read a page."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

SCREENS = {"desktop": 1280, "phone": 360}


def create_project(page: Page, name: str, title: str) -> None:
    """Create a project of the group users, on the first page of an admin."""
    page.get_by_label("Name").fill(name)
    page.get_by_label("Title").fill(title)
    page.get_by_label("Groups, one in each line").fill("users")
    page.get_by_role("button", name="Create the project").click()
    expect(page.get_by_role("status")).to_have_text("The project has been created.")


def ask_for_limits(page: Page, **fields: str) -> None:
    """Fill in the form of a project's requests, and send it. fields: by their labels."""
    page.get_by_label("Unit").select_option("MiB")
    for label, value in fields.items():
        page.get_by_label(re.compile(f"^{label}")).fill(value)
    page.get_by_role("button", name="Send the request").click()


def members_are(page: Page, groups: str) -> None:
    """Replace the groups of a project, on the page of its members."""
    page.get_by_label(re.compile("Groups")).fill(groups)
    page.get_by_role("button", name="Change the members").click()
    expect(page.get_by_role("status")).to_have_text("The members have been changed.")


def create_bucket(page: Page, name: str) -> None:
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_role("button", name="Create the bucket").click()
    expect(page.get_by_role("status").first).to_have_text("The bucket has been created.")


def is_stored(page: Page, key: str) -> None:
    expect(page.get_by_role("rowheader", name=key, exact=True)).to_be_visible()


def program(name: str) -> str:
    """The path of a program of the environment that runs the tests."""
    found = shutil.which(name, path=str(Path(sys.executable).parent))
    assert found
    return found


def readable(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
    width = page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
