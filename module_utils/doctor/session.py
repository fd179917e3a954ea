# SPDX-License-Identifier: Apache-2.0
"""A swift user's session at one gateway: the token, containers of its own, and a record of what was exchanged."""

from __future__ import annotations

import secrets
import time
from collections import deque
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple, Sequence, Union
from urllib.parse import quote

from ..base.errors import InputError
from ..base.keystone_login import KeystoneLogin, TokenLogin
from ..base.login import TEMPAUTH_PATH, Login
from ..base.secret import Secret
from ..http.deadline import Deadline
from ..http.endpoint import Broken, Endpoint
from ..http.messages import Answer, Request
from ..http.outcomes import Skip, WrongAnswer
from ..http.prober import Connection
from ..http.verdicts import NOT_KEPT_ALIVE
from ..keystone.token_request import revoke_request, token_request
from .access import Access, storage_path
from .checks import expect_header, expect_status
from .container import PREFIX, OwnContainer, lease, remove_leftovers
from .keystone import account_advice, keystone_endpoint, log_in, token_advice
from .s3_session import S3Session
from .tempauth import expect_account, expect_token

MAX_EVIDENCE = 20
# A segment is held in memory, some copies of it.
MAX_SEGMENT = 256 << 20
# How long bytes that nobody asked for, or the end of the connection, may take to arrive after an answer.
SILENCE_SECONDS = 0.1
# A user of the gateway, a user of Keystone, or a token that was got elsewhere.
AnyLogin = Union[Login, KeystoneLogin, TokenLogin]
# As long as a push of a large image may take.
LONGEST_PUSH_SECONDS = 3000


class RegistryUse(NamedTuple):
    """What a registry is to do with the gateway: its container, if it is known, and the size of its segments.

    longest_push: seconds that a token has to be good for, since the driver does not survive its end.
    temp_url_key: the key of the account that signs its redirects, if it is known.
    """

    container: str = ""
    segment_size: int = 5 << 20
    longest_push: float = LONGEST_PUSH_SECONDS
    temp_url_key: Secret | None = None

    @classmethod
    def of(
        cls,
        container: str | None,
        segment_size: int,
        longest_push: float = LONGEST_PUSH_SECONDS,
        temp_url_key: Secret | None = None,
    ) -> RegistryUse:
        """The use with these bounds. Raises InputError for what no gateway takes, or is too large to be tried."""
        if not 1 <= segment_size <= MAX_SEGMENT:
            raise InputError(f"segment_size is {segment_size}; give 1 to {MAX_SEGMENT} bytes")
        if container is not None and (not 0 < len(container.encode()) <= 256 or "/" in container):
            raise InputError("container must be the name of a swift container: 1 to 256 bytes and no slash")
        return cls(container or "", segment_size, longest_push, temp_url_key)


# One that says nothing of itself.
SOME_REGISTRY = RegistryUse()


