# SPDX-License-Identifier: Apache-2.0
"""The kinds of things that are in an account, and the actions of the IAM API about each.

The state of a thing maps paths to values in the words of this toolkit:

    ("path",): "/"                         ("policies", "read"): the canonical form of a policy
    ("trust",): the same of a role's       ("managed_policies", "arn:aws:iam::aws:policy/..."): True
    ("description",): ""                   ("members", "ada"): True                       of a group
    ("max_session_duration",): 3600        ("client_ids",), ("thumbprints",): lists       of a provider
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from ...base.errors import ToolError
from ...s3 import markup
from ...s3.documents.policy import IDENTITY, TRUST, json_of_policy, stored_policy
from ..user_record import Path, State
from .client import IamClient, Root

AWS_POLICY = "arn:aws:iam::aws:policy/"
_READ_AGAIN = "Look at it with the IAM API."


@dataclass(frozen=True)
class Kind:
    """A kind of thing with policies: users, groups and roles.

    noun: in a sentence. word: in the names of actions ("CreateUser", "UserName").
    """

    noun: str
    word: str

    def naming(self, name: str) -> dict[str, str]:
        """The parameter that names one."""
        return {f"{self.word}Name": name}

    def about(self, name: str) -> str:
        """One in a sentence."""
        return f"{self.noun} '{name}'"

    def names(self, client: IamClient, root: Root) -> list[str]:
        """The names of all in an account. Raises ToolError."""
        pages = client.ask_all(root, f"all {self.noun}s", f"List{self.word}s", {})
        return sorted(name for page in pages for name in markup.texts_of(page, f".//{self.word}Name"))

    def read(self, client: IamClient, root: Root, name: str) -> State | None:
        """The state of one, None if there is none. Raises ToolError."""
        named = self.naming(name)
        about = self.about(name)
        # A group's members come in pages.
        pages = client.ask_all(root, about, f"Get{self.word}", named)
        if not pages:
            return None
        found = pages[0].find(f".//{self.word}")
        if found is None:
            raise ToolError("read", about, f"without a {self.noun}", _READ_AGAIN, status=200)
        state: State = {("path",): markup.text_of(found, "Path") or "/"}
        if self.word == "Role":
            state["description",] = markup.text_of(found, "Description") or ""
            state["max_session_duration",] = int(markup.text_of(found, "MaxSessionDuration") or 0)
            text = markup.text_of(found, "AssumeRolePolicyDocument") or "{}"
            state["trust",] = _policy(text, TRUST, about)
        if self.word == "Group":
            state.update({("members", one): True for page in pages for one in _members(page)})
        for page in client.ask_all(root, about, f"List{self.word}Policies", named):
            for policy in markup.texts_of(page, ".//PolicyNames/member"):
                said = client.ask(root, about, f"Get{self.word}Policy", {**named, "PolicyName": policy})
                if said is not None:
                    text = next((each.text or "{}" for each in said.iter("PolicyDocument")), "{}")
                    state["policies", policy] = _policy(text, IDENTITY, about)
        for page in client.ask_all(root, about, f"ListAttached{self.word}Policies", named):
            state.update({("managed_policies", arn): True for arn in markup.texts_of(page, ".//PolicyArn")})
        return state

    def create(self, client: IamClient, root: Root, name: str, state: State) -> None:
        """Create one with what can only be given then."""
        more = {"Path": state["path",]}
        if self.word == "Role":
            more["AssumeRolePolicyDocument"] = json_of_policy(state["trust",])
        client.tell(root, "create", self.about(name), f"Create{self.word}", {**self.naming(name), **more})

    def change(self, client: IamClient, root: Root, name: str, path: Path, value: Any, after: State) -> None:
        """Change one path of the state of one; None is what goes."""
        named = self.naming(name)
        operation = "change" if value is not None else "remove"
        action, more = self._change(path, value, after)
        client.tell(root, operation, f"{'.'.join(path)} of {self.about(name)}", action, {**named, **more})

    def _change(self, path: Path, value: Any, after: State) -> tuple[str, dict[str, str]]:
        gone = value is None
        if path[0] == "policies":
            named = {"PolicyName": path[1]}
            document = {} if gone else {"PolicyDocument": json_of_policy(value)}
            return f"{'Delete' if gone else 'Put'}{self.word}Policy", {**named, **document}
        if path[0] == "managed_policies":
            return f"{'Detach' if gone else 'Attach'}{self.word}Policy", {"PolicyArn": path[1]}
        if path[0] == "members":
            return "RemoveUserFromGroup" if gone else "AddUserToGroup", {"UserName": path[1]}
        if path[0] == "trust":
            return "UpdateAssumeRolePolicy", {"PolicyDocument": json_of_policy(value)}
        if path[0] == "path":
            return f"Update{self.word}", {"NewPath": value}
        # RGW replaces both.
        both = {"Description": after["description",], "MaxSessionDuration": str(after["max_session_duration",])}
        return "UpdateRole", both

    def remove(self, client: IamClient, root: Root, name: str, before: State) -> None:
        """Remove one, and before that what keeps the gateway from removing it."""
        for path in before:
            if path[0] in ("policies", "managed_policies", "members"):
                self.change(client, root, name, path, None, before)
        named = self.naming(name)
        if self.word == "User":
            for page in client.ask_all(root, self.about(name), "ListGroupsForUser", named):
                for group in markup.texts_of(page, ".//GroupName"):
                    client.tell(root, "remove", self.about(name), "RemoveUserFromGroup", {**named, "GroupName": group})
            for page in client.ask_all(root, self.about(name), "ListAccessKeys", named):
                for key in markup.texts_of(page, ".//AccessKeyId"):
                    client.tell(root, "remove", self.about(name), "DeleteAccessKey", {**named, "AccessKeyId": key})
        client.tell(root, "remove", self.about(name), f"Delete{self.word}", named)


class Provider(Kind):
    """OIDC providers, whose names are their URLs."""

    def naming(self, name: str) -> dict[str, str]:
        """A provider is named by its ARN, for which the account is needed."""
        raise NotImplementedError

    def names(self, client: IamClient, root: Root) -> list[str]:
        """The URLs of all in an account. ARNs leave out the scheme, which OpenID Connect wants to be https."""
        pages = client.ask_all(root, f"all {self.noun}s", f"List{self.word}s", {})
        arns = sorted(arn for page in pages for arn in markup.texts_of(page, ".//Arn"))
        return [f"https://{arn.partition(':oidc-provider/')[2]}" for arn in arns]

    def read(self, client: IamClient, root: Root, name: str) -> State | None:
        """The state of a provider, None if there is none. Raises ToolError."""
        said = client.ask(root, self.about(name), "GetOpenIDConnectProvider", _arn(root, name))
        if said is None:
            return None
        return {
            ("client_ids",): sorted(markup.texts_of(said, ".//ClientIDList/member")),
            ("thumbprints",): sorted(text.upper() for text in markup.texts_of(said, ".//ThumbprintList/member")),
        }

    def create(self, client: IamClient, root: Root, name: str, state: State) -> None:
        """Create a provider, whole."""
        lists = _numbered({"ClientIDList": state["client_ids",], "ThumbprintList": state["thumbprints",]})
        client.tell(root, "create", self.about(name), "CreateOpenIDConnectProvider", {"Url": name, **lists})

    def change(self, client: IamClient, root: Root, name: str, path: Path, value: Any, after: State) -> None:
        """Change the client IDs or the thumbprints of a provider."""
        about, arn = self.about(name), _arn(root, name)
        if path == ("thumbprints",):
            more = _numbered({"ThumbprintList": value})
            client.tell(root, "change", about, "UpdateOpenIDConnectProviderThumbprint", {**arn, **more})
            return
        known = self.read(client, root, name) or {}
        for action, clients in (
            ("AddClientIDToOpenIDConnectProvider", set(value) - set(known["client_ids",])),
            ("RemoveClientIDFromOpenIDConnectProvider", set(known["client_ids",]) - set(value)),
        ):
            for one in sorted(clients):
                client.tell(root, "change", about, action, {**arn, "ClientID": one})

    def remove(self, client: IamClient, root: Root, name: str, before: State) -> None:
        """Remove a provider."""
        client.tell(root, "remove", self.about(name), "DeleteOpenIDConnectProvider", _arn(root, name))


# In the order in which they are made: groups have users, the trust of roles names users and providers.
KINDS: Mapping[str, Kind] = {
    "oidc_providers": Provider("OIDC provider", "OpenIDConnectProvider"),
    "users": Kind("user", "User"),
    "groups": Kind("group", "Group"),
    "roles": Kind("role", "Role"),
}


def _arn(root: Root, url: str) -> dict[str, str]:
    host = url.partition("://")[2]
    return {"OpenIDConnectProviderArn": f"arn:aws:iam::{root.account}:oidc-provider/{host}"}


def _numbered(lists: Mapping[str, list[str]]) -> dict[str, str]:
    return {
        f"{name}.member.{number}": value for name, values in lists.items() for number, value in enumerate(values, 1)
    }


def _members(page: Element) -> list[str]:
    return markup.texts_of(page, ".//Users/member/UserName")


def _policy(text: str, kind: Any, about: str) -> Any:
    try:
        return stored_policy(text, kind)
    except ValueError as error:
        raise ToolError("read", f"a policy of {about}", str(error), _READ_AGAIN, status=200) from None
