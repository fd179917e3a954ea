# SPDX-License-Identifier: Apache-2.0
"""Entries of the module client_settings: checked, with the secrets of their files."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from ..base.errors import InputError, checked
from ..base.keystone_login import DEFAULT_DOMAIN, KEYSTONE, PREAUTH, KeystoneLogin
from ..base.login import Login
from ..base.secret import Secret, generate_secret, problem_with
from ..base.secret_files import check_new_file, given_secret, read_secret_file
from ..host.acting import Account, account_of
from ..http.endpoint import Endpoint
from .access import Access, Backup, Gateway, Registry, Sregistry
from .programs.table import PROGRAMS
from .sregistry_modes import APPENDED, AUTHTYPE, KEYSTONE_V3, LEGACY, MODES

__all__ = ["Secrets", "Wanted", "parse_clients"]

_Entry = Mapping[str, Any]
_VISIBLE = re.compile("[!-~]+")
_REGION = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")
# Amazon S3 User Guide, "General purpose bucket naming rules"; swift containers of RGW take more.
_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{2,254}")
_ADDRESS = re.compile(r"(\[[0-9a-f:.]+\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?")


@dataclass(frozen=True)
class Wanted:
    """One folder of settings as it is wanted.

    account: whose the folder is; None for an account that the host does not have, of which settings can only be
    removed. programs: those that have settings.
    """

    path: str
    present: bool
    account: Optional[Account]
    access: Access
    programs: Tuple[str, ...] = ()

    @property
    def secrets(self) -> List[str]:
        """All secrets, which no result may show."""
        access = self.access
        logins = [access.swift, access.s3, *(one.login for one in access.registries)]
        found = [login.secret for login in logins] + [login.basic.partition(" ")[2] for login in logins if login.user]
        return [text for text in (*found, access.backup.password.value, *_tokens(access.sregistry)) if text]


class Secrets:
    """The secrets of all entries, each file read once.

    planning: whether a file may be missing, since an earlier task of a real run would have created the file.
    missing: such files. new: passwords of backups that are still to be written, by the paths of their files.
    """

    def __init__(self, planning: bool) -> None:
        self._planning = planning
        self.missing: List[str] = []
        self.new: Dict[str, Secret] = {}

    def given(self, entry: _Entry, option: str) -> Secret:
        """The secret of an option, or of the file that the option with _file names. Raises InputError."""
        path = entry[f"{option}_file"]
        if path is not None and self._planning and read_secret_file(path) is None:
            self.missing.append(path)
            return generate_secret()
        return given_secret(option, entry[option], path)

    def password(self, entry: _Entry) -> Secret:
        """The password of a backup, a new one for a file that does not exist. Raises InputError."""
        path = entry["password_file"]
        if path is None or (path not in self.new and read_secret_file(path) is not None):
            return given_secret("password", entry["password"], path)
        if path not in self.new:
            check_new_file(path)
            self.new[path] = generate_secret()
        return self.new[path]


def parse_clients(entries: Sequence[_Entry], secrets: Secrets) -> List[Wanted]:
    """The folders. Raises InputError for the first entry that cannot be meant."""
    wanted = [
        checked(f"clients[{number}]", lambda one: _parse(one, secrets), one) for number, one in enumerate(entries)
    ]
    first: Dict[str, int] = {}
    for number, one in enumerate(wanted):
        other = first.setdefault(os.path.realpath(one.path), number)
        if other != number:
            raise InputError(f"clients[{number}]: the folder {one.path} is that of clients[{other}], too.")
    return wanted


def _parse(entry: _Entry, secrets: Secrets) -> Wanted:
    path = os.path.normpath(entry["path"])
    if not os.path.isabs(path):
        raise InputError(f"path: {entry['path']} is not an absolute path.")
    account = account_of(entry["owner"])
    if entry["state"] == "absent":
        return Wanted(path, False, account, Access(path))
    if account is None:
        raise InputError(f"owner: this host has no user {entry['owner']}.")
    access = _access(path, entry, secrets)
    return Wanted(path, True, account, access, _programs(entry["programs"], access))


def _access(path: str, entry: _Entry, secrets: Secrets) -> Access:
    parts: Dict[str, Any] = {}
    if entry["endpoint"] is not None:
        parts["gateway"] = _gateway(entry)
    elif entry["swift"] or entry["s3"]:
        raise InputError("endpoint: the logins swift and s3 need the URL of the gateway.")
    if entry["swift"]:
        parts.update(checked("swift", lambda one: _swift(one, secrets), entry["swift"]))
    if entry["s3"]:
        parts["s3"] = checked("s3", lambda one: _login(one, "access_key", "secret_key", secrets), entry["s3"])
    parts["registries"] = tuple(
        checked(f"registries[{number}]", lambda item: _registry(item, secrets), one)
        for number, one in enumerate(entry["registries"])
    )
    if entry["backup"]:
        parts["backup"] = checked("backup", lambda one: _backup(one, secrets), entry["backup"])
    access = Access(path, **parts)
    if entry["sregistry"] is not None:
        return _with(access, checked("sregistry", lambda one: _sregistry(one, access, secrets), entry["sregistry"]))
    return access if access.lacks("swift") else _with(access, _own_sregistry(access))


def _with(access: Access, sregistry: Sregistry) -> Access:
    return Access(**{**access.__dict__, "sregistry": sregistry})


def _gateway(entry: _Entry) -> Gateway:
    ca_file, region = entry["ca_file"] or "", entry["region"]
    endpoint = checked("endpoint", lambda url: _without_path(url, ca_file), entry["endpoint"])
    if not _REGION.fullmatch(region):
        raise InputError(
            f"region: {region} is no region that S3 clients take. Next: write letters, digits and '-', such as "
            "us-east-1; the placement of a bucket is an option of rgw_buckets."
        )
    return Gateway(str(endpoint), endpoint.authority, endpoint.tls is not None, ca_file, region)


def _without_path(url: str, ca_file: str = "") -> Endpoint:
    endpoint = Endpoint.parse(url, ca_file or None)
    if endpoint.path:
        raise InputError(
            f"the URL ends in the path {endpoint.path}, and each program appends a path of its own. Next: write "
            f"{endpoint.scheme}://{endpoint.authority}"
        )
    return endpoint


def _login(entry: _Entry, user: str, secret: str, secrets: Secrets) -> Login:
    found = secrets.given(entry, secret)
    problem = problem_with(found, allow_weak=True)
    if problem:
        raise InputError(f"{secret}: the secret {problem}.")
    return Login(_visible(user, entry[user]), found.value)


def _visible(option: str, text: str) -> str:
    """The text, which settings files take as one word."""
    if not _VISIBLE.fullmatch(text):
        raise InputError(f"{option}: '{text}' must be printable ASCII without blanks.")
    return text


def _registry(entry: _Entry, secrets: Secrets) -> Registry:
    address, user = entry["address"], entry["user"]
    if not _ADDRESS.fullmatch(address):
        raise InputError(f"address: '{address}' must be HOST or HOST:PORT, without scheme and path.")
    if ":" in user or not user.isprintable():
        raise InputError(f"user: '{user}' must be printable and without ':', as RFC 7617 has it.")
    return Registry(address, Login(user, secrets.given(entry, "password").value))


def _backup(entry: _Entry, secrets: Secrets) -> Backup:
    bucket, path = entry["bucket"], entry["path"].strip("/")
    if not _BUCKET.fullmatch(bucket):
        raise InputError(f"bucket: '{bucket}' must be 3 or more letters, digits, '.', '_' and '-'.")
    if path:
        _visible("path", path)
    return Backup(bucket, path, secrets.password(entry))


def _swift(entry: _Entry, secrets: Secrets) -> Dict[str, Any]:
    """The login of swift programs, and how it is authenticated."""
    login = _login(entry, "user", "key", secrets)
    if entry["auth"] == KEYSTONE:
        keystone = checked("keystone", lambda one: KeystoneLogin.of(login, one), entry["keystone"])
        for name in ("project", "project_domain", "user_domain", "region"):
            if not getattr(keystone, name).isprintable():
                raise InputError(f"keystone: {name}: the name must be printable.")
        return {"swift": login, "keystone": keystone}
    if entry["auth"] == PREAUTH:
        return {"swift": login, "storage_url": _visible("storage_url", entry["storage_url"])}
    return {"swift": login}


def _own_sregistry(access: Access) -> Sregistry:
    """By the login of swift programs, where sregistry can: of Keystone v3 it knows only what is called Default."""
    keystone = access.keystone
    if access.auth == PREAUTH:
        names = MODES[PREAUTH]
        return Sregistry(
            {AUTHTYPE: PREAUTH, names["token"]: access.swift.secret, names["storage_url"]: access.storage_url}
        )
    if keystone is None:
        return _legacy(access.gateway.url, access.swift)
    is_default = {keystone.project, keystone.project_domain, keystone.user_domain} == {DEFAULT_DOMAIN}
    if not is_default or keystone.application_credential or keystone.region or keystone.interface != "public":
        return Sregistry({})
    names = MODES[KEYSTONE_V3]
    values = {names["user"]: access.swift.user, names["token"]: access.swift.secret, names["url"]: keystone.url}
    return Sregistry({AUTHTYPE: KEYSTONE_V3, **values})


def _legacy(url: str, login: Login) -> Sregistry:
    names = MODES[LEGACY]
    values = {names["user"]: login.user, names["token"]: login.secret, names["url"]: url}
    return Sregistry({AUTHTYPE: LEGACY, **values})


def _sregistry(entry: _Entry, access: Access, secrets: Secrets) -> Sregistry:
    mode = entry["authtype"]
    given = {name: entry[name] for name in ("url", "user", "tenant", "region", "storage_url")}
    if entry["token"] is not None or entry["token_file"] is not None:
        given["token"] = secrets.given(entry, "token").value
    if mode == LEGACY:
        own = {"url": access.gateway.url, "user": access.swift.user, "token": access.swift.secret}
        given = {name: given.get(name) or own.get(name) for name in {*given, *own}}
    needed = MODES[mode]
    missing = sorted(name for name in needed if not given.get(name))
    if missing:
        raise InputError(f"authtype {mode} needs {', '.join(missing)} as well.")
    useless = sorted(name for name in given if given[name] and name not in needed)
    if useless:
        raise InputError(f"authtype {mode} does not use {', '.join(useless)}.")
    if mode in APPENDED:
        given["url"] = str(checked("url", _without_path, given["url"]))
    return Sregistry({AUTHTYPE: mode, **{needed[name]: _visible_value(name, given[name]) for name in sorted(needed)}})


def _visible_value(name: str, text: str) -> str:
    if not _VISIBLE.fullmatch(text):  # a token is among the values
        raise InputError(f"{name}: the value must be printable ASCII without blanks.")
    return text


def _tokens(sregistry: Sregistry) -> List[str]:
    return [value for name, value in sregistry.variables.items() if name.endswith("TOKEN")]


def _programs(names: Optional[Sequence[str]], access: Access) -> Tuple[str, ...]:
    """The programs of the list; without a list, those whose needs are met. Raises InputError."""
    if names is None:
        names = [name for name, program in PROGRAMS.items() if not program.lacks(access)]
    for name in names:
        program = PROGRAMS[name]
        if program.cannot_use("swift", access) and program.lacks(access):
            kinds = " and ".join(program.auths)
            raise InputError(f"programs: {name} cannot use swift with auth {access.auth}, only with {kinds}.")
        missing = ["endpoint" if part == "gateway" else part for part in program.lacks(access)]
        if missing:
            raise InputError(f"programs: {name} needs {(' or ' if program.any_of else ' and ').join(missing)}.")
        if program.misreads(access):
            raise InputError(
                f"programs: {name} takes signs of a name or a secret of this user for a quote or a variable. "
                f"Next: give the user another key, or list the programs without {name}."
            )
    return tuple(dict.fromkeys(names))
