# SPDX-License-Identifier: Apache-2.0
"""Secret files: which are taken, and how they are made (modes, atomicity, never overwritten)."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base import managed_file
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError, ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.secret import Secret
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.secret_files import (
    NamedOnce,
    given_secret,
    make_random_secrets,
    read_secret_file,
    write_secret_file,
    write_secret_files,
)

from tests.playbooks import PROJECT

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
    with pytest.raises(ToolError, match=r"write secret file .*file exists") as caught:
        write_secret_file(str(path), Secret(CANARY))
    assert path.read_text() == "somebody was faster\n"
    assert os.listdir(tmp_path) == ["swift"]
    assert CANARY not in str(caught.value)


def nameless_files_unknown(monkeypatch):
    """As on a file system that has none."""
    real = os.open

    def refusing(path, flags, *arguments, **options):
        if flags & os.O_TMPFILE == os.O_TMPFILE:
            raise OSError(95, "Operation not supported")
        return real(path, flags, *arguments, **options)

    monkeypatch.setattr(os, "open", refusing)


@pytest.mark.parametrize("named", [False, True], ids=["nameless", "temporary name"])
def test_file_is_whole_or_not_there(tmp_path, monkeypatch, named):
    """At the moment the name appears, the content is complete and on disk."""
    if named:
        nameless_files_unknown(monkeypatch)
    events = []
    fsync, link = os.fsync, os.link
    monkeypatch.setattr(os, "fsync", lambda descriptor: (events.append("fsync"), fsync(descriptor)))

    def watched_link(source, target, **options):
        assert len(os.listdir(tmp_path)) == named
        link(source, target, **options)
        events.append("link")
        assert (tmp_path / "swift").read_text() == CANARY + "\n"

    monkeypatch.setattr(os, "link", watched_link)
    write_secret_file(str(tmp_path / "swift"), Secret(CANARY))
    assert events == ["fsync", "link", "fsync"]
    assert os.listdir(tmp_path) == ["swift"] and mode(tmp_path / "swift") == 0o600
    assert (tmp_path / "swift").stat().st_nlink == 1


KILLED = """
import os, signal, sys
sys.path.insert(0, sys.argv[1])
from module_utils.base import managed_file
from module_utils.base import secret_files
from module_utils.base.secret import Secret
os.fsync = lambda descriptor: os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[2] == "secret":
    secret_files.write_secret_files({f"{sys.argv[3]}/{number}": Secret("x" * 40) for number in range(20)})
else:
    managed_file.write_text(f"{sys.argv[3]}/config.yml", "text", os.getuid())
