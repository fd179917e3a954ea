# SPDX-License-Identifier: Apache-2.0
"""What the hooks of mmdebstrap leave in a file system, by the shell that mmdebstrap runs them with."""

from __future__ import annotations

import subprocess

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.host.debian_hooks import configured, unpacked

CONFIG = "etc/dpkg/dpkg.cfg.d/99mmdebstrap"
FOLDERS = "etc/dpkg/dpkg.cfg.d var/lib/dpkg var/cache/apt/archives/partial usr/share/base-passwd usr/share/libc-bin"
FILES = {
    CONFIG: "force-unsafe-io\n",
    "var/lib/dpkg/status": "",
    "usr/share/base-passwd/passwd.master": "root:*:0:0:root:/root:/bin/bash\n",
    "usr/share/base-passwd/group.master": "root:*:0:\n",
    "usr/share/libc-bin/nsswitch.conf": "hosts: files dns\n",
}


@pytest.fixture
def root(tmp_path):
    """The file system as mmdebstrap has it when it runs the first hook."""
    path = tmp_path / "a root"
    for folder in FOLDERS.split():
        (path / folder).mkdir(parents=True)
    for name, text in FILES.items():
        (path / name).write_text(text)
    return path


def run(options, root):
    """Run each hook as mmdebstrap does."""
    for option in options:
        _name, _equals, script = option.partition("=")
        subprocess.run(["sh", "-c", script, "exec", str(root)], check=True)


def package(root, name, version):
    """A package in apt's cache, of no files."""
    control = root.parent / name / "DEBIAN"
    control.mkdir(parents=True)
    fields = {"Package": name, "Version": version, "Architecture": "all", "Maintainer": "nobody <n@example.com>"}
    text = "".join(f"{key}: {value}\n" for key, value in fields.items())
    (control / "control").write_text(f"{text}Description: a test\n")
    file = root / "var/cache/apt/archives" / f"{name}_{version}_all.deb"
    subprocess.run(["dpkg-deb", "--build", str(control.parent), str(file)], check=True, capture_output=True)


@pytest.mark.parametrize("options", [configured, lambda: unpacked()[1:]])
def test_documentation_goes_and_dpkg_brings_none_later(root, options):
    for folder in ("usr/share/doc/bash", "usr/share/man/man1", "usr/share/locale/de", "usr/share/docs"):
        (root / folder).mkdir(parents=True)
        (root / folder / "file").touch()
    run(options(), root)
    assert [path.parent.name for path in root.rglob("usr/share/*/**/file")] == ["docs"]
    lines = (root / CONFIG).read_text().splitlines()
    wanted = [f"path-exclude=/usr/share/{folder}/*" for folder in ("doc", "man", "info", "locale")]
    assert lines == ["force-unsafe-io", *wanted]


def test_a_program_finds_folders_accounts_and_names_without_any_script(root):
    run(unpacked(), root)
    assert all((root / folder).resolve() == root / "usr" / folder for folder in ("bin", "sbin", "lib", "lib64"))
    assert (root / "etc/passwd").read_text() == FILES["usr/share/base-passwd/passwd.master"]
    assert (root / "etc/group").read_text() == FILES["usr/share/base-passwd/group.master"]
    assert (root / "etc/nsswitch.conf").read_text() == "hosts: files dns\n"
    assert not (root / "etc/ssl").exists()


def test_folders_that_mmdebstrap_has_made_stay(root):
    (root / "usr/bin").mkdir()
    (root / "bin").symlink_to("usr/bin")
    (root / "sbin").mkdir()
    run(unpacked(), root)
    assert (root / "bin").readlink().name == "bin" and not (root / "usr/bin/bin").exists()
    assert (root / "sbin").is_dir() and not (root / "sbin").is_symlink() and not (root / "sbin/sbin").exists()


def test_the_authorities_are_one_file_in_the_order_of_names(root):
    for number, name in ((2, "b.crt"), (1, "B.crt")):
        path = root / "usr/share/ca-certificates/mozilla" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        # Not every certificate ends in a newline.
        path.write_text(f"certificate {number}")
    run(unpacked(), root)
    assert (root / "etc/ssl/certs/ca-certificates.crt").read_text() == "certificate 1\ncertificate 2\n"


def test_scanners_find_the_packages_and_nothing_says_that_others_are_installed(root):
    setup, extract = unpacked()
    run([setup], root)
    said = (root / "var/lib/dpkg/status").read_text()
    assert "Status: install ok installed" in said and " adduser (= 999:1)," in said
    package(root, "hub", "2.8+ds-1")
    package(root, "libhub", "1:2")
    run([extract], root)
    assert (root / "var/lib/dpkg/status").read_text() == ""
    found = {path.name: path.read_text() for path in (root / "var/lib/dpkg/status.d").iterdir()}
    assert found.keys() == {"hub", "libhub"} and "Version: 1:2\n" in found["libhub"]


def test_a_hook_that_fails_says_so(root):
    (root / "usr/share/base-passwd/group.master").unlink()
    with pytest.raises(subprocess.CalledProcessError):
        run(unpacked(), root)


@pytest.mark.parametrize("given", [[], [""]])
def test_a_hook_that_is_not_told_the_root_touches_nothing(root, given):
    kept = root / "usr/share/doc/kept"
    kept.parent.mkdir()
    kept.touch()
    (root / "var/lib/dpkg/status").write_text("this host's\n")
    for option in (*configured(), *unpacked()):
        script = option.partition("=")[2]
        assert subprocess.run(["sh", "-c", script, "exec", *given], cwd=root, capture_output=True).returncode != 0
    assert kept.exists() and (root / "var/lib/dpkg/status").read_text() == "this host's\n"
    assert (root / CONFIG).read_text() == "force-unsafe-io\n"
