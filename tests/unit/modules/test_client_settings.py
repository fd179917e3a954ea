# SPDX-License-Identifier: Apache-2.0
"""The module's own main() on a real file system: what it writes, whose it is, and what it refuses."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import stat
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.host import acting
from ansible_collections.rgwkit.ceph.plugins.modules import client_settings

CANARY = "canary-41c07e5a2b9d"
HOME = "/srv/inventories/one"
ENDPOINT = "http://127.0.0.1:8080"
NOBODY = pwd.getpwnam("nobody")
V2 = {"authtype": "keystonev2", "user": "a", "token": CANARY, "url": ENDPOINT, "tenant": "t", "region": "r"}
PREAUTH = {"authtype": "preauth", "token": CANARY, "storage_url": f"{ENDPOINT}/swift/v1"}
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root may act as another account")


@pytest.fixture
def module(run_module, tmp_path):
    """Runs the module on entries, which are below tmp_path unless they say otherwise."""

    def run(*clients, check=False, **options):
        entries = [{"path": str(tmp_path / "own"), **client} for client in clients]
        result = run_module(client_settings, check=check, **{"home": HOME, "clients": entries, **options})
        assert CANARY not in result.pop("printed")
        return result

    return run


@pytest.fixture
def person(monkeypatch):
    """An account of the host for the tests that need another one than root, at home in a folder of the test."""

    def with_home(home):
        entry = pwd.struct_passwd(("ada", "x", NOBODY.pw_uid, NOBODY.pw_gid, "", str(home), "/bin/sh"))

        def by_name(name):
            if name != "ada":
                raise KeyError(name)
            return entry

        monkeypatch.setattr(acting.pwd, "getpwnam", by_name)

    return with_home


@pytest.fixture
def entered():
    """A folder that every account may enter, as those of pytest are root's alone."""
    with TemporaryDirectory(prefix="rgwkit-test-") as folder:
        os.chmod(folder, 0o777)
        yield Path(folder)


def client(**options):
    return {
        "endpoint": ENDPOINT,
        "swift": {"user": "ada:swift", "key": f"{CANARY}-swift"},
        "s3": {"access_key": "ada", "secret_key": f"{CANARY}-s3"},
        "registries": [{"address": "127.0.0.1:5000", "user": "ada", "password": f"{CANARY}-push"}],
        "backup": {"bucket": "ada-backup", "password": f"{CANARY}-backup"},
        **options,
    }


def secret_file(path, text):
    path.touch(mode=0o600)
    path.write_text(text)
    return str(path)


def tree(folder):
    """Names, modes, owners and contents below a folder, inode numbers included, so that a rewrite is seen."""
    found = {}
    for path in sorted([folder, *folder.rglob("*")]):
        seen = path.lstat()
        content = path.read_bytes() if path.is_file() and not path.is_symlink() else None
        found[str(path)] = (oct(seen.st_mode), seen.st_uid, seen.st_ino, content)
    return found


def test_create_again_change_check_absent_again(module, tmp_path):
    own = tmp_path / "own"
    planned = module(client(), check=True)
    assert planned["changed"] and not own.exists()
    assert planned["summary"] == "client settings: 1 folder would be created"
    first = module(client())
    assert first["clients"][0]["changes"] == planned["clients"][0]["changes"]
    assert first["clients"][0]["programs"] == [
        *("swift", "rclone", "s3cmd", "aws", "mc", "restic", "duplicity", "containers", "sregistry"),
    ]
    before = tree(own)
    again = module(client())
    assert (again["changed"], again["diff"]["prepared"], tree(own)) == (False, "", before)
    assert again["summary"] == "client settings: 1 folder unchanged"
    rotated = client(swift={"user": "ada:swift", "key": f"{CANARY}-next"}, programs=["swift", "rclone"])
    for check in (True, False):
        changed = module(rotated, check=check)["clients"][0]["changes"]
        assert {"swift.sh: content", "rclone.conf: content", "s3cfg: removed", "mc/config.json: removed"} <= {*changed}
    assert not (own / "s3cfg").exists() and f"{CANARY}-next" in (own / "rclone.conf").read_text()
    assert not module(rotated)["changed"]
    assert module({"state": "absent"}, check=True)["changed"] and own.exists()
    assert module({"state": "absent"})["changed"] and not own.exists()
    assert not module({"state": "absent"})["changed"]


