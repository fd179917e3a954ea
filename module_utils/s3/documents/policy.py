# SPDX-License-Identifier: Apache-2.0
"""?policy: who may and may not do what, in the language of AWS (IAM User Guide, "IAM JSON policy element reference").

Canonical form: {} or the policy under AWS' own names, with a version, lists sorted and without repetitions, a single
text as a list of one, principals as {"AWS": [...]} with "*" alone for everyone, a bare tenant as the ARN of its root,
and conditions' values as text. Statements are a set: a Deny wins wherever it stands.
"""

from __future__ import annotations

import json
from typing import Any, ClassVar, Dict, List, Mapping, NamedTuple, Sequence, Tuple

from ...base import remote_json
from ...base.errors import InputError
from ...base.text import json_text, to_bytes
from .document import Canonical, Document, Setting
from .given import mapping, shown, text
from .policy_actions import ACTIONS

VERSIONS = ("2012-10-17", "2008-10-17")
# S3 User Guide, "Bucket policies": 20 KB.
MOST_BYTES = 20 * 1024
EVERYONE = "*"

_TOP = ("Version", "Id", "Statement")
_WHO = ("Principal", "NotPrincipal")
_WHAT = ("Action", "NotAction")
_WHERE = ("Resource", "NotResource")
_STATEMENT = ("Sid", "Effect", *_WHO, *_WHAT, *_WHERE, "Condition")
# RGW's parser knows two more types, CanonicalUser and Service, and leaves such a principal out of the statement
# (ParseState::parse_principal, rgw_iam_policy.cc).
_PRINCIPAL_TYPES = ("AWS", "Federated")
# rgw_iam_policy_keywords.gperf. Each may end in IfExists.
_OPERATORS = frozenset(
    [
        *(f"{head}String{end}" for head in ("", "ForAllValues:", "ForAnyValue:") for end in ("Equals", "Like")),
        *(f"{head}StringEqualsIgnoreCase" for head in ("", "ForAllValues:", "ForAnyValue:")),
        *("StringNotEquals", "StringNotEqualsIgnoreCase", "StringNotLike", "Bool", "BinaryEquals", "Null"),
        *(f"{kind}{end}" for kind in ("Numeric", "Date") for end in ("Equals", "NotEquals", "LessThan", "GreaterThan")),
        *(f"{kind}{end}" for kind in ("Numeric", "Date") for end in ("LessThanEquals", "GreaterThanEquals")),
        *("IpAddress", "NotIpAddress", "ArnEquals", "ArnNotEquals", "ArnLike", "ArnNotLike"),
    ]
)
_ACTION_NAMES = {action.lower(): action for action in ACTIONS}


class Kind(NamedTuple):
    """What statements of a policy have, by where the policy is.

    words: the policy in a sentence. parts: of each group, a statement has one. foreign: what a statement has no place
    for. services: of which the actions are.
    """

    words: str
    parts: Tuple[Tuple[str, ...], ...]
    foreign: Tuple[str, ...]
    services: Tuple[str, ...]


BUCKET = Kind("a bucket's policy", (_WHO, _WHAT, _WHERE), (), ("s3",))
# RGW takes these with parts that are missing or that it has no use for, and leaves the statement out (20.2.4).
IDENTITY = Kind("a policy of a user, group or role", (_WHAT, _WHERE), _WHO, ("s3", "iam", "sts", "sns"))
TRUST = Kind("a trust policy", (("Principal",), _WHAT), ("NotPrincipal", *_WHERE), ("sts",))


class Principal(NamedTuple):
    """Of whom a statement tells. kind: everyone, tenant, user, role or other; name: the uid, or what stands there."""

    kind: str
    tenant: str
    name: str


class BucketName(NamedTuple):
    """A bucket that a statement tells of. The name may have wildcards; the tenant is empty for the policy's own."""

    tenant: str
    name: str


