# SPDX-License-Identifier: Apache-2.0
"""The user of a process by its name or number and an image's files. The integration tests ask docker itself."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError
from ansible_collections.rgwkit.ceph.plugins.module_utils.host.image_user import User, resolve

PASSWD = "# users\n\nroot:x:0:0:::\napp:x:1234:2345::/:\n  late:x:7:8::/:\napp:x:9:9::/:\nshort:x:5\n+::::::\n"
GROUP = "root:x:0:\nmedia:x:3456:late,app\napp:x:2345:app\nlog:x:11:apps\nbad:x:many:app\nhuge:x:99999999999:app\n"


@pytest.mark.parametrize(
    ("user", "found"),
    [
        ("", User(0, 0, "root")),
        ("0", User(0, 0, "root")),
        ("app", User(1234, 2345, "app", (3456,))),
        ("1234", User(1234, 2345, "app", (3456,))),
        ("app:media", User(1234, 3456, "app")),
        ("app:", User(1234, 2345, "app", (3456,))),
        ("late", User(7, 8, "late", (3456,))),
        ("4321", User(4321, 0)),
        ("4321:55", User(4321, 55)),
        (":55", User(0, 55, "root")),
    ],
)
def test_a_user_is_resolved(user, found):
    assert resolve(user, PASSWD, GROUP) == found


@pytest.mark.parametrize(
    ("user", "said"),
    [
        ("nobody", "no user nobody in /etc/passwd"),
        ("short", "no user short"),
        ("app:nogroup", "no group nogroup in /etc/group"),
        ("app:bad", "no group bad"),
        ("app:huge", "no group huge"),
        ("2147483648", "2147483648 is no id"),
        ("-1", "-1 is no id"),
        ("app:-1", "-1 is no id"),
    ],
)
def test_what_is_not_there_is_refused(user, said):
    with pytest.raises(InputError, match=f"{said}.*Next: "):
        resolve(user, PASSWD, GROUP)


def test_an_image_without_files_has_root_and_numbers():
    assert resolve("", "", "") == User(0, 0)
    assert resolve("12:13", "", "") == User(12, 13)
    with pytest.raises(InputError):
        resolve("app", "", "")