def test_only_the_owner_may_read_from_the_first_moment_on(module, tmp_path, monkeypatch):
    modes = []
    replace = os.replace

    def watched(source, target):
        modes.append(stat.S_IMODE(os.stat(source).st_mode))
        replace(source, target)

    monkeypatch.setattr(os, "replace", watched)
    before = os.umask(0)
    try:
        module(client())
        module(client(swift={"user": "ada:swift", "key": f"{CANARY}-next"}))
    finally:
        os.umask(before)
    assert modes and set(modes) == {0o600}
    assert stat.S_IMODE((tmp_path / "own").stat().st_mode) == 0o700
    files = [path for path in (tmp_path / "own").rglob("*") if path.is_file() and path.name != ".rgwkit"]
    assert len(files) == 17 and {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_what_became_readable_is_mended(module, tmp_path):
    module(client())
    (tmp_path / "own" / "rclone.conf").chmod(0o644)
    result = module(client())
    assert result["clients"][0]["changes"] == ["rclone.conf: mode 0644 -> 0600"]
    assert stat.S_IMODE((tmp_path / "own" / "rclone.conf").stat().st_mode) == 0o600


def test_secrets_come_from_files_and_a_new_backup_gets_a_password(module, tmp_path):
    key = secret_file(tmp_path / "key", f"{CANARY}-file\n")
    password = tmp_path / "secrets" / "backup"
    entry = client(
        swift={"user": "ada:swift", "key_file": key}, backup={"bucket": "box", "password_file": str(password)}
    )
    assert module(entry, check=True)["changed"] and not password.exists()
    module(entry)
    made = password.read_text()
    assert len(made.strip()) == 64 and stat.S_IMODE(password.stat().st_mode) == 0o600
    assert (tmp_path / "own" / "restic.password").read_text() == made
    assert not module(entry)["changed"] and password.read_text() == made
    module({"state": "absent"})
    assert password.read_text() == made, "backups outlive the settings"


def test_check_mode_plans_for_secrets_that_an_earlier_task_creates(module, tmp_path):
    entry = client(swift={"user": "ada:swift", "key_file": str(tmp_path / "key")})
    planned = module(entry, check=True)
    assert planned["changed"] and f"{tmp_path}/key does not exist yet" in str(planned["warnings"])
    assert f"secret file '{tmp_path}/key' does not exist on the host" in module(entry)["msg"]
    secret_file(tmp_path / "key", CANARY)
    assert module(entry)["changed"]


def test_formatting_of_a_program_is_no_difference(module, tmp_path):
    module(client())
    file = tmp_path / "own" / "sregistry.json"
    file.write_text(json.dumps(json.loads(file.read_text()), separators=(",", ":")))
    assert not module(client())["changed"]
    file.write_text(file.read_text().replace("-swift", "-stale"))
    assert module(client())["clients"][0]["changes"] == ["sregistry.json: content"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"endpoint": "127.0.0.1:8080"}, "endpoint: the endpoint must be a URL like http://gateway.example:8080"),
        ({"endpoint": f"{ENDPOINT}/auth/v1"}, "the path /auth/v1, and each program appends a path of its own. Next"),
        ({"endpoint": None}, "endpoint: the logins swift and s3 need the URL of the gateway"),
        ({"region": "default:fast"}, "region: default:fast is no region that S3 clients take"),
        ({"owner": "no-such-user"}, "owner: this host has no user no-such-user"),
        ({"swift": {"user": "ada:swift", "key": 12345678}}, "swift.key: YAML reads this as a number"),
        ({"s3": {"access_key": 123, "secret_key": CANARY}}, "s3.access_key: YAML reads this as a number"),
        ({"s3": {"access_key": "a", "secret_key": f"{CANARY}\nhost_base = evil"}}, "holds more than one line"),
        ({"s3": {"access_key": "a b", "secret_key": CANARY}}, "s3: access_key: 'a b' must be printable ASCII"),
        ({"swift": {"user": "a:s", "key": f"{CANARY} x"}}, "swift: key: the secret must be printable ASCII"),
        ({"registries": [{"address": "http://h", "user": "a", "password": CANARY}]}, "must be HOST or HOST:PORT"),
        ({"registries": [{"address": "h", "user": "a:b", "password": CANARY}]}, "without ':'"),
        ({"backup": {"bucket": "ab", "password": CANARY}}, "backup: bucket: 'ab' must be 3 or more"),
        ({"backup": None, "programs": ["restic"]}, "programs: restic needs backup"),
        ({"swift": None, "s3": None, "programs": ["rclone"]}, "programs: rclone needs swift or s3"),
        ({"sregistry": {**V2, "tenant": None}}, "authtype keystonev2 needs tenant as well"),
        ({"sregistry": {**PREAUTH, "user": "a"}}, "authtype preauth does not use user"),
        ({"sregistry": {"url": f"{ENDPOINT}/auth/v1.0"}}, "sregistry: url: the URL ends in the path /auth/v1.0"),
        ({"swift": {"user": "a:s", "key": "`quoted"}}, "programs: rclone takes signs of a name or a secret"),
        ({"s3": {"access_key": "a", "secret_key": "x%(y)s"}}, "programs: rclone takes signs"),
        ({"s3": {"access_key": "a", "secret_key": "$HOME"}}, "list the programs without s3cmd"),
        ({"swift": {"user": "a:s", "key_file": "relative"}}, "must be an absolute path"),
    ],
)  # fmt: skip
def test_bad_input_writes_nothing(module, tmp_path, options, said):
    for check in (True, False):
        result = module(client(**options), check=check)
        assert result["failed"] and said in result["msg"], result["msg"]
    assert not (tmp_path / "own").exists()