class Policy(Document):
    """Data: a policy as a mapping or as JSON text."""

    name = "policy"
    query = "policy"
    none_codes = ("NoSuchBucketPolicy",)
    as_new: ClassVar[Canonical] = {}
    content_type = "application/json"

    def settled(self, canonical: Canonical, setting: Setting) -> Canonical:
        """With the tenant in each bucket's ARN: RGW takes a missing one and '*' for that of the bucket's owner."""
        if not canonical:
            return canonical
        statements = []
        for statement in canonical["Statement"]:
            places = {
                name: _set(_with_tenant(arn, setting.tenant) for arn in statement[name])
                for name in _WHERE
                if name in statement
            }
            statements.append({**statement, **places})
        return {**canonical, "Statement": _as_set(statements)}

    def body(self, canonical: Canonical) -> bytes:
        """JSON in one line."""
        return to_bytes(json_of_policy(canonical))

    def _wanted(self, data: Any, place: str) -> Canonical:
        if data == {} or (isinstance(data, str) and data.strip() == "{}"):
            return {}
        policy = policy_of(data, place, BUCKET)
        size = len(self.body(policy))
        if size > MOST_BYTES:
            raise InputError(f"{place}: {size} bytes of JSON, and S3 takes {MOST_BYTES} at most.")
        return policy

    def _parsed(self, body: bytes, target: str) -> Any:
        try:
            return remote_json.loads(body)
        except ValueError:
            if body.lstrip().startswith(b"<"):
                super()._parsed(body, target)
            raise

    def _stored(self, parsed: Any) -> Canonical:
        # Who wrote it may have written what `wanted` refuses; the gateway has taken it.
        try:
            return _policy(mapping(parsed, "policy", _TOP), "policy", strict=False)
        except InputError as error:
            raise ValueError(f"a policy that this toolkit does not understand: {error}") from None


def policy_of(data: Any, place: str, kind: Kind) -> Canonical:
    """The canonical form of a policy of that kind, given as a mapping or as JSON text. Raises InputError."""
    if isinstance(data, str):
        try:
            data = remote_json.loads(data)
        except ValueError as error:
            raise InputError(f"{place}: a text that is no JSON ({error}); give JSON, or a mapping.") from None
    return _policy(mapping(data, place, _TOP), place, True, kind)


def stored_policy(text_: str, kind: Kind) -> Canonical:
    """The canonical form of a policy that a gateway has taken. Raises ValueError."""
    try:
        return _policy(mapping(remote_json.loads(text_), "policy", _TOP), "policy", False, kind)
    except InputError as error:
        raise ValueError(f"a policy that this toolkit does not understand: {error}") from None


def json_of_policy(canonical: Canonical) -> str:
    """JSON in one line."""
    return json_text({name: canonical[name] for name in _TOP if name in canonical})


def principals(canonical: Canonical) -> List[Principal]:
    """Of whom the policy tells. RGW takes users that it does not have (16.2.15, 18.2.7, 20.2.4)."""
    found = {
        _principal(kind, name)
        for statement in canonical.get("Statement", [])
        for who in _WHO
        for kind, names in statement.get(who, {}).items()
        for name in names
    }
    return sorted(found)


def resources(canonical: Canonical) -> List[BucketName]:
    """Of which buckets the policy tells. RGW takes other buckets than the policy's own (16.2.15, 18.2.7, 20.2.4)."""
    arns = {arn for statement in canonical.get("Statement", []) for where in _WHERE for arn in statement.get(where, [])}
    found = {BucketName(_tenant_of(arn), arn.split(":", 5)[5].partition("/")[0]) for arn in arns if arn.count(":") >= 5}
    return sorted(found | {BucketName("", arn) for arn in arns if arn.count(":") < 5})


def actions(canonical: Canonical) -> List[str]:
    """Of which actions the policy tells; they may have wildcards."""
    statements = canonical.get("Statement", [])
    return _set(action for statement in statements for what in _WHAT for action in statement.get(what, []))


