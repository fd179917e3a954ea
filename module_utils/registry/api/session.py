# SPDX-License-Identifier: Apache-2.0
"""A user's session at one registry: the log-in it asks for, one deadline, redirects, and findings for wrong answers."""

from __future__ import annotations

from typing import Sequence
from urllib.parse import urljoin, urlsplit

from ...base.login import Login
from ...http.deadline import Deadline
from ...http.endpoint import Broken, Endpoint
from ...http.evidence import without_login
from ...http.outcomes import WrongAnswer
from ...http.stream import Answer, Call, Sink, Wire
from ...http.verdicts import BAD_HEADER, WRONG_STATUS, Advice
from .auth import Authorization, Basic, Tokens, challenges
from .errors import BROKEN, UNAUTHORIZED, WRONG_REALM, got, meaning

REDIRECTS = (301, 302, 303, 307, 308)
_FOLLOWED = Advice(
    "The registry sends its clients to the storage itself, and that does not serve them.",
    "Set storage.redirect.disable, or give clients a route to the gateway and trust in its certificate.",
)


class OciSession:
    """Requests to one registry over one keep-alive connection. `begin` sets the deadline of all that follow.

    `server_name` is whom the registry's certificate has to be for, where that is not the URL's host. `storage_ca_file`
    has the authorities of the storage that the registry redirects to, by default those of `ca_file`. Raises ValueError
    for a URL or a CA file that cannot be used.
    """

    def __init__(
        self,
        url: str,
        login: Login | None = None,
        ca_file: str | None = None,
        validate_certs: bool = True,
        server_name: str = "",
        storage_ca_file: str | None = None,
    ) -> None:
        self._tls = (ca_file, validate_certs)
        self._storage_tls = (storage_ca_file or ca_file, validate_certs)
        self._endpoint = Endpoint.parse(url, ca_file, validate_certs, server_name=server_name)
        self._wire = Wire(self._endpoint)
        self._login = login
        self._authorization: Authorization | None = None
        self._secrets = {login.secret, login.basic} if login else set()
        self._deadline = Deadline(0)
        self.url = url.rstrip("/")

    @property
    def origin(self) -> str:
        """Scheme and authority of the registry's URL."""
        return f"{'https' if self._endpoint.tls else 'http'}://{self._endpoint.authority}"

    @property
    def by_password(self) -> bool:
        """Whether the registry itself takes user and password, as registries with htpasswd do; after a ping."""
        return isinstance(self._authorization, Basic)

    def begin(self, seconds: float) -> None:
        """Give what follows `seconds` in all."""
        self._deadline = Deadline(seconds)

    def close(self) -> None:
        """Close the connection."""
        self._wire.close()

    def ping(self) -> None:
        """GET /v2/, and log in the way that a 401 asks for. Raises WrongAnswer."""
        self._authorization = None
        answer = self.ask("GET", "/")
        if answer.status == 401:
            self._authorization = self._authorization_for(answer)
            answer = self.ask("GET", "/")
        self.expect(answer, 200)

    def ask(
        self,
        method: str,
        path: str,
        *repositories: str,
        headers: Sequence[tuple[str, str]] = (),
        content: bytes | None = None,
        sink: Sink | None = None,
    ) -> Answer:
        """One request below /v2 that concerns `repositories`; all but the first are only read. Raises WrongAnswer."""
        fields = [*self.authorization(*repositories), *headers]
        length = None if content is None else len(content)
        return self.send(Call(method, f"{self._endpoint.path}/v2{path}", fields, [content or b""], length), sink)

    def read(self, path: str, scope: str, accept: str = "*/*") -> Answer:
        """One GET below /v2 with the rights of `scope` alone, such as `repository:NAME:pull`. Raises WrongAnswer."""
        granted = self._authorization.header([scope]) if self._authorization else ""
        fields = [("Accept", accept), *([("Authorization", granted)] if granted else [])]
        return self.send(Call("GET", f"{self._endpoint.path}/v2{path}", fields))

    def fetch(self, method: str, path: str, repository: str, accept: str = "*/*", sink: Sink | None = None) -> Answer:
        """The 200 to a GET or HEAD, from the registry or from where it sends its clients. Raises WrongAnswer."""
        answer = self.ask(method, path, repository, headers=[("Accept", accept)], sink=sink)
        if answer.status in REDIRECTS:
            return self._follow(method, answer.header("Location") or "", sink)
        return self.expect(answer, 200)

    def send(self, call: Call, sink: Sink | None = None) -> Answer:
        """One request as it is. Raises WrongAnswer for what is no whole answer."""
        try:
            return self._wire.exchange(call, self._deadline, sink)
        except Broken as broken:
            raise _finding(broken, f"an answer to {call.name}") from None

    def cut(self, call: Call, sent: int) -> None:
        """Begin one request, and end the connection after `sent` bytes of its body. Raises WrongAnswer."""
        try:
            self._wire.cut(call, sent, self._deadline)
        except Broken as broken:
            raise _finding(broken, "a connection") from None

    def authorization(self, *repositories: str) -> list[tuple[str, str]]:
        """The header field that lets a request in which writes to the first repository and reads the others."""
        if self._authorization is None:
            return []
        rights = ["pull,push,delete", *["pull"] * (len(repositories) - 1)]
        scopes = [f"repository:{name}:{right}" for name, right in zip(repositories, rights)]
        return [("Authorization", self._authorization.header(scopes))]

    def expect(self, answer: Answer, *statuses: int) -> Answer:
        """The answer, if it has one of `statuses`. Raises WrongAnswer."""
        if answer.status not in statuses:
            raise WrongAnswer(*self.wrong_status(answer, *statuses))
        return answer

    def wrong_status(self, answer: Answer, *statuses: int) -> tuple[str, str, str, Advice | None]:
        """What a WrongAnswer says of an answer that has none of `statuses`."""
        word = UNAUTHORIZED if answer.status in (401, 403) else WRONG_STATUS
        expected = f"{answer.call} answered with {' or '.join(str(status) for status in statuses)}"
        return word, expected, got(answer, self._secrets), meaning(answer)

    def _authorization_for(self, answer: Answer) -> Authorization:
        offered = challenges(answer.headers.get_all("WWW-Authenticate") or [])
        if "bearer" in offered:
            realm = offered["bearer"].get("realm", "")
            if self._endpoint.tls and not realm.startswith("https://"):
                raise WrongAnswer(WRONG_REALM, "a realm with https, as the registry has it", without_login(realm))
            service = offered["bearer"].get("service", "")
            return Tokens(realm, service, self._login, self._ask_for_a_token, self._secrets)
        if "basic" in offered and self._login:
            return Basic(self._login)
        raise WrongAnswer(*self.wrong_status(answer, 200))

    def _follow(self, method: str, location: str, sink: Sink | None) -> Answer:
        """GET or HEAD what a redirect names, without the credentials, which are the registry's alone."""
        try:
            answer = self._send_elsewhere(urljoin(self.origin, location), self._storage_tls, (), method, sink)
        except WrongAnswer as finding:
            raise WrongAnswer(finding.word, finding.expected, finding.got, _FOLLOWED) from None
        if answer.status != 200:
            raise WrongAnswer(WRONG_STATUS, f"{answer.call} answered with 200", got(answer, self._secrets), _FOLLOWED)
        return answer

    def _ask_for_a_token(self, url: str, headers: Sequence[tuple[str, str]] = ()) -> Answer:
        return self._send_elsewhere(url, self._tls, headers)

    def _send_elsewhere(
        self,
        url: str,
        tls: tuple[str | None, bool],
        headers: Sequence[tuple[str, str]],
        method: str = "GET",
        sink: Sink | None = None,
    ) -> Answer:
        """One request to a server that the registry names."""
        expected = f"an answer from {without_login(url.partition('?')[0])}"
        try:
            parts = urlsplit(url)
            endpoint = Endpoint.parse(f"{parts.scheme}://{parts.netloc}", *tls)
        except ValueError:
            raise WrongAnswer(BAD_HEADER, expected, "no URL that can be used") from None
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        wire = Wire(endpoint)
        try:
            return wire.exchange(Call(method, target, headers), self._deadline, sink)
        except Broken as broken:
            raise _finding(broken, expected) from None
        finally:
            wire.close()


def _finding(broken: Broken, expected: str) -> WrongAnswer:
    word, what = broken.args
    return WrongAnswer(word, expected, what, BROKEN.get(word))