def test_a_later_entry_that_is_refused_keeps_the_first_from_being_written(module, tmp_path):
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "notes").write_text("mine")
    result = module(client(), client(path=str(tmp_path / "taken")))
    assert "the folder has content (notes) and no mark .rgwkit" in result["msg"]
    assert not (tmp_path / "own").exists()
    assert "is that of clients[0], too" in module(client(), client())["msg"]


def test_a_settings_file_that_is_a_link_is_refused(module, tmp_path):
    module(client())
    target = tmp_path / "target"
    target.write_text("untouched")
    (tmp_path / "own" / "rclone.conf").unlink()
    (tmp_path / "own" / "rclone.conf").symlink_to(target)
    before = tree(tmp_path)
    result = module(client(swift={"user": "ada:swift", "key": f"{CANARY}-next"}))
    assert f"rclone.conf: the settings file is a symbolic link to {target}. Remove the link" in result["msg"]
    assert tree(tmp_path) == before


def test_a_folder_behind_a_link_within_is_refused(module, tmp_path):
    module(client())
    shutil.rmtree(tmp_path / "own" / "mc")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "own" / "mc").symlink_to(tmp_path / "elsewhere")
    assert "own/mc: the settings file is a symbolic link" in module(client())["msg"]
    assert not list((tmp_path / "elsewhere").iterdir())


@AS_ROOT
def test_a_file_of_somebody_else_is_refused(module, tmp_path):
    module(client())
    os.chown(tmp_path / "own" / "s3cfg", NOBODY.pw_uid, -1)
    before = tree(tmp_path)
    assert f"s3cfg: the settings file belongs to user id {NOBODY.pw_uid}" in module(client(programs=["s3cmd"]))["msg"]
    assert tree(tmp_path) == before


def test_a_folder_of_another_inventory_is_refused_and_kept(module, tmp_path):
    module(client(), home="/srv/inventories/two")
    before = tree(tmp_path)
    for entry in (client(), {"state": "absent"}):
        result = module(entry)
        assert result["failed"] and "its mark .rgwkit says that it is of /srv/inventories/two" in result["msg"]
    assert tree(tmp_path) == before
    assert module(client(), takeover=True)["changed"]


