# SPDX-License-Identifier: Apache-2.0
"""The container's environment as one typed object: the variables of `ceph/daemon demo`, and a few more.

Every bad value raises one DemoError that names the variable.
"""

import ipaddress
import json
import re
import socket
from typing import Dict, FrozenSet, Mapping, NamedTuple, Optional, Sequence, Tuple

from ceph_demo import frontend, network
from ceph_demo.errors import DemoError
from ceph_demo.frontend import Frontend

OBJECTSTORES = ("bluestore", "memstore")
ALWAYS = frozenset(("mon", "mgr"))
ALL = frozenset(("mon", "mgr", "osd", "rgw"))
LOOPBACK = "127.0.0.1"

Given = Mapping[str, str]


class DemoUser(NamedTuple):
    """The user to create. A key that is None is generated."""

    uid: str
    access_key: Optional[str]
    secret_key: Optional[str]


class Settings(NamedTuple):
    """All settings of the environment."""

    mon_ip: str
    mon_port: int
    public_network: str
    osd_count: int
    objectstore: str
    daemons: FrozenSet[str]
    rgw_name: str
    frontend: Frontend
    rgw_options: Dict[str, str]
    user: Optional[DemoUser]
    bucket: Optional[str]


def read(environment: Given) -> Settings:
    """Settings from the environment; an empty variable counts as unset."""
    given = {name: value.strip() for name, value in environment.items() if value.strip()}
    mon_ip, public_network = _network(given)
    settings = Settings(
        mon_ip=mon_ip,
        mon_port=_number(given, "MON_PORT", 3300, 1, 65535),
        public_network=public_network,
        osd_count=_number(given, "OSD_COUNT", 1, 1, 16),
        objectstore=_choice(given, "OSD_OBJECTSTORE", OBJECTSTORES),
        daemons=_daemons(given),
        rgw_name=_rgw_name(given),
        frontend=_frontend(given),
        rgw_options=_rgw_options(given),
        user=_user(given),
        bucket=_bucket(given),
    )
    _check_together(settings)
    return settings


def _check_together(settings: Settings) -> None:
    user, bucket, listener = settings.user, settings.bucket, settings.frontend
    if bucket and not user:
        raise DemoError(f"CEPH_DEMO_BUCKET={bucket}: a bucket needs its owner; set CEPH_DEMO_UID")
    if user and "rgw" not in settings.daemons:
        raise DemoError(f"CEPH_DEMO_UID={user.uid}: a user needs the gateway; add rgw to DEMO_DAEMONS")
    if listener.port == settings.mon_port:
        raise DemoError(f"RGW_FRONTEND_PORT={listener.port}: that is the monitor's port; change it or MON_PORT")


def _number(given: Given, name: str, default: int, low: int, high: int) -> int:
    text = given.get(name, str(default))
    if not re.match(r"[0-9]{1,9}$", text) or not low <= int(text) <= high:
        raise DemoError(f"{name}={text}: a whole number from {low} to {high} is needed")
    return int(text)


def _choice(given: Given, name: str, choices: Sequence[str]) -> str:
    value = given.get(name, choices[0])
    if value not in choices:
        raise DemoError(f"{name}={value}: one of {', '.join(choices)} is needed")
    return value


def _address(given: Given, name: str, default: str) -> str:
    text = given.get(name, default)
    try:
        return str(ipaddress.ip_address(text.strip("[]")))
    except ValueError as error:
        raise DemoError(f"{name}={text}: an IP address is needed") from error


def _network(given: Given) -> Tuple[str, str]:
    """The monitor's address and its network."""
    # As in ceph/daemon, a detected address has precedence over MON_IP, and 1 tries IPv6 first.
    detect = _choice(given, "NETWORK_AUTO_DETECT", ("0", "1", "4", "6"))
    if detect != "0":
        for version in {"1": (6, 4), "4": (4,), "6": (6,)}[detect]:
            found = network.detect(version)
            if found:
                return str(found.ip), str(found.network)
        raise DemoError(f"NETWORK_AUTO_DETECT={detect}: this container has no matching address; set MON_IP")

    mon_ip = _address(given, "MON_IP", LOOPBACK)
    return mon_ip, _public_network(given, mon_ip)


def _public_network(given: Given, mon_ip: str) -> str:
    own = network.own_network(mon_ip)
    if own is None:
        addresses = ", ".join(str(found.ip) for found in network.interfaces())
        raise DemoError(f"MON_IP={mon_ip}: not an address of this container, which has {addresses}")
    text = given.get("CEPH_PUBLIC_NETWORK", own)
    try:
        public_network = ipaddress.ip_network(text, strict=False)
    except ValueError as error:
        raise DemoError(f"CEPH_PUBLIC_NETWORK={text}: a network such as 10.0.0.0/24 is needed") from error
    if ipaddress.ip_address(mon_ip) not in public_network:
        raise DemoError(f"CEPH_PUBLIC_NETWORK={text}: MON_IP={mon_ip} is outside this network")
    return str(public_network)


