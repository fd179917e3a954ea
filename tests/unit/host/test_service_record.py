# SPDX-License-Identifier: Apache-2.0
"""What a service has loaded, as its record tells."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.host.service_record import Record, differences, read, wanted

SECRET = "canary-of-a-record"


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """A configuration with a secret, and a certificate that is not there."""
    (tmp_path / "config.yml").write_text(SECRET)
    return [str(tmp_path / "config.yml"), str(tmp_path / "certificate.pem")]


def written(record: Record, path: Path) -> Record | None:
    path.write_text(record.text())
    return read(str(path))


def test_what_was_written_is_read_and_differs_in_nothing(files, tmp_path):
    record = wanted("docker", {"image": ["a", 1], "options": {"b": 2, "a": None}}, files)
    again = wanted("docker", {"options": {"a": None, "b": 2}, "image": ["a", 1]}, files)
    assert differences(written(record, tmp_path / "loaded"), again) == []


def test_the_record_has_no_content(files):
    assert SECRET not in wanted("docker", {"password": SECRET}, files).text()


def test_each_difference_has_its_name(files):
    before = wanted("docker", {"image": 1, "options": 1}, files)
    for path in files:
        Path(path).write_text("other")
    now = wanted("podman", {"image": 2, "unit": 1}, files)
    assert differences(before, now) == ["runtime", *sorted([*files, "image", "options", "unit"])]


def test_an_empty_file_is_not_an_absent_one(files):
    before = wanted("docker", {}, files)
    Path(files[1]).touch()
    assert differences(before, wanted("docker", {}, files)) == [files[1]]


@pytest.mark.parametrize(
    "text",
    [
        "docker 0123abc",
        "",
        "{",
        "[]",
        "7",
        json.dumps({"format": 2, "runtime": "docker", "parts": {}}),
        '{"format": 1}',
    ],
)
def test_a_record_of_another_release_or_a_damaged_one_is_none(tmp_path, text):
    (tmp_path / "loaded").write_text(text)
    assert read(str(tmp_path / "loaded")) is None
    assert differences(None, wanted("docker", {"b": 1, "a": 2}, [])) == ["a", "b"]


def test_no_record(tmp_path):
    assert read(str(tmp_path / "loaded")) is None


def test_a_folder_that_cannot_be_read_is_no_missing_record(tmp_path):
    with pytest.raises(IsADirectoryError):
        read(str(tmp_path))