def test_absent_leaves_what_others_wrote(module, tmp_path):
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "rclone.conf").write_text("mine")
    unmarked = module({"path": str(foreign), "state": "absent"})
    assert (unmarked["changed"], unmarked["clients"][0]["left"]) == (False, ["rclone.conf"])
    assert (foreign / "rclone.conf").read_text() == "mine"
    module(client())
    (tmp_path / "own" / "notes.txt").write_text("mine")
    removed = module({"state": "absent"})
    assert removed["changed"] and removed["clients"][0]["left"] == ["notes.txt"]
    assert "remains, since the toolkit did not write notes.txt there" in str(removed["warnings"])
    assert sorted(path.name for path in (tmp_path / "own").iterdir()) == [".rgwkit", "notes.txt"]
    assert not module({"state": "absent"})["changed"]


@AS_ROOT
def test_root_writes_for_another_account_with_its_rights(module, person, entered):
    home = entered / "ada"
    home.mkdir()
    os.chown(home, NOBODY.pw_uid, NOBODY.pw_gid)
    person(home)
    entry = client(path=str(home / ".config" / "rgwkit"), owner="ada")
    assert module(entry)["changed"] and not module(entry)["changed"]
    owners = {(path.lstat().st_uid, path.lstat().st_gid) for path in home.rglob("*")}
    assert owners == {(NOBODY.pw_uid, NOBODY.pw_gid)}
    assert os.geteuid() == 0 and os.getegid() == 0
    # Into a folder of root's the account cannot write, and so neither does root for the account.
    (home / "theirs").symlink_to(entered / "root-only")
    (entered / "root-only").mkdir(mode=0o700)
    refused = module(client(path=str(home / "theirs" / "own"), owner="ada"))
    assert refused["failed"] and not list((entered / "root-only").iterdir())
    assert module({**entry, "state": "absent"})["changed"]
    assert not (home / ".config" / "rgwkit").exists()


@AS_ROOT
def test_a_home_that_is_not_there_is_refused_and_not_made(module, person, entered):
    person(entered / "gone")
    for check in (True, False):
        result = module(client(path=str(entered / "gone" / "rgwkit"), owner="ada"), check=check)
        assert f"the home directory of the user ada, {entered}/gone, does not exist" in result["msg"]
    assert not (entered / "gone").exists()
    assert not module({"path": str(entered / "gone" / "rgwkit"), "owner": "ada", "state": "absent"})["changed"]


@AS_ROOT
def test_settings_of_an_account_that_is_gone_can_be_removed(module, entered):
    module(client(path=str(entered / "own")))
    for path in [entered / "own", *(entered / "own").rglob("*")]:
        os.chown(path, 54321, 54321)
    assert module({"path": str(entered / "own"), "owner": "nobody-any-more", "state": "absent"})["changed"]
    assert not (entered / "own").exists()


HOSTILE = "k'e\"y$(id)`id`\\n%(x)s;#&|<>*?~!{}[]^=,"


def test_a_shell_takes_every_value_as_it_is(module, tmp_path):
    entry = client(swift={"user": "ada:swift", "key": HOSTILE}, backup={"bucket": "box", "password": f" {HOSTILE} é "})
    module({**entry, "programs": ["swift", "duplicity"]})
    own = tmp_path / "own"
    script = f". {own}/swift.sh; . {own}/duplicity.sh; env -0"
    printed = subprocess.run(
        ["sh", "-euc", script], capture_output=True, check=True, env={"OS_STORAGE_URL": "x"}
    ).stdout
    seen = dict(line.split("=", 1) for line in printed.decode().split("\0") if line)
    assert (seen["ST_KEY"], seen["SWIFT_PASSWORD"], seen["PASSPHRASE"]) == (HOSTILE, HOSTILE, f" {HOSTILE} é ")
    assert "OS_STORAGE_URL" not in seen
