# SPDX-License-Identifier: Apache-2.0
"""?acl: who may do what with a bucket beside what its policy says.

Canonical form: {"grants": [{"user": uid or "group": name, "permissions": [...]}]}, settled with the owner beside them.
The owner's full control goes without saying; where a gateway has an owner with less, there is a grant for him.

FULL_CONTROL is the four other permissions together, by the S3 User Guide ("ACL overview") and to RGW (one mask of
bits, ACLPermission_S3 in rgw_acl_s3.cc), so both have one form. RGW keeps the grants as they came (16.2.15, 18.2.7).

Grants by swift (X-Container-Read, X-Container-Write) are not in the answer, and a PUT removes them (18.2.7).
"""

from __future__ import annotations

from typing import Any, ClassVar, Dict, List, Set
from xml.etree.ElementTree import Element

from ...base.errors import InputError
from .. import markup
from .document import Canonical, Document, Setting
from .given import choice, items, mapping, one_of, shown, text

_GROUP_URI = "http://acs.amazonaws.com/groups/global/"
_GROUPS = {"all_users": f"{_GROUP_URI}AllUsers", "authenticated_users": f"{_GROUP_URI}AuthenticatedUsers"}
_GROUP_NAMES = {uri: name for name, uri in _GROUPS.items()}
_PERMISSIONS = ("read", "write", "read_acp", "write_acp")
FULL = ["full_control"]
# What the canned ACLs of a bucket give (S3 User Guide, "Canned ACL"; the others are for objects, or not RGW's).
CANNED = {
    "private": {},
    "public-read": {"all_users": ["read"]},
    "public-read-write": {"all_users": ["read", "write"]},
    "authenticated-read": {"authenticated_users": ["read"]},
}


class Acl(Document):
    """Data: the name of a canned ACL, or a list of grants beside the owner's: user or group, and permissions.

    A settled form is data, too; the owner that it names is left out, as a bucket has its owner from elsewhere.

    user: the uid with its tenant ("tenant$uid"). group: all_users or authenticated_users. permissions: of read, write,
    read_acp, write_acp, full_control.
    """

    name = "acl"
    query = "acl"
    root = "AccessControlPolicy"
    as_new: ClassVar[Canonical] = {"grants": []}
    removable = False

    def settled(self, canonical: Canonical, setting: Setting) -> Canonical:
        """With the owner, and without a grant that says what the owner has anyway."""
        owner = canonical.get("owner", setting.owner)
        return {"grants": _without_owner(canonical["grants"], owner), "owner": owner}

    def body(self, canonical: Canonical) -> bytes:
        """The owner's grant first, then the others in their order; one Grant for each permission."""
        owner = canonical["owner"]
        grants = canonical["grants"]
        if not any(grant.get("user") == owner for grant in grants):
            grants = [{"user": owner, "permissions": FULL}, *grants]
        elements = [_grant_element(grant, word) for grant in grants for word in grant["permissions"]]
        return markup.to_bytes(
            markup.element(
                self.root,
                markup.element("Owner", markup.element("ID", owner)),
                markup.element("AccessControlList", *elements),
            )
        )

    def _wanted(self, data: Any, place: str) -> Canonical:
        if isinstance(data, str):
            canned = CANNED[choice(data, place, CANNED)]
            return {"grants": [{"group": group, "permissions": words} for group, words in canned.items()]}
        if not isinstance(data, dict):
            return {"grants": _grants(data, place)}
        given = mapping(data, place, ("grants", "owner"))
        return {"grants": _grants(given.get("grants", []), f"{place}.grants")}

    def _stored(self, parsed: Element) -> Canonical:
        owner = markup.text_of(parsed, "Owner/ID") or ""
        held: Dict[tuple[str, str], Set[str]] = {("user", owner): set()}
        for grant in parsed.findall("AccessControlList/Grant"):
            words = {word.lower() for word in markup.texts_of(grant, "Permission")}
            held.setdefault(_grantee_of(grant), set()).update(words)
        grants = [{kind: name, "permissions": _permissions(words)} for (kind, name), words in held.items()]
        return {"grants": _without_owner(_sorted(grants), owner), "owner": owner}


def users(canonical: Canonical) -> set[str]:
    """The full uids of those who are granted something. RGW refuses a user that it does not have."""
    return {grant["user"] for grant in canonical["grants"] if "user" in grant}


def _grants(data: Any, place: str) -> List[Dict[str, Any]]:
    held: Dict[tuple[str, str], Set[str]] = {}
    for where, item in items(data, place):
        given = mapping(item, where, ("user", "group", "permissions"), needed=("permissions",))
        kind = one_of(given, where, ("user", "group"))
        name = text(given[kind], f"{where}.{kind}")
        if kind == "group" and name not in _GROUPS:
            raise InputError(f"{where}.group: {shown(name)}, and it has to be one of {', '.join(_GROUPS)}.")
        words = given["permissions"]
        words = [words] if isinstance(words, str) else words
        chosen = {choice(word, at, (*_PERMISSIONS, *FULL)) for at, word in items(words, f"{where}.permissions")}
        held.setdefault((kind, name), set()).update(chosen)
    return _sorted([{kind: name, "permissions": _permissions(words)} for (kind, name), words in held.items()])


def _permissions(words: Set[str]) -> List[str]:
    if FULL[0] in words or words.issuperset(_PERMISSIONS):
        return list(FULL)
    return [*[word for word in _PERMISSIONS if word in words], *sorted(words.difference(_PERMISSIONS))]


def _sorted(grants: List[Dict[str, Any]]) -> List[Dict[str, Any]]:
    return sorted(grants, key=lambda grant: (grant.get("group", ""), grant.get("user", ""), str(grant)))


def _without_owner(grants: List[Dict[str, Any]], owner: str) -> List[Dict[str, Any]]:
    return [grant for grant in grants if not (grant.get("user") == owner and grant["permissions"] == FULL)]


def _grantee_of(grant: Element) -> tuple[str, str]:
    uri = markup.text_of(grant, "Grantee/URI")
    if uri is not None:
        return ("group", _GROUP_NAMES.get(uri, uri))
    name = markup.text_of(grant, "Grantee/ID")
    if name is None:
        raise ValueError("a grant to neither a user nor a group, as swift can give one (X-Container-Read: .r:...)")
    return ("user", name)


def _grant_element(grant: Dict[str, Any], permission: str) -> Element:
    kind = "CanonicalUser" if "user" in grant else "Group"
    name = markup.element("ID", grant["user"]) if "user" in grant else markup.element("URI", _GROUPS[grant["group"]])
    grantee = markup.element("Grantee", name)
    # RGW looks for the attribute by this very name, whatever the namespace is called (ACLGrant_S3, rgw_acl_s3.cc).
    grantee.set("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance")
    grantee.set("xsi:type", kind)
    return markup.element("Grant", grantee, markup.element("Permission", permission.upper()))
