# SPDX-License-Identifier: Apache-2.0
"""Podman's images, with its command doubled."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.host.images import connect_images, image_id
from ansible_collections.rgwkit.ceph.plugins.module_utils.host.podman_images import PodmanImages

from tests.unit.host.podman_double import Podman


@pytest.fixture
def podman(tmp_path, monkeypatch):
    return Podman(tmp_path, monkeypatch)


@pytest.fixture
def images():
    return connect_images("podman")


def test_an_image_is_what_podman_tells(podman, images):
    podman.tell("image inspect", [{"Id": "abc", "RepoTags": ["localhost/rgwkit/ceph:18"]}])
    assert images.image("rgwkit/ceph:18")["Id"] == image_id("rgwkit/ceph:18", "podman") == "abc"


@pytest.mark.parametrize("said", ["Error: no such image x:1", "Error: inspecting object: x:1: image not known"])
def test_an_absent_image_is_none(podman, images, said):
    podman.refuse("image inspect", said)
    assert images.image("x:1") is None and image_id("x:1", "podman") == ""


def test_a_broken_podman_is_no_absent_image(podman, images):
    podman.refuse("image inspect", "Error: mounting storage: permission denied")
    with pytest.raises(ToolError, match="permission denied"):
        images.image("x:1")


def test_a_program_that_is_no_podman_is_told_by_its_words(podman, images):
    podman.answer("image inspect", "echo something else")
    with pytest.raises(ToolError, match="something else"):
        images.image("x:1")


def test_a_file_system_becomes_an_image_with_labels(podman, images, tmp_path):
    podman.answer("import --quiet", f"cat > {tmp_path}/tar; echo sha256:abc")
    assert images.import_image(iter([b"a ", b"tar"]), labels={"b": "1 2=3", "a": "x"}) == "sha256:abc"
    assert (tmp_path / "tar").read_bytes() == b"a tar"
    assert podman.asked() == [["import", "--quiet", '--change=LABEL a="x"', '--change=LABEL b="1 2=3"', "-"]]


def test_an_import_that_ends_early_is_told_by_its_last_words(podman, images):
    podman.refuse("import --quiet", "copying", "Error: no space left on device")
    with pytest.raises(ToolError, match=r"import image: copying \| Error: no space left on device"):
        images.import_image([b"x" * 1_000_000] * 8)


def test_an_import_without_an_id_is_an_error(podman, images):
    podman.answer("import --quiet", "cat > /dev/null")
    with pytest.raises(ToolError, match="import image: nothing said"):
        images.import_image([b"x"])


def test_a_source_that_fails_ends_the_import(podman, images, tmp_path):
    def torn():
        yield b"half"
        raise ToolError("read", "a tar", "torn", "")

    podman.answer("import --quiet", f"cat > {tmp_path}/tar; touch {tmp_path}/imported; echo sha256:abc")
    with pytest.raises(ToolError, match="read a tar: torn"):
        images.import_image(torn())
    assert not (tmp_path / "imported").exists()


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda images: images.tag_image("abc", "x:1"), ["tag", "abc", "x:1"]),
        (lambda images: images.remove_image("abc"), ["image", "rm", "abc"]),
        (lambda images: images.remove_image("abc", force=True), ["image", "rm", "--force", "abc"]),
        (lambda images: images.pull("quay.io/x:1"), ["pull", "--quiet", "quay.io/x:1"]),
    ],
)
def test_names_are_given_taken_and_pulled(podman, images, act, words):
    for begin in ("tag", "image rm", "pull"):
        podman.answer(begin, "echo done")
    act(images)
    assert podman.asked() == [words]


def test_a_build_keeps_what_the_format_of_oci_has_not(podman):
    podman.answer("build", "echo sha256:abc")
    PodmanImages().build("x:1", "/folder", {"BASE": "y:1"}, {"a": "b c"}, cache=False)
    assert podman.asked() == [
        ["build", "--quiet", "--format=docker", "--network=host", "--no-cache=true", "--build-arg=BASE=y:1"]
        + ["--label=a=b c", "--tag=x:1", "/folder"]
    ]


def test_a_failed_pull_has_the_registry_s_words(podman, images):
    podman.refuse("pull", "Trying to pull x", "Error: initializing source: manifest unknown")
    with pytest.raises(ToolError) as raised:
        images.pull("x")
    assert "Could not pull image x with podman" in str(raised.value) and "manifest unknown" in raised.value.code


@pytest.mark.parametrize(
    "said", ["", "Error: parsing manifest blob: Treating single images as manifest lists is not implemented"]
)
def test_an_image_that_the_registry_has_is_offered(podman, images, said):
    podman.refuse("manifest inspect", said) if said else podman.answer("manifest inspect", "echo '{}'")
    assert images.offered("quay.io/x:1") is None


def test_an_image_that_the_registry_has_not_is_not_offered(podman, images):
    podman.refuse("manifest inspect", "Error: reading image: dial tcp: lookup quay.io: no such host")
    with pytest.raises(ToolError) as raised:
        images.offered("quay.io/x:1")
    assert raised.value.code == "reading image: dial tcp: lookup quay.io: no such host"


def test_a_host_without_podman_says_so(monkeypatch, tmp_path, images):
    monkeypatch.setenv("PATH", str(tmp_path))
    for act in (lambda: images.image("x"), lambda: images.import_image([b""])):
        with pytest.raises(ToolError, match="Install podman"):
            act()


def test_an_image_is_held_and_let_go(podman, images):
    podman.answer("create --name=look", "echo c1")
    podman.answer("rm --volumes", "true")
    assert images.hold_image({"Id": "sha256:a"}, "look") == "c1"
    images.release_image("c1")
    create, remove = podman.asked()
    assert create[-2:] == ["sha256:a", "/never-started"]
    assert {"--pull=never", "--network=none", "--image-volume=ignore"} < set(create)
    assert remove == ["rm", "--volumes", "--force", "c1"]


def test_a_file_of_an_image_is_copied_out(podman, images):
    podman.answer("cp c1:/etc/passwd", 'printf "app\\377" > "$3"')
    assert images.read_file("c1", "/etc/passwd") == b"app\xff"


@pytest.mark.parametrize(
    "said",
    [
        'Error: "/etc/group" could not be found on container c1: no such file or directory',
        'Error: "/etc/group" could not be found on container c1: stat: x',
    ],
)
def test_a_file_that_is_not_there_is_none(podman, images, said):
    podman.refuse("cp c1:/etc/group", said)
    assert images.read_file("c1", "/etc/group") is None


@pytest.mark.parametrize(
    ("act", "said"),
    [('mkdir "$3"', "no file of at most 4 MiB"), ('truncate -s 5M "$3"', "no file of"), ("exit 125", "nothing said")],
)
def test_what_cannot_be_read_is_refused(podman, images, act, said):
    podman.answer("cp c1:/etc/passwd", act)
    with pytest.raises(ToolError, match=said):
        images.read_file("c1", "/etc/passwd")


@pytest.mark.parametrize(("uid", "mapped"), [(0, False), (1000, True)])
def test_podman_without_root_maps_users(images, monkeypatch, uid, mapped):
    monkeypatch.setattr("os.geteuid", lambda: uid)
    assert images.maps_users() is mapped
