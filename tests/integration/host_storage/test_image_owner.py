# SPDX-License-Identifier: Apache-2.0
"""Who runs in an image, against what docker makes of the same user; and nothing is started or left."""

from __future__ import annotations

import tarfile
import time

import pytest
from ansible_collections.rgwkit.ceph.plugins.modules import image_owner

from tests.integration.host_storage.images import BASE, GROUP, PASSWD, docker, entry, run

FORMS = ("app", "1234", "app:media", "app:77", "4321", "4321:55", "4321:media", "0", "root:app", "second", "1235:0")
PROGRAM = "id -u; id -g; id -G"


def read_ids(printed):
    """uid, gid and further groups of a real process."""
    uid, gid, groups = printed.splitlines()
    return int(uid), int(gid), sorted({int(one) for one in groups.split()} - {int(gid)})


def by_docker(image, user=""):
    done = run(image, "sh", "-c", PROGRAM, options=[f"--user={user}"] if user else [])
    assert done.returncode == 0, done.stderr
    return read_ids(done.stdout)


def ids(found):
    return found["uid"], found["gid"], found["groups"]


@pytest.fixture(scope="module")
def running(app):
    """A container of the image, in which programs can be run as any user."""
    container = docker("run", "--detach", "--network=none", "--cpu-shares=2", "--entrypoint=sleep", app, "infinity")
    yield container
    docker("rm", "--force", container)


@pytest.mark.parametrize("user", FORMS)
def test_the_user_is_the_one_that_docker_starts(owner, app, running, user):
    assert ids(owner(app, user)) == read_ids(docker("exec", f"--user={user}", running, "sh", "-c", PROGRAM))


def test_the_image_s_own_user_counts_without_another(owner, app, second):
    assert ids(owner(app)) == by_docker(app) == (1234, 2345, [3456])
    assert ids(owner(second)) == by_docker(second)
    assert owner(app)["name"] == owner(app)["user"] == "app"


@pytest.mark.parametrize(
    ("image", "user"), [("rgwkit/ceph:18", "ceph"), ("rgwkit/haproxy:2.6", "haproxy"), (BASE, "65532")]
)
def test_images_of_this_project(owner, image, user):
    assert ids(owner(image, user)) == by_docker(image, user)


def test_an_image_without_a_user_is_root_s_and_says_so(run_module):
    result = run_module(image_owner, containers=[{"image": BASE}])
    assert ids(result["owners"][0]) == by_docker(BASE)
    assert "names no user" in str(result["warnings"]) and result["mapped"] is False
    assert "warnings" not in run_module(image_owner, containers=[{"image": BASE, "user": "0"}])


@pytest.mark.parametrize("user", ["nobody-there", "app:nobody-there", "2147483648"])
def test_a_user_that_docker_refuses_is_refused(owner, app, user):
    assert run(app, "true", options=[f"--user={user}"]).returncode != 0
    refused = owner(app, user)
    assert refused["failed"] and app in refused["msg"] and "Next: " in refused["msg"]


def test_an_image_that_is_not_here_is_named(owner):
    refused = owner("rgwkit-test/none:1")
    assert "rgwkit-test/none:1: docker has no such image. Pull or build" in refused["msg"]


def test_nothing_is_started_and_nothing_is_left(owner, images_made):
    files = [("etc/passwd", PASSWD), ("etc/group", GROUP), ("data/big", "x")]
    image = images_made.import_files(*files, change="VOLUME /data")
    volumes, began = docker("volume", "ls", "-q"), int(time.time())
    assert ids(owner(image, "app")) == (1234, 2345, [3456])
    seen = docker("events", f"--since={began}", f"--until={int(time.time()) + 1}", f"--filter=image={image_id(image)}")
    acts = [line.split()[2] for line in seen.splitlines()]
    assert "create" in acts and "destroy" in acts and "start" not in acts
    assert docker("ps", "--all", "--quiet", "--filter=name=rgwkit-look") == ""
    assert set(docker("volume", "ls", "-q").split()) <= set(volumes.split())


def image_id(image):
    return docker("image", "inspect", "--format={{.Id}}", image)


def test_an_image_without_files_knows_numbers_only(owner, images_made):
    image = images_made.import_files(("program", "x"), change="USER 4321")
    assert ids(owner(image)) == (4321, 0, [])
    assert "has no user app in /etc/passwd" in owner(image, "app")["msg"]


def test_links_are_followed_inside_the_image(owner, images_made, tmp_path):
    outside = tmp_path / "passwd"
    outside.write_text("app:x:1:1::/:\n")
    inside = ("store/passwd", PASSWD)
    relative = images_made.import_files(inside, entry("etc/passwd", tarfile.SYMTYPE, "../store/passwd"))
    assert owner(relative, "app")["uid"] == 1234
    absolute = images_made.import_files(inside, entry("etc/passwd", tarfile.SYMTYPE, "/store/passwd"))
    assert owner(absolute, "app")["uid"] == 1234
    host_s = images_made.import_files(inside, entry("etc/passwd", tarfile.SYMTYPE, str(outside)))
    assert "has no user app" in owner(host_s, "app")["msg"]
    circle = images_made.import_files(
        entry("etc/passwd", tarfile.SYMTYPE, "other"), entry("etc/other", tarfile.SYMTYPE, "passwd")
    )
    assert owner(circle, "app")["failed"]


def test_what_is_no_small_file_is_refused(owner, images_made):
    folder = images_made.import_files(entry("etc/passwd", tarfile.DIRTYPE))
    assert "no file of at most 4 MiB" in owner(folder, "app")["msg"]
    # More than the buffers of a connection take: the daemon still sends when the module has read enough.
    huge = images_made.import_files(("etc/passwd", "x" * 64 * 1024 * 1024))
    assert "no file of at most 4 MiB" in owner(huge, "app")["msg"]
    assert docker("ps", "--all", "--quiet", "--filter=name=rgwkit-look") == ""