class SwiftSession:
    """Requests of one user over one keep-alive connection. `begin` sets the deadline of all requests that follow.

    Raises InputError for a URL of Keystone that cannot be used.

    `s3` is a session of the S3 API over the same connection, None without `s3_login`. `suspended` is the login of
    another user, who is suspended. What the session makes is its own for `lease_seconds`. `latency` takes what the
    running probe has measured, and `goes_on` says that a gate which fails is to stay open. `registry` is what the
    gateway is to be used for.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        login: AnyLogin,
        lease_seconds: float,
        s3_login: Login | None = None,
        suspended: Login | None = None,
        registry: RegistryUse = SOME_REGISTRY,
    ) -> None:
        self.login = login
        self.suspended = suspended
        self.endpoint = endpoint
        self.registry = registry
        self.keystone = keystone_endpoint(login, endpoint) if isinstance(login, KeystoneLogin) else None
        self.access = Access("", "", "")
        self.goes_on = False
        self.head_is_wrong: bool | None = None  # Not known yet.
        self.evidence: deque[str] = deque(maxlen=MAX_EVIDENCE)
        self.latency: dict[str, Any] | None = None
        self._connection = Connection(endpoint)
        self._deadline = Deadline(0)
        self._clock_ahead = 0.0
        self._lease_seconds = lease_seconds
        self._run = secrets.token_hex(8)
        self._containers: dict[str, OwnContainer] = {}
        self.container = PREFIX + self._run
        self.s3: S3Session | None = None
        if s3_login:
            self.s3 = S3Session(endpoint.authority, s3_login, self)

    def begin(self, seconds: float) -> None:
        """Give what follows `seconds` in all, and start a new record of evidence."""
        self._deadline = Deadline(seconds)
        self.evidence.clear()
        self.latency = None
        self.goes_on = False

    def give_more(self, seconds: float) -> None:
        """Give what follows `seconds` more than `begin` did."""
        self._deadline = Deadline(self._deadline.left() + seconds)

    def log_in(self, login: Login) -> Answer:
        """GET /auth/v1 as somebody."""
        credentials = (("X-Auth-User", _utf8(login.user)), ("X-Auth-Key", _utf8(login.secret)))
        return self.exchange(Request("GET", self.endpoint.path + TEMPAUTH_PATH, credentials))

    @property
    def token(self) -> str:
        """The session's token; empty before `authenticate`."""
        return self.access.token

    @property
    def storage_url(self) -> str:
        """The storage URL as it was named; empty before `authenticate`."""
        return self.access.storage_url

    @property
    def storage_path(self) -> str:
        """The path of the storage URL; empty before `authenticate`."""
        return self.access.storage_path

    @property
    def tempauth(self) -> Login:
        """The login as the gateway's own user. Raises Skip for others."""
        if not isinstance(self.login, Login):
            raise Skip("the gateway does not know this user's key: the user is not one of TempAuth")
        return self.login

    def authenticate(self) -> None:
        """Get a token and use it once, since a gateway may refuse what it or Keystone has given. Raises WrongAnswer."""
        self.access = self.new_access()
        answer = self.ask("HEAD", "")
        self._clock_ahead = _seconds_ahead(answer.header("Date"))
        self.expect_account(answer)

    def new_access(self) -> Access:
        """A token: a new one, unless it was got elsewhere. Raises WrongAnswer."""
        if isinstance(self.login, Login):
            return expect_token(self.log_in(self.login))
        if isinstance(self.login, KeystoneLogin):
            return log_in(self.ask_keystone, self.login, self._keystone_place())
        path = storage_path(self.login.storage_url)
        if path is None:
            raise InputError("storage_url must be the URL that the token is for, such as http://HOST:8080/swift/v1")
        return Access(self.login.token, self.login.storage_url, path)

    def revoke(self, token: str) -> Answer:
        """End a token of Keystone before its time. Raises Skip where there is no Keystone."""
        return self.ask_keystone(revoke_request(token, self._keystone_place().path))

    def ask_keystone(self, request: Request) -> Answer:
        """One request to Keystone. Raises Skip where there is no Keystone."""
        return self.exchange_at(self._keystone_place(), request)

    def _keystone_place(self) -> Endpoint:
        if self.keystone is None:
            raise Skip("the token is not of a Keystone that this run may ask")
        return self.keystone

    def expect_account(self, answer: Answer) -> None:
        """The answer to a HEAD of the account, at the endpoint or at the storage URL, shows that the token is good.

        Raises WrongAnswer.
        """
        if isinstance(self.login, KeystoneLogin):
            expect_account(answer, advice=account_advice(self.access))
        elif isinstance(self.login, TokenLogin):
            expect_account(answer, advice=token_advice())
        else:
            here = f"{self.endpoint.scheme}://{self.endpoint.authority}{self.endpoint.path}/"
            expect_account(answer, f"{self.storage_url}/".startswith(here))

    def unscoped_token(self) -> str:
        """A token of Keystone for no project. Raises Skip where there can be none."""
        if not isinstance(self.login, KeystoneLogin) or self.login.application_credential:
            raise Skip("only a user of Keystone with a password gets a token without a project")
        answer = self.ask_keystone(token_request(self.login, self._keystone_place().path, scoped=False))
        expect_status(answer, 201)
        return expect_header(answer, "X-Subject-Token")

    def ask(
        self,
        method: str,
        path: str,
        headers: Sequence[tuple[str, str]] = (),
        body: bytes | None = None,
        chunked: bool = False,
        expect_continue: bool = False,
        token: str | None = None,
    ) -> Answer:
        """One request below the storage URL; `path` is already quoted. `token` None means the session's own."""
        fields = [("X-Auth-Token", self.token if token is None else token), *headers]
        return self.exchange(Request(method, self.storage_path + path or "/", fields, body, chunked, expect_continue))

    def exchange(self, request: Request) -> Answer:
        """One request as it is."""
        answer = self._connection.exchange(request, self._deadline.left())
        self.evidence.append(answer.evidence)
        return answer

    def exchange_at(self, endpoint: Endpoint, request: Request) -> Answer:
        """One request to another address, over a connection of its own."""
        connection = Connection(endpoint)
        try:
            answer = connection.exchange(request, self._deadline.left())
        finally:
            connection.close()
        self.evidence.append(answer.evidence)
        return answer

    def left(self) -> float:
        """Seconds left before the deadline."""
        return self._deadline.left()

    def stays_open(self, seconds: float) -> bool:
        """Whether the connection stays open for `seconds`. Raises WrongAnswer for bytes that come instead."""
        try:
            return self._connection.stays_open(min(seconds, self._deadline.left()))
        except Broken as broken:
            raise WrongAnswer(broken.args[0], "nothing after the end of the answer", broken.args[1]) from None

    def expect_kept_open(self, answer: Answer) -> None:
        """After `answer`, which did not say otherwise, the connection is open and silent. Raises WrongAnswer."""
        if not self.stays_open(SILENCE_SECONDS) and (answer.header("Connection") or "").lower() != "close":
            raise WrongAnswer(NOT_KEPT_ALIVE, "the connection kept open", f"its end after {answer.first_line}")

    def path(self, name: str) -> str:
        """An object's path below the storage URL."""
        return f"/{self.container}/{quote(name)}"

    def put(self, name: str, content: bytes) -> Answer:
        """PUT an object with Content-Length."""
        return self.ask("PUT", self.path(name), body=content)

    def put_chunked(self, name: str, content: bytes, headers: Sequence[tuple[str, str]] = ()) -> Answer:
        """PUT an object as the registry does where it does not know the length: chunked, after 100-continue."""
        return self.ask("PUT", self.path(name), headers, content, chunked=True, expect_continue=True)

    def put_manifest(self, name: str, segments: str) -> Answer:
        """PUT the manifest of a dynamic large object of this container as the registry does."""
        return self.put_chunked(name, b"", [("X-Object-Manifest", f"{self.container}/{quote(segments)}")])

    def head(self, name: str) -> Answer:
        """HEAD an object."""
        return self.ask("HEAD", self.path(name))

    def get(self, name: str, headers: Sequence[tuple[str, str]] = ()) -> Answer:
        """GET an object."""
        return self.ask("GET", self.path(name), headers)

    def delete(self, name: str) -> Answer:
        """DELETE an object."""
        return self.ask("DELETE", self.path(name))

    def listing(self, query: str) -> Answer:
        """GET a listing of the container; `query` is already quoted."""
        return self.ask("GET", f"/{self.container}?{query}")

    def make_container(self, suffix: str = "", *headers: tuple[str, str]) -> str:
        """PUT the session's own container, or another one with `suffix`, once; its name. Raises WrongAnswer."""
        name = self.container + suffix
        if name not in self._containers:
            self._containers[name] = OwnContainer(self.ask, name, self.mark())
        self._containers[name].make(*headers)
        return name

    def mark(self) -> str:
        """The lease that what this session makes has to carry, by the gateway's clock."""
        return lease(self._run, self.gateway_time() + self._lease_seconds)

    def gateway_time(self) -> float:
        """The gateway's time in seconds since 1970, as far as it is known."""
        return time.time() + self._clock_ahead

    def remove_own(self, seconds: float) -> list[str]:
        """Remove all that the session has made; the names of what is still there after `seconds`."""
        self.begin(seconds)
        left = [name for name, own in self._containers.items() if not own.remove(self._deadline)]
        if self.s3 and not self.s3.remove_bucket(self._deadline):
            left.append(self.s3.bucket)
        return left

    def remove_leftovers(self, seconds: float) -> list[str]:
        """Remove what runs that were killed have left, in `seconds` at most; the names of what was removed."""
        self.begin(seconds)
        removed = remove_leftovers(self.ask, self.gateway_time(), self._deadline)
        if self.s3:
            removed += self.s3.remove_leftovers(self.gateway_time(), self._deadline)
        return removed

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def _seconds_ahead(date: str | None) -> float:
    """How far a clock that says `date`, as HTTP writes it, is ahead of ours; 0 for what is no date."""
    try:
        return parsedate_to_datetime(date or "").timestamp() - time.time()
    except (TypeError, ValueError):
        return 0.0


def _utf8(text: str) -> str:
    """`text` as header fields carry it: each byte of its UTF-8 form as one character."""
    return text.encode("utf-8").decode("latin-1")