def _policy(given: Mapping[str, Any], place: str, strict: bool = True, kind: Kind = BUCKET) -> Dict[str, Any]:
    # IAM User Guide, "Version": what a policy without one is taken for.
    version = _scalar(given.get("Version", VERSIONS[1]), f"{place}.Version")
    if strict and version not in VERSIONS:
        raise InputError(f"{place}.Version: {shown(version)}, and it has to be {' or '.join(VERSIONS)}.")
    listed = given.get("Statement", None if strict else [])
    listed = [listed] if isinstance(listed, Mapping) else listed
    if not isinstance(listed, list) or (strict and not listed):
        raise InputError(f"{place}.Statement: {shown(listed)}; give a list of statements.")
    statements = [_statement(item, f"{place}.Statement[{index}]", strict, kind) for index, item in enumerate(listed)]
    sids = [statement["Sid"] for statement in statements if "Sid" in statement]
    for sid in sids:
        if strict and sids.count(sid) > 1:
            raise InputError(f"{place}.Statement: the Sid {shown(sid)} is given twice; each statement has its own.")
    identity = {"Id": _scalar(given["Id"], f"{place}.Id")} if "Id" in given else {}
    return {"Version": version, **identity, "Statement": _as_set(statements)}


def _statement(data: Any, place: str, strict: bool, kind: Kind) -> Dict[str, Any]:
    given = mapping(data, place, _STATEMENT)
    if strict:
        _check_parts(given, place, kind)
    found: Dict[str, Any] = {"Effect": given["Effect"]} if "Effect" in given else {}
    if given.get("Sid"):
        found["Sid"] = _scalar(given["Sid"], f"{place}.Sid")
    for name in _WHO:
        if name in given:
            found[name] = _who(given[name], f"{place}.{name}", strict)
    for name in _WHAT:
        if name in given:
            found[name] = _set(
                _action(word, f"{place}.{name}", strict, kind) for word in _words(given[name], place, name)
            )
    for name in _WHERE:
        if name in given:
            found[name] = _set(_words(given[name], place, name))
            for arn in found[name] if strict and kind is BUCKET else ():
                if arn != EVERYONE and (not arn.startswith("arn:aws:s3:") or arn.count(":") < 5):
                    example = "arn:aws:s3:::bucket/*, or with a tenant arn:aws:s3::tenant:bucket/*"
                    raise InputError(f"{place}.{name}: {shown(arn)}; a bucket's ARN is like {example}.")
    conditions = _conditions(given.get("Condition", {}), f"{place}.Condition", strict)
    return {**found, "Condition": conditions} if conditions else found


def _check_parts(given: Mapping[str, Any], place: str, kind: Kind) -> None:
    """RGW takes a statement that lacks one of these (18.2.7); it then says nothing, or of a Deny too little."""
    effect = given.get("Effect")
    if effect not in ("Allow", "Deny"):
        raise InputError(f"{place}.Effect: {shown(effect)}, and it has to be Allow or Deny.")
    for name in kind.foreign:
        if name in given:
            raise InputError(f"{place}.{name}: {kind.words} has none.")
    for names in kind.parts:
        if sum(name in given for name in names) != 1:
            raise InputError(f"{place}: give one of {' and '.join(names)}; {kind.words} needs each.")


def _who(data: Any, place: str, strict: bool) -> Dict[str, List[str]]:
    if data == EVERYONE:
        return {"AWS": [EVERYONE]}
    if not isinstance(data, Mapping):
        raise InputError(f"{place}: {shown(data)}; give '*', or a mapping such as AWS: arn:aws:iam:::user/uid.")
    found = {}
    for kind, names in data.items():
        if strict and kind not in _PRINCIPAL_TYPES:
            raise InputError(f"{place}: {shown(kind)}; RGW knows {' and '.join(_PRINCIPAL_TYPES)}.")
        listed = _words(names, place, kind) if strict or names else []
        words = _set(_root_of_tenant(word) if kind == "AWS" else word for word in listed)
        found[kind] = [EVERYONE] if EVERYONE in words else words
        for word in found[kind] if strict else ():
            if _principal(kind, word).kind == "other":
                raise InputError(
                    f"{place}.{kind}: {shown(word)}; RGW knows '*', arn:aws:iam::TENANT:user/UID, "
                    "arn:aws:iam::TENANT:role/NAME and arn:aws:iam::TENANT:root, where TENANT may be empty."
                )
    return dict(sorted(found.items()))


