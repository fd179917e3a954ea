# SPDX-License-Identifier: Apache-2.0
"""Secret files (modes, atomicity, never overwritten) and what is shown of a secret."""

from __future__ import annotations

import os
import stat
import string

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw_errors import InputError, RgwError
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw_secrets import (
    Marks,
    Secret,
    generate_secret,
    problem_with,
    read_secret_file,
    write_secret_file,
    write_secret_files,
)

CANARY = "canary-9d27e5b1c4a80f36"


def mode(path):
    return stat.S_IMODE(os.stat(path).st_mode)


@pytest.fixture(autouse=True, params=[0o022, 0o000, 0o077], ids="umask={:03o}".format)
def umask(request):
    before = os.umask(request.param)
    yield
    os.umask(before)


def test_written_file_is_private_and_reads_back(tmp_path):
    path = tmp_path / "a" / "b" / "swift"
    write_secret_file(str(path), Secret(CANARY))
    assert (mode(path), mode(path.parent), mode(path.parent.parent)) == (0o600, 0o700, 0o700)
    assert path.read_text() == CANARY + "\n"
    assert read_secret_file(str(path)) == Secret(CANARY)
    assert os.listdir(path.parent) == ["swift"]  # nothing temporary left


def test_existing_directory_keeps_its_mode(tmp_path):
    tmp_path.chmod(0o755)
    write_secret_file(str(tmp_path / "swift"), Secret(CANARY))
    assert mode(tmp_path) == 0o755


def test_existing_file_is_never_overwritten(tmp_path):
    path = tmp_path / "swift"
    path.write_text("somebody was faster\n")
    with pytest.raises(RgwError, match=r"write secret file .*file exists") as caught:
        write_secret_file(str(path), Secret(CANARY))
    assert path.read_text() == "somebody was faster\n"
    assert os.listdir(tmp_path) == ["swift"]
    assert CANARY not in str(caught.value)


def test_file_is_whole_or_not_there(tmp_path, monkeypatch):
    """At the moment the name appears, the content is complete and on disk."""
    events = []
    fsync, link = os.fsync, os.link
    monkeypatch.setattr(os, "fsync", lambda descriptor: (events.append("fsync"), fsync(descriptor)))

    def watched_link(source, target):
        events.append("link")
        with open(source, encoding="ascii") as file:
            assert file.read() == CANARY + "\n"
        link(source, target)

    monkeypatch.setattr(os, "link", watched_link)
    write_secret_file(str(tmp_path / "swift"), Secret(CANARY))
    assert events == ["fsync", "link", "fsync"]


def test_many_files_in_many_directories(tmp_path):
    files = {str(tmp_path / str(number % 3) / str(number)): Secret(f"{CANARY}{number}") for number in range(250)}
    write_secret_files(files)
    assert {path: read_secret_file(path) for path in files} == files
    assert sum(len(names) for _directory, _subdirectories, names in os.walk(tmp_path)) == 250


def test_of_many_files_the_one_that_fails_is_named(tmp_path):
    (tmp_path / "b").write_text("somebody was faster\n")
    with pytest.raises(RgwError, match=rf"write secret file '{tmp_path}/b': file exists"):
        write_secret_files({str(tmp_path / name): Secret(CANARY) for name in "abc"})
    assert sorted(os.listdir(tmp_path)) == ["a", "b"]
    assert (tmp_path / "b").read_text() == "somebody was faster\n"


def test_full_disk_leaves_nothing(tmp_path, monkeypatch):
    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RgwError, match="no space left on device"):
        write_secret_file(str(tmp_path / "swift"), Secret(CANARY))
    assert os.listdir(tmp_path) == []


def test_directory_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(RgwError, match="not a directory"):
        write_secret_file(str(tmp_path / "file" / "swift"), Secret(CANARY))


def test_missing_file_is_no_error(tmp_path):
    assert read_secret_file(str(tmp_path / "none")) is None


@pytest.mark.parametrize(
    "content, secret",
    [("abc\n", "abc"), ("abc", "abc"), ("abc\n\n", "abc\n"), (" abc \n", " abc "), ("", ""), ("\n", "")],
)
def test_one_newline_is_ignored(tmp_path, content, secret):
    path = tmp_path / "swift"
    path.write_text(content)
    path.chmod(0o600)
    assert read_secret_file(str(path)) == Secret(secret)


@pytest.mark.parametrize("open_mode", [0o604, 0o602, 0o644, 0o666])
def test_file_open_to_everyone_is_refused(tmp_path, open_mode):
    path = tmp_path / "swift"
    path.write_text(CANARY)
    path.chmod(open_mode)
    with pytest.raises(InputError, match=f"mode {open_mode:04o}.*chmod o=") as caught:
        read_secret_file(str(path))
    assert CANARY not in str(caught.value)
    assert mode(path) == open_mode


@pytest.mark.parametrize("closed_mode", [0o400, 0o600, 0o640, 0o660])
def test_file_open_to_a_group_is_the_operators_choice(tmp_path, closed_mode):
    path = tmp_path / "swift"
    path.write_text(CANARY)
    path.chmod(closed_mode)
    assert read_secret_file(str(path)) == Secret(CANARY)


def test_what_is_no_secret_file(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path, says in ((tmp_path, "regular"), (tmp_path / "pipe", "regular"), ("relative/path", "absolute")):
        with pytest.raises(InputError, match=says):
            read_secret_file(str(path))
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="Not a directory"):
        read_secret_file(str(tmp_path / "file" / "swift"))


@pytest.mark.parametrize(
    "value, allow_weak, says",
    [
        ("", True, "empty"),
        ("", False, "empty"),
        ("x" * 15, False, "shorter than 16"),
        ("x" * 15, True, ""),
        ("q", True, ""),
        ("x" * 16, False, ""),
        ("x" * 16 + " ", True, "printable ASCII"),
        ("x" * 16 + "\n", False, "printable ASCII"),
        ("x" * 16 + "é", False, "printable ASCII"),
        ("x" * 16 + "\x7f", False, "printable ASCII"),
        ("!~/+=$:&?#%\"'\\<>", False, ""),
    ],
)
def test_what_is_wrong_with_a_secret(value, allow_weak, says):
    problem = problem_with(Secret(value), allow_weak)
    assert says in problem if says else problem == ""


def test_generated_secrets():
    values = {generate_secret().value for _ in range(50)}
    assert len(values) == 50
    assert all(len(value) == 64 and set(value) <= set(string.hexdigits.lower()) for value in values)


def test_a_secret_does_not_print():
    secret = Secret(CANARY)
    assert CANARY not in f"{secret} {secret!r} {[secret]} %s" % secret


def test_marks():
    marks, other_run, other_admin = Marks("admin"), Marks("admin"), Marks("nimda")
    assert marks.mark(Secret(CANARY)) == other_run.mark(Secret(CANARY))
    assert marks.mark(Secret(CANARY)) != marks.mark(Secret("another"))
    assert marks.mark(Secret(CANARY)) != other_admin.mark(Secret(CANARY))
    assert marks.mark(Secret("")) == "(empty)"
    assert len(marks.mark(Secret(CANARY))) == len("hmac-sha256:1a2b3c4d")