"""


@pytest.mark.parametrize("kind", ["secret", "managed"])
def test_a_killed_run_leaves_nothing(tmp_path, kind):
    root = PROJECT
    done = subprocess.run([sys.executable, "-c", KILLED, str(root), kind, str(tmp_path)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("named", [False, True], ids=["nameless", "temporary name"])
def test_a_managed_file_is_replaced_whole(tmp_path, monkeypatch, named):
    if named:
        nameless_files_unknown(monkeypatch)
    path = tmp_path / "config.yml"
    for text in ("first", "second"):
        managed_file.write_text(str(path), text, os.getuid(), 0o640)
        assert (path.read_text(), mode(path), os.listdir(tmp_path)) == (text, 0o640, ["config.yml"])


def test_many_files_in_many_directories(tmp_path):
    files = {str(tmp_path / str(number % 3) / str(number)): Secret(f"{CANARY}{number}") for number in range(250)}
    write_secret_files(files)
    assert {path: read_secret_file(path) for path in files} == files
    assert sum(len(names) for _directory, _subdirectories, names in os.walk(tmp_path)) == 250


def test_of_many_files_the_one_that_fails_is_named(tmp_path):
    (tmp_path / "b").write_text("somebody was faster\n")
    with pytest.raises(ToolError, match=rf"write secret file '{tmp_path}/b': file exists"):
        write_secret_files({str(tmp_path / name): Secret(CANARY) for name in "abc"})
    assert sorted(os.listdir(tmp_path)) == ["a", "b"]
    assert (tmp_path / "b").read_text() == "somebody was faster\n"


def test_full_disk_leaves_nothing(tmp_path, monkeypatch):
    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ToolError, match="no space left on device"):
        write_secret_file(str(tmp_path / "swift"), Secret(CANARY))
    assert os.listdir(tmp_path) == []


def test_directory_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ToolError, match="not a directory"):
        write_secret_file(str(tmp_path / "file" / "swift"), Secret(CANARY))


def test_missing_file_is_no_error(tmp_path):
    assert read_secret_file(str(tmp_path / "none")) is None


@pytest.fixture
def secret_file(tmp_path):
    def make(content, permissions=0o600):
        path = tmp_path / "swift"
        path.write_bytes(content)
        path.chmod(permissions)
        return str(path)

    return make


@pytest.mark.parametrize(
    "content, secret",
    [
        (b"abc\n", "abc"),
        (b"abc", "abc"),
        (b" abc d\n", " abc d"),
        ("p\u00e4ssw\u00f6rter\n".encode(), "p\u00e4ssw\u00f6rter"),
    ],
)
def test_one_newline_is_ignored_and_the_rest_is_taken_to_the_byte(secret_file, content, secret):
    assert read_secret_file(secret_file(content)) == Secret(secret)


@pytest.mark.parametrize(
    "content, says",
    [
        (b"", "empty"),
        (b"\n", "empty"),
        (b" \t\n", "empty"),
        (b"canary\r\n", "CR LF"),
        (b"canary\r", "CR LF"),
        (b"canary\n\n", "more than one line"),
        (b"canary\nsecond\n", "more than one line"),
        (b"\xef\xbb\xbfcanary\n", "cannot be printed"),
        (b"canary\ttab\n", "cannot be printed"),
        (b"canary\0\n", "cannot be printed"),
        (b"canary\x1b[0m\n", "cannot be printed"),
        ("canary\u00e4".encode("latin-1"), "not text in UTF-8"),
        ("canary".encode("utf-16"), "not text in UTF-8"),
        (b"canary" * 20000, "more than 65536 bytes"),
    ],
)
def test_what_is_no_secret_is_refused_without_being_shown(secret_file, content, says):
    path = secret_file(content)
    for read in (read_secret_file, lambda path: given_secret("the swift key", None, path)):
        with pytest.raises(InputError, match=says) as caught:
            read(path)
        assert path in str(caught.value) and "canary" not in str(caught.value)
    assert str(caught.value).startswith("the swift key: ")


def test_a_link_is_not_followed(secret_file, tmp_path):
    secret_file(CANARY.encode())
    (tmp_path / "link").symlink_to(tmp_path / "swift")
    (tmp_path / "dangling").symlink_to(tmp_path / "none")
    for name in ("link", "dangling"):
        with pytest.raises(InputError, match="symbolic link"):
            read_secret_file(str(tmp_path / name))


@pytest.mark.skipif(os.geteuid() != 0, reason="gives files away")
def test_a_file_of_another_user_is_refused(secret_file):
    path = secret_file(CANARY.encode())
    os.chown(path, 65534, -1)
    with pytest.raises(InputError, match=r"belongs to user id 65534.* read by user id 0"):
        read_secret_file(path)


@pytest.mark.skipif(os.geteuid() != 0, reason="becomes another user")
def test_a_user_reads_what_is_his_own_or_root_s(secret_file, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 65534)
    path = secret_file(CANARY.encode(), 0o640)
    assert read_secret_file(path) == Secret(CANARY)
    os.chown(path, 65534, -1)
    assert read_secret_file(path) == Secret(CANARY)
    os.chown(path, 65533, -1)
    with pytest.raises(InputError, match="belongs to user id 65533"):
        read_secret_file(path)


def test_a_missing_file_is_an_error_where_the_secret_is_needed(tmp_path):
    with pytest.raises(InputError, match=f"the swift key: secret file '{tmp_path}/none' does not exist"):
        given_secret("the swift key", None, str(tmp_path / "none"))


@pytest.mark.parametrize("given, says", [(None, "empty"), ("", "empty"), ("a\nb", "one line"), ("a\r\n", "CR LF")])
def test_an_option_is_judged_as_a_file_is(given, says):
    with pytest.raises(InputError, match=f"the swift key .*{says}"):
        given_secret("the swift key", given, None)


def test_a_file_is_for_one_secret_however_it_is_spelt(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "linked").symlink_to(tmp_path / "folder")
    (tmp_path / "folder" / "b").write_text("x")
    os.link(tmp_path / "folder" / "b", tmp_path / "hard")
    same = [("folder/a", "folder//a"), ("folder/a", "linked/a"), ("folder/b", "hard"), ("none/a", "none/../none/a")]
    for first, second in same:
        named = NamedOnce()
        named.claim(f"{tmp_path}/{first}", "user a")
        named.claim(f"{tmp_path}/{first}", "user a")
        named.claim(f"{tmp_path}/other", "user b")
        with pytest.raises(InputError, match=f"'{tmp_path}/{second}' is named twice, for user a and for user c"):
            named.claim(f"{tmp_path}/{second}", "user c")


@pytest.mark.parametrize("open_mode", [0o604, 0o602, 0o644, 0o666])
def test_file_open_to_everyone_is_refused(tmp_path, open_mode):
    path = tmp_path / "swift"
    path.write_text(CANARY)
    path.chmod(open_mode)
    with pytest.raises(InputError, match=f"mode {open_mode:04o}.*chmod o=") as caught:
        read_secret_file(str(path))
    assert CANARY not in str(caught.value)
    assert mode(path) == open_mode


@pytest.mark.parametrize("open_mode", [0o620, 0o660])
def test_file_that_a_group_may_write_is_refused(secret_file, open_mode):
    with pytest.raises(InputError, match=f"mode {open_mode:04o}.*chmod g-w"):
        read_secret_file(secret_file(CANARY.encode(), open_mode))


@pytest.mark.parametrize("closed_mode", [0o400, 0o600, 0o640, 0o440])
def test_file_that_a_group_may_read_is_the_operators_choice(tmp_path, closed_mode):
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


def test_random_secrets_are_made_once_and_differ(tmp_path):
    paths = [str(tmp_path / "users" / name) for name in ("one", "two")]
    assert make_random_secrets(paths, check_mode=True) == paths and not (tmp_path / "users").exists()
    assert make_random_secrets(paths, check_mode=False) == paths
    first, second = (read_secret_file(path) for path in paths)
    assert first != second and all(len(secret.value) >= 40 for secret in (first, second))
    assert [mode(path) for path in paths] == [0o600, 0o600]
    assert make_random_secrets(paths, check_mode=False) == [] and read_secret_file(paths[0]) == first


def test_nothing_is_made_beside_a_file_that_others_can_read(tmp_path):
    open_file = tmp_path / "open"
    open_file.write_text(CANARY)
    open_file.chmod(0o644)
    with pytest.raises(InputError, match="open to every account"):
        make_random_secrets([str(tmp_path / "new"), str(open_file)], check_mode=False)
    assert not (tmp_path / "new").exists()
