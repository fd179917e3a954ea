# SPDX-License-Identifier: Apache-2.0
"""The requests about topics, made in the name of their owner: the actions of SNS, and what buckets say of topics.

Sources: Ceph documentation "Bucket Notifications" (radosgw/notifications) and "S3 Bucket Notifications Compatibility";
answers of Ceph 16.2.15 and 18.2.7. Ceph 14.2.21 answers 501 to actions that are signed with version 4.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import quote
from xml.etree.ElementTree import Element

from ...base.errors import ToolError
from ...base.login import Login
from ...base.text import to_bytes
from ...http.messages import Answer
from ...s3 import markup
from ..admin_api import AdminClient
from ..admin_errors import Attempt, error_code
from .errors import owner_success
from .record import Attributes, TopicRecord, read_record

_NOT_OURS = "Does something in between answer in the gateway's place?"
# A hundred topics or a thousand buckets each.
_MAX_PAGES = 10_000


class Owner(NamedTuple):
    """A user, and a key to act for the user."""

    uid: str
    login: Login


class Notification(NamedTuple):
    """A notification of a bucket: its ID, and the ARN of its topic."""

    identifier: str
    arn: str


class TopicClient(AdminClient):
    """The operations on topics. All of them raise ToolError."""

    def list_topics(self, owner: Owner) -> list[TopicRecord]:
        """All topics that the owner may see: up to 18 those of the whole tenant, with the copies of notifications."""
        attempt = self._of("list the topics of", f"user '{owner.uid}'")
        found: dict[str, TopicRecord] = {}
        token, tokens = "", set()
        for _page in range(_MAX_PAGES):
            root = self._act(attempt, owner, "ListTopics", {}, {"NextToken": token} if token else {})
            try:
                records = [read_record(member) for member in root.iterfind(".//Topics/member")]
            except ValueError as error:
                raise ToolError(attempt.operation, attempt.target, str(error), _NOT_OURS, status=200) from None
            found.update((record.name, record) for record in records)
            token = next((element.text or "" for element in root.iter("NextToken")), "")
            if not token:
                return list(found.values())
            if token in tokens:
                break
            tokens.add(token)
        raise ToolError(attempt.operation, attempt.target, "a listing that does not end", _NOT_OURS, status=200)

    def create_topic(self, owner: Owner, name: str, attributes: Attributes) -> None:
        """Create a topic, or replace it whole: attributes that are not given are gone."""
        attempt = self._of("store", f"topic '{name}' of user '{owner.uid}'")
        self._act(attempt, owner, "CreateTopic", attributes, {"Name": name})

    def remove_topic(self, owner: Owner, arn: str) -> None:
        """Remove a topic. Nothing happens if it is not there."""
        attempt = self._of("remove", f"topic '{arn.rpartition(':')[2]}' of user '{owner.uid}'")
        answer = self._send(attempt, owner, "DeleteTopic", {}, {"TopicArn": arn})
        if answer.status != 404:
            owner_success(attempt, answer)

    def notifications(self, owner: Owner) -> dict[str, list[Notification]]:
        """The notifications of the owner's buckets, by the buckets' names; buckets without any are left out."""
        found = {}
        for bucket in self._list_buckets(owner):
            attempt = self._of("read the notifications of", f"bucket '{bucket}'")
            answer = self.request(attempt, "GET", f"/{bucket}", {"notification": ""}, login=owner.login)
            if error_code(answer) == "NoSuchBucket":
                continue
            root = self._parsed(attempt, answer, "NotificationConfiguration")
            its = [
                Notification(markup.text_of(one, "Id") or "", markup.text_of(one, "Topic") or "")
                for one in root.iterfind("TopicConfiguration")
            ]
            if its:
                found[bucket] = its
        return found

    def store_notifications_again(self, owner: Owner, bucket: str) -> None:
        """Store the notifications of a bucket as they are: up to 18, each gets a copy of its topic as it is now."""
        attempt = self._of("store again the notifications of", f"bucket '{bucket}'")
        path, query = f"/{bucket}", {"notification": ""}
        before = self.request(attempt, "GET", path, query, login=owner.login)
        self._parsed(attempt, before, "NotificationConfiguration")
        owner_success(attempt, self.request(attempt, "PUT", path, query, before.body, login=owner.login))
        answer = owner_success(attempt, self.request(attempt, "GET", path, query, login=owner.login))
        if answer.body != before.body:
            hint = "Somebody else has changed the notifications meanwhile, or the gateway keeps others. Look at them."
            raise ToolError(attempt.operation, attempt.target, "the bucket has others now", hint, status=200)

    def _list_buckets(self, owner: Owner) -> list[str]:
        attempt = self._of("list the buckets of", f"user '{owner.uid}'")
        names: list[str] = []
        query: dict[str, str] = {}
        for _page in range(_MAX_PAGES):
            answer = self.request(attempt, "GET", "/", query, login=owner.login)
            root = self._parsed(attempt, answer, "ListAllMyBucketsResult")
            names += markup.texts_of(root, "Buckets/Bucket/Name")
            token = markup.text_of(root, "ContinuationToken") or ""
            if not token or query.get("continuation-token") == token:
                break
            query = {"continuation-token": token}
        return names

    def _act(
        self, attempt: Attempt, owner: Owner, action: str, attributes: Attributes, parameters: Mapping[str, str]
    ) -> Element:
        answer = self._send(attempt, owner, action, attributes, parameters)
        return self._parsed(attempt, answer, f"{action}Response")

    def _send(
        self, attempt: Attempt, owner: Owner, action: str, attributes: Attributes, parameters: Mapping[str, str]
    ) -> Answer:
        fields = {"Action": action, **parameters}
        for number, (name, value) in enumerate(sorted(attributes.items()), 1):
            fields[f"Attributes.entry.{number}.key"] = name
            fields[f"Attributes.entry.{number}.value"] = value
        body = "&".join(f"{name}={_escaped(value)}" for name, value in fields.items()).encode()
        return self.request(attempt, "POST", "/", {}, body, login=owner.login, service="sns")

    def _parsed(self, attempt: Attempt, answer: Answer, root: str) -> Element:
        """The answer's document, whose root has that name. Asked for what it does not know, RGW answers otherwise."""
        body = owner_success(attempt, answer).body
        try:
            found = markup.parse(body)
        except ValueError as error:
            raise ToolError(attempt.operation, attempt.target, str(error), _NOT_OURS, status=answer.status) from None
        if found.tag != root:
            code = f"a {found.tag} instead of a {root}"
            raise ToolError(attempt.operation, attempt.target, code, _NOT_OURS, status=answer.status)
        return found

    def _of(self, operation: str, target: str) -> Attempt:
        return Attempt(operation, f"{target} at {self.endpoint}", "", "")


def _escaped(value: str) -> str:
    """A value for a body. Dots are escaped, too: RGW 16 and 18 split what they read at dots, and drop empty parts."""
    return quote(to_bytes(value), safe="-_~").replace(".", "%2E")
