# SPDX-License-Identifier: Apache-2.0
"""Users of `rgw_users_list` as CephObjectStoreUser, as far as that kind can say what they are.

Source: Rook 1.20, ceph.rook.io/v1 (ObjectStoreUserSpec) and pkg/operator/ceph/object/user/controller.go. Rook makes a
user exactly what the object says: it removes other keys and caps, and gives a user without maxBuckets 1000 buckets.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, Iterator, List, Mapping, Sequence, Tuple

from ...base.errors import InputError
from ...base.secret import Secret
from ...rgw.user_record import Path, new_document, read_state
from ...rgw.user_spec import AS_NEW, DesiredUser, MissingSecretFile
from ..names import is_subdomain
from ..objects import Object, metadata, secret
from .store import API, Store

KIND = "CephObjectStoreUser"
# The caps whose names Rook spells otherwise.
_CAPS = {"user-info-without-keys": "userInfoWithoutKeys"}
_QUOTAS = {"max_size": "maxSize", "max_objects": "maxObjects"}


def user_objects(store: Store, users: Sequence[DesiredUser]) -> Tuple[List[Object], List[Object]]:
    """The users that are present, and the Secrets with their keys.

    Raises InputError with everything that a CephObjectStoreUser cannot say, of all users.
    """
    present = [_RookUser(store, user) for user in users if user.present]
    problems = [f"{user.where}: {problem}" for user in present for problem in user.problems()]
    if problems:
        raise InputError(
            f"a {KIND} of Rook cannot say what is asked for. {'; '.join(problems)}. Next: remove these options, or "
            "leave the users to playbooks/users.yml and name the others in rook_objects_uids"
        )
    return [user.public() for user in present], [found for user in present for found in user.private()]


class _RookUser:
    """One user on the way to its object."""

    def __init__(self, store: Store, user: DesiredUser) -> None:
        self.where = user.where
        self._store, self._user = store, user
        as_new = read_state(new_document(user.uid))
        # What a new user is anyhow needs no word.
        self._wanted = {
            path: value
            for path, value in user.wanted.items()
            if value is not None and value is not AS_NEW and as_new.get(path) != value
        }

    def problems(self) -> Iterator[str]:
        """What the object cannot say, each as option and reason."""
        if "$" in self._user.uid:
            yield "tenant: Rook makes users without a tenant"
        elif not is_subdomain(self._user.uid):
            yield f"uid: Kubernetes refuses the name '{self._user.uid}', and Rook gives the user that of the object"
        # A part may be asked for by its name alone.
        parts: Dict[Path, Any] = {(part, name): None for part, name in self._user.required if part not in _SAYABLE}
        for path, value in {**parts, **self._wanted}.items():
            check = _SAYABLE.get(path[0])
            problem = check(path, value) if check else _UNSAYABLE.get(path[0], "the kind has no such field")
            if problem and (path in parts or path[:2] not in parts):
                yield f"{_shown(path)}: {problem}"
        keys = {path[1] for path in self._wanted if path[0] == "s3_keys"}
        listed = {name for part, name in self._user.required if part == "s3_keys"}
        yield from (f"s3_keys '{name}': Rook needs the secret, too" for name in sorted(listed - keys))
        limits = [name for name, value in self._part("user_quota").items() if name in _QUOTAS and value >= 0]
        if limits and not self._user.wanted.get(("user_quota", "enabled"), True):
            yield "user_quota.enabled: Rook enforces each limit that it is given"

    def public(self) -> Object:
        """The CephObjectStoreUser."""
        spec: Dict[str, Any] = {"store": self._store.name}
        named = {"display_name": "displayName", "op_mask": "opMask"}
        spec.update({field: self._wanted[option,] for option, field in named.items() if (option,) in self._wanted})
        caps = {_CAPS.get(cap, cap): perm for cap, perm in self._part("caps").items()}
        spec.update({"capabilities": caps} if caps else {})
        quota = self._part("user_quota")
        quotas = {field: quota[name] for name, field in _QUOTAS.items() if quota.get(name, -1) >= 0}
        if ("max_buckets",) in self._wanted:
            quotas["maxBuckets"] = self._wanted["max_buckets",]
        spec.update({"quotas": quotas} if quotas else {})
        keys = [
            {"accessKeyRef": self._reference("access", number), "secretKeyRef": self._reference("secret", number)}
            for number in range(len(self._keys()))
        ]
        spec.update({"keys": keys} if keys else {})
        meta = metadata(self._user.uid, self._store.namespace, self._store.home)
        return {"apiVersion": API, "kind": KIND, "metadata": meta, "spec": spec}

    def private(self) -> List[Object]:
        """The Secret with the user's keys, if there are any."""
        keys = {}
        for number, (access, value) in enumerate(self._keys().items()):
            keys[f"access-{number}"], keys[f"secret-{number}"] = access, value.value
        return [secret(metadata(self._secret, self._store.namespace, self._store.home), keys)] if keys else []

    def _keys(self) -> Mapping[str, Secret]:
        return {path[1]: value for path, value in self._wanted.items() if path[0] == "s3_keys" and path[2] == "secret"}

    def _part(self, name: str) -> Dict[str, Any]:
        return {path[1]: value for path, value in self._wanted.items() if path[0] == name}

    def _reference(self, half: str, number: int) -> Dict[str, str]:
        return {"name": self._secret, "key": f"{half}-{number}"}

    @property
    def _secret(self) -> str:
        return f"{self._store.name}-{self._user.uid}-keys"


def _shown(path: Path) -> str:
    """The option as the inventory has it, without the last word of a part's path."""
    if path[0] in ("s3_keys", "subusers", "temp_url_keys"):
        return f"{path[0]} '{path[1]}'"
    return ".".join(path)


def _always(_path: Path, _value: Any) -> str:
    return ""


def _key(path: Path, value: Any) -> str:
    if path[2] == "subuser":
        return "Rook gives keys to users, not to subusers"
    if isinstance(value, MissingSecretFile):
        return f"there is no secret file '{value.path}'; run playbooks/users.yml first, or copy the file here"
    return ""


_SAYABLE: Mapping[str, Callable[[Path, Any], str]] = {
    **dict.fromkeys(("display_name", "op_mask", "max_buckets", "caps", "user_quota"), _always),
    "s3_keys": _key,
}
_UNSAYABLE = {
    "subusers": "Rook has no subusers, and so no swift (rook/rook#15632)",
    "bucket_quota": "Rook has a quota for the user alone",
    "suspended": "Rook cannot lock a user out",
    "system": "Rook makes no system users",
    "admin": "Rook makes no users with the rights of all others",
    "account": "Rook has accounts as CephObjectStoreAccount, which this toolkit does not write",
    "default_placement": "Rook has the field from 1.21 on",
    "default_storage_class": "Rook has the field from 1.21 on",
}