def _root_of_tenant(word: str) -> str:
    return word if word == EVERYONE or ":" in word or "/" in word else f"arn:aws:iam::{word}:root"


def _principal(kind: str, name: str) -> Principal:
    if name == EVERYONE:
        return Principal("everyone", "", name)
    parts = name.split(":", 5)
    if kind not in _PRINCIPAL_TYPES or len(parts) < 6 or parts[0] != "arn":
        return Principal("other", "", name)
    if parts[5] == "root":
        return Principal("tenant", parts[4], "")
    what, slash, rest = parts[5].partition("/")
    kinds = {"user": "user", "role": "role", "assumed-role": "role", "oidc-provider": "provider"}
    return Principal(kinds[what], parts[4], rest) if slash and what in kinds else Principal("other", "", name)


def _action(word: str, place: str, strict: bool, kind: Kind) -> str:
    """An action as the documentation spells it: case says nothing (match_policy, rgw_string.cc)."""
    service = word.lower().partition(":")[0]
    if strict and word != EVERYONE and service not in kind.services:
        example = "s3:GetObject" if "s3" in kind.services else "sts:AssumeRole"
        of = " and ".join(name.upper() for name in kind.services)
        raise InputError(f"{place}: {shown(word)}; {kind.words} tells of actions of {of}, as in {example}.")
    if (
        strict
        and service in ("s3", EVERYONE)
        and not any(sign in word for sign in "*?")
        and word.lower() not in _ACTION_NAMES
    ):
        raise InputError(f"{place}: {shown(word)}, which no RGW from 14 to 20 knows; check its spelling.")
    return _ACTION_NAMES.get(word.lower(), word)


def _conditions(data: Any, place: str, strict: bool) -> Dict[str, Dict[str, List[str]]]:
    found: Dict[str, Dict[str, List[str]]] = {}
    for operator, tests in mapping(data, place, list(data) if isinstance(data, Mapping) else ("operators",)).items():
        plain = operator[: -len("IfExists")] if str(operator).endswith("IfExists") else operator
        if strict and plain not in _OPERATORS:
            raise InputError(f"{place}: RGW does not know the operator {shown(operator)}; check its spelling.")
        if not isinstance(tests, Mapping):
            raise InputError(f"{place}.{operator}: {shown(tests)}; give a mapping of keys to values.")
        found[operator] = {key: _set(_values(tests[key], f"{place}.{operator}.{key}")) for key in sorted(tests)}
    return dict(sorted(found.items()))


def _values(data: Any, place: str) -> List[str]:
    """A condition's values as text: true and 5 are the same as "true" and "5"."""
    values = data if isinstance(data, list) else [data]
    for value in values:
        if not isinstance(value, (str, bool, int, float)):
            raise InputError(f"{place}: {shown(value)}; give texts, numbers or booleans.")
    return [json.dumps(value) if isinstance(value, (bool, int, float)) else value for value in values]


def _words(data: Any, place: str, name: str) -> List[str]:
    words = [data] if isinstance(data, str) else data
    if not isinstance(words, list) or not words:
        raise InputError(f"{place}.{name}: {shown(data)}; give a text or a list of texts.")
    return [_scalar(word, f"{place}.{name}") for word in words]


def _scalar(value: Any, place: str) -> str:
    return text(str(value) if place.endswith(".Version") and not isinstance(value, str) else value, place)


def _set(words: Any) -> List[str]:
    return sorted(set(words))


def _as_set(statements: Sequence[Dict[str, Any]]) -> List[Dict[str, Any]]:
    """The statements in the order of their Sids, then of their text; equal ones once."""
    found = {json.dumps(statement, sort_keys=True): statement for statement in statements}
    return [found[key] for key in sorted(found, key=lambda key: (found[key].get("Sid", ""), key))]


def _tenant_of(arn: str) -> str:
    tenant = arn.split(":", 5)[4]
    return "" if tenant == EVERYONE else tenant


def _with_tenant(arn: str, tenant: str) -> str:
    parts = arn.split(":", 5)
    return arn if len(parts) < 6 or _tenant_of(arn) else ":".join([*parts[:4], tenant, parts[5]])