def _daemons(given: Given) -> FrozenSet[str]:
    text = given.get("DEMO_DAEMONS", "all")
    if text == "all":
        return ALL
    named = frozenset(filter(None, re.split(r"[\s,]+", text)))
    others = ", ".join(sorted(named - ALL))
    if others:
        known = ", ".join(sorted(ALL))
        raise DemoError(f"DEMO_DAEMONS={text}: {others} cannot be run here; this image runs only {known}")
    if "rgw" in named and "osd" not in named:
        raise DemoError(f"DEMO_DAEMONS={text}: rgw needs osd")
    return named | ALWAYS


def _rgw_name(given: Given) -> str:
    name = given.get("RGW_NAME", socket.gethostname().split(".")[0])
    if not re.match(r"[A-Za-z0-9][A-Za-z0-9._-]*$", name):
        raise DemoError(f"RGW_NAME={name}: letters, digits, dots, dashes and underscores are allowed")
    return name


def _frontend(given: Given) -> Frontend:
    if "RGW_FRONTEND" in given:
        return frontend.parse(_one_line(given, "RGW_FRONTEND"))
    return frontend.compose(
        _choice(given, "RGW_FRONTEND_TYPE", frontend.TYPES),
        _address(given, "RGW_FRONTEND_IP", "0.0.0.0"),
        _number(given, "RGW_FRONTEND_PORT", 8080, 1, 65535),
        _one_line(given, "RGW_FRONTEND_OPTIONS"),
    )


def _rgw_options(given: Given) -> Dict[str, str]:
    """More options of the gateway, as a JSON object of names with underscores and texts. None of them is secret."""
    name, text = "RGW_OPTIONS", given.get("RGW_OPTIONS", "{}")
    try:
        options = json.loads(text)
    except ValueError as error:
        raise DemoError(
            f'{name}: a JSON object such as {{"rgw_keystone_url": "https://..."}} is needed: {error}'
        ) from error
    if not isinstance(options, dict) or not all(isinstance(value, str) for value in options.values()):
        raise DemoError(f"{name}: a JSON object whose values are texts is needed")
    for option, value in options.items():
        if not re.match(r"[a-z][a-z0-9_]*$", option):
            raise DemoError(f"{name}: {option!r} is no name of an option of Ceph")
        # In ceph.conf, # and ; begin a comment.
        if not value.isprintable() or set(value) & set("#;"):
            raise DemoError(f"{name}: the value of {option} has a character that ceph.conf does not take")
    return options


def _one_line(given: Given, name: str) -> str:
    value = given.get(name, "")
    if not value.isprintable():
        raise DemoError(f"{name}: a line break or control character is not allowed in ceph.conf")
    return value


def _bucket(given: Given) -> Optional[str]:
    name = given.get("CEPH_DEMO_BUCKET")
    if name and not re.match(r"[A-Za-z0-9][A-Za-z0-9._-]{2,254}$", name):
        raise DemoError(f"CEPH_DEMO_BUCKET={name}: 3 to 255 letters, digits, dots, dashes and underscores are needed")
    return name


def _user(given: Given) -> Optional[DemoUser]:
    uid = given.get("CEPH_DEMO_UID")
    if uid is None:
        return None
    if not re.match(r"[^\s:$/]+$", uid):
        raise DemoError(f"CEPH_DEMO_UID={uid}: white space, ':', '$' and '/' are not allowed")
    access_key = given.get("CEPH_DEMO_ACCESS_KEY")
    if access_key and not re.match(r"[A-Za-z0-9_.-]+$", access_key):
        raise DemoError("CEPH_DEMO_ACCESS_KEY: only letters, digits, '_', '.' and '-' are allowed")
    return DemoUser(uid, access_key, _secret_key(given))


def _secret_key(given: Given) -> Optional[str]:
    """The secret key; no message quotes it."""
    name, secret_key = "CEPH_DEMO_SECRET_KEY", given.get("CEPH_DEMO_SECRET_KEY")
    path = given.get("CEPH_DEMO_SECRET_KEY_FILE")
    if path and secret_key:
        raise DemoError("CEPH_DEMO_SECRET_KEY and CEPH_DEMO_SECRET_KEY_FILE are both set; give one of them")
    if path:
        name = f"CEPH_DEMO_SECRET_KEY_FILE={path}"
        try:
            with open(path, encoding="ascii") as file:
                secret_key = file.read().strip()
        except UnicodeDecodeError:
            raise DemoError(f"{name}: the file holds more than ASCII text") from None  # its text quotes the bytes
        except OSError as error:
            raise DemoError(f"{name}: the file cannot be read: {error.strerror}") from error
        if not secret_key:
            raise DemoError(f"{name}: the file is empty")
    if secret_key and not re.match(r"[!-~]+$", secret_key):
        raise DemoError(f"{name}: printable ASCII without white space is needed")
    return secret_key
