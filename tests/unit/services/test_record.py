# SPDX-License-Identifier: Apache-2.0
"""What a service has loaded and what its role manages besides, as the record tells."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.services.record import (
    Content,
    Record,
    differences,
    digests,
    drift,
    read,
)

SECRET = "canary-of-a-record"


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """A configuration with a secret, and a certificate that is not there."""
    (tmp_path / "config.yml").write_text(SECRET)
    return [str(tmp_path / "config.yml"), str(tmp_path / "certificate.pem")]


def loading(values: dict, files: list[str], runtime: str = "docker") -> Record:
    return Record(runtime, digests(Content(values, files)))


def written(record: Record, path: Path) -> Record | None:
    path.write_text(record.text())
    return read(str(path))


def test_what_was_written_is_read_and_differs_in_nothing(files, tmp_path):
    record = loading({"image": ["a", 1], "options": {"b": 2, "a": None}}, files)._replace(
        managed={"c": "3"}, process="4"
    )
    again = loading({"options": {"a": None, "b": 2}, "image": ["a", 1]}, files)._replace(
        managed={"c": "3"}, process="4"
    )
    before = written(record, tmp_path / "loaded")
    assert before == record
    assert differences(before, again) + drift(before, again) == []


def test_the_record_has_no_content(files):
    assert SECRET not in loading({"password": SECRET}, files).text()


def test_each_difference_has_its_name(files):
    before = loading({"image": 1, "options": 1}, files)
    for path in files:
        Path(path).write_text("other")
    now = loading({"image": 2, "unit": 1}, files, "podman")
    assert differences(before, now) == ["runtime", *sorted([*files, "image", "options", "unit"])]
    assert drift(before, now) == []


def test_what_the_process_does_not_load_is_told_apart(files):
    before = Record("docker", {}, digests(Content({"caps": "r"}, files)), "1")
    Path(files[0]).write_text("other")
    now = Record("docker", {}, digests(Content({"caps": "rw"}, files)), "2")
    assert (differences(before, now), drift(before, now)) == ([], ["process", *sorted([files[0], "caps"])])
    assert drift(before, before._replace(process="")) == []


def test_owner_and_mode_count_for_managed_files_only(files):
    content = Content({}, files, [files[0]])
    loaded, managed = digests(Content({}, files)), digests(Content({}, managed_files=files))
    Path(files[0]).chmod(0o600)
    assert digests(content._replace(managed_files=())) == loaded
    assert digests(Content({}, managed_files=files)) != managed


def test_blocks_of_other_services_do_not_count(tmp_path):
    conf = tmp_path / "ceph.conf"
    block = "# BEGIN rgwkit: {0}\n[{0}]\nrgw_x = {1}\n# END rgwkit: {0}\n"

    def digest(text: str) -> str:
        conf.write_bytes(text.encode("latin-1"))
        return digests(Content({}, managed_files=[str(conf)], block="client.rgw.a"))[str(conf)]

    own = block.format("client.rgw.a", 1)
    alone = digest(f"[global]\nname = Z\xfcrich\n{own}")
    others = [block.format(f"client.rgw.{name}", 1) for name in ("ab", "c")]
    assert digest(f"[global]\nname = Z\xfcrich\n{own}{others[0]}{others[1]}") == alone
    assert digest(f"[global]\nname = Z\xfcrich\n{others[0]}{own}") == alone
    changed = {
        digest(f"[global]\nname = Zurich\n{own}{others[0]}"),
        digest(f"[global]\nname = Z\xfcrich\n{block.format('client.rgw.a', 2)}{others[0]}"),
        digest(f"[global]\nname = Z\xfcrich\n{own}{others[0]}# by hand\n"),
        digest(f"[global]\nname = Z\xfcrich\n{others[0]}"),
    }
    assert len({alone, *changed}) == 5


def test_a_program_that_was_installed_anew_differs(files):
    before = digests(Content({}, programs=files))
    program = Path(files[0])
    assert digests(Content({}, programs=files)) == before
    os.utime(program, ns=(0, program.stat().st_mtime_ns + 1))
    after = digests(Content({}, programs=files))
    assert [path for path in files if before[path] != after[path]] == [files[0]]


def test_an_empty_file_is_not_an_absent_one(files):
    before = loading({}, files)
    Path(files[1]).touch()
    assert differences(before, loading({}, files)) == [files[1]]


@pytest.mark.parametrize(
    "text",
    [
        "docker 0123abc",
        "",
        "{",
        "[]",
        "7",
        json.dumps({"format": 2, "runtime": "docker", "loaded": {}, "managed": {}, "process": ""}),
        '{"format": 1}',
    ],
)
def test_a_record_of_another_release_or_a_damaged_one_is_none(tmp_path, text):
    (tmp_path / "loaded").write_text(text)
    assert read(str(tmp_path / "loaded")) is None
    now = Record("docker", {"b": "1", "a": "2"}, {"d": "", "c": ""})
    assert (differences(None, now), drift(None, now)) == (["a", "b"], ["c", "d"])


def test_no_record(tmp_path):
    assert read(str(tmp_path / "loaded")) is None


def test_a_folder_that_cannot_be_read_is_no_missing_record(tmp_path):
    with pytest.raises(IsADirectoryError):
        read(str(tmp_path))
