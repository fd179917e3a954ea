# SPDX-License-Identifier: Apache-2.0
"""README and the pages in docs/: short enough to read, found in the index, and without dead links."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.report.releases import Release, release_of

from tests.playbooks import PROJECT
from tests.unit.project.test_rooms import KNOWS

DOCS = PROJECT / "docs"
PAGES = [*sorted(PROJECT.glob("*.md")), *sorted(DOCS.glob("*.md"))]
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
# Galaxy shows the README without the files around it, so its links are absolute.
REPOSITORY = re.compile(r"https://github\.com/rgwkit/ceph/(?:blob|tree)/main/")
CODE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub gives to the headings of a page."""
    headings = [
        re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text) for text in HEADING.findall(CODE.sub("", page.read_text()))
    ]
    return {re.sub(r"[^\w\- ]", "", text.strip().lower()).replace(" ", "-") for text in headings}


def test_the_readme_is_short() -> None:
    assert len((PROJECT / "README.md").read_text().splitlines()) <= 120


def test_the_links_of_the_readme_work_on_galaxy() -> None:
    links = LINK.findall((PROJECT / "README.md").read_text())
    assert links and all(link.startswith("https://") for link in links)


@pytest.mark.parametrize(
    "section",
    [
        *("Requirements", "Included content", "Communication and code of conduct", "Contributing and support"),
        *("Release notes and roadmap", "Licensing"),
    ],
)
def test_the_readme_has_the_sections_of_the_collection_template(section: str) -> None:
    assert f"\n## {section}\n" in (PROJECT / "README.md").read_text()


def test_the_index_has_every_page() -> None:
    listed = set(LINK.findall((DOCS / "README.md").read_text()))
    assert {path.name for path in DOCS.iterdir()} - {"README.md"} <= listed


def test_the_ends_of_life_are_those_of_the_report() -> None:
    rows = re.findall(r"^\| (\d+) (\w+) \| ([\d-]+)( \(estimate\))? \|", (DOCS / "images.md").read_text(), re.MULTILINE)
    assert len(rows) == 6
    for series, name, end, estimate in rows:
        assert release_of(f"{series}.2.0") == Release(series, name, end, bool(estimate))


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_links_within_the_project_lead_somewhere(page: Path) -> None:
    for link in LINK.findall(CODE.sub("", page.read_text())):
        path, _, anchor = link.partition("#")
        within = REPOSITORY.match(path)
        if within or not path.startswith("http"):
            target = PROJECT / path[within.end() :] if within else page.parent / path if path else page
            assert target.exists(), link
            assert not anchor or anchor in anchors(target), link


def test_the_architecture_has_the_arrows_of_the_rooms() -> None:
    rows = re.findall(r"^\| `(\w+)/` \|.*\| ([\w, ]*)\|$", (DOCS / "architecture.md").read_text(), re.MULTILINE)
    table = {room: set(re.findall(r"\w+", others)) for room, others in rows if room in KNOWS}
    assert table == KNOWS
