# SPDX-License-Identifier: Apache-2.0
"""Probes of logins and tokens: who is let in, who is not, and how a token ends."""

from __future__ import annotations

import struct

from ...base.login import Login
from ...http.messages import Answer, Request
from ...http.outcomes import Skip, WrongAnswer
from ...http.verdicts import CONNECTION_DESYNC, LIMIT_NEAR, Advice
from ..checks import expect_status
from ..probe import ERROR, WARNING, Probe
from ..session import SwiftSession
from ..storage_url import check_storage_url
from ..tempauth import expect_token

# How long a revoked token may go on before the probe warns: Keystone's own default for the life of a token.
MOST_REVOKED_SECONDS = 3600
_RGW_TOKEN = "AUTH_rgwtk"  # noqa: S105 - the beginning of all of RGW's own tokens
_DENIED = (401, 403)
# The driver's library takes a token of Keystone v3 for ended so long before its end, and gets a new one.
RENEWED_SECONDS = 60
_KEYSTONE_LIFETIME = Advice(
    "Keystone's tokens end before the longest push does. The registry's swift driver renews a token of Keystone v3 in "
    "its last 60 seconds, but a client that was given a token, and a backup that logs in once, ends with 401.",
    "Raise expiration in section [token] of keystone.conf above the longest push, or give such clients a password or "
    "an application credential instead of a token.",
)
_KEYSTONE_TOO_SHORT = Advice(
    "The registry's swift driver takes a token of Keystone v3 for ended 60 seconds before its end: it does not start "
    "(Response didn't have storage url and auth token).",
    "Raise expiration in section [token] of keystone.conf to 3600 or more.",
)


def check_auth(session: SwiftSession) -> None:
    """Get a token by TempAuth v1 or from Keystone v3, and use it."""
    session.authenticate()


def check_wrong_key(session: SwiftSession) -> None:
    """Log in with the key and one more character."""
    login = session.tempauth
    expect_status(session.log_in(Login(login.user, login.secret + "x")), *_DENIED)


def check_empty_key(session: SwiftSession) -> None:
    """Log in without a key."""
    expect_status(session.log_in(Login(session.tempauth.user, "")), *_DENIED)


def check_bogus_token(session: SwiftSession) -> None:
    """HEAD the account with no token that was ever given out, and with the session's own, one character changed."""
    # At the end of a token of Keystone, base64 has bits that mean nothing.
    middle = len(session.token) // 2
    other = "0" if session.token[middle] != "0" else "1"
    for token in ("rgwkit-no-token", session.token[:middle] + other + session.token[middle + 1 :]):
        expect_status(session.ask("HEAD", "", token=token), 401)


def check_expired_token(session: SwiftSession) -> None:
    """HEAD the account with the session's token, its time of expiry set to the past."""
    nonce_and_user, expiry, rest = _rgw_token(session.token)
    past = _RGW_TOKEN + (nonce_and_user + struct.pack("<I", expiry - 10 * 365 * 86400) + rest).hex()
    expect_status(session.ask("HEAD", "", token=past), 401)


def check_refused_upload(session: SwiftSession) -> None:
    """PUT with a bogus token after 100-continue, and go on over the same connection, which must not be out of step."""
    session.make_container()
    headers = [("X-Object-Manifest", f"{session.container}/none")]
    refused = session.ask("PUT", session.path("refused"), headers, b"", True, True, token="rgwkit-no-token")  # noqa: S106
    expect_status(refused, 401)
    expect_in_step(session, "refused")


def check_token_lifetime(session: SwiftSession) -> None:
    """Read from RGW's own token, or from Keystone's answer, how long it is good for."""
    longest = session.registry.longest_push
    seconds = session.access.lifetime
    if seconds is None:
        seconds = _rgw_token(session.token)[1] - session.gateway_time()
    session.evidence.append(f"the token is good for {seconds:.0f} s")
    if session.access.lifetime is not None and seconds <= RENEWED_SECONDS:
        expected = f"a token that is good for more than {RENEWED_SECONDS} s"
        raise WrongAnswer(LIMIT_NEAR, expected, f"{seconds:.0f} s", _KEYSTONE_TOO_SHORT, ERROR)
    if seconds < longest:
        advice = _KEYSTONE_LIFETIME if session.keystone else None
        raise WrongAnswer(LIMIT_NEAR, f"a token that is good for {longest:.0f} s or more", f"{seconds:.0f} s", advice)


def check_revoked_token(session: SwiftSession) -> None:
    """Get another token from Keystone, revoke it, and HEAD the account with it."""
    expect_status(_head_after_revocation(session, used=False), 401)


def check_token_cache(session: SwiftSession) -> None:
    """Get another token from Keystone, use it, revoke it, and HEAD the account with it."""
    answer = _head_after_revocation(session, used=True)
    lifetime = session.access.lifetime or 0
    if answer.status in (200, 204) and lifetime <= MOST_REVOKED_SECONDS:
        session.evidence.append(
            f"the gateway still takes the revoked token from its cache, for {lifetime:.0f} s at most"
        )
        return
    expect_status(answer, 401)


def check_no_project(session: SwiftSession) -> None:
    """HEAD the account with a token of Keystone for no project, which has no role."""
    expect_status(session.ask("HEAD", "", token=session.unscoped_token()), *_DENIED)


def check_suspended_user(session: SwiftSession) -> None:
    """A suspended user gets a token at most, but nothing with it."""
    if session.suspended is None:
        raise Skip("no suspended user was named")
    answer = session.log_in(session.suspended)
    expect_status(answer, 200, 204, *_DENIED)
    if answer.status not in _DENIED:
        given = expect_token(answer)
        fields = [("X-Auth-Token", given.token)]
        expect_status(session.exchange(Request("HEAD", given.storage_path or "/", fields)), *_DENIED)


def expect_in_step(session: SwiftSession, name: str) -> None:
    """The next answer on the connection is the one to our question: object `name` is not there. Raises WrongAnswer."""
    after = session.head(name)
    if after.fault or after.status != 404:
        raise WrongAnswer(CONNECTION_DESYNC, "HEAD answered with status 404", after.detail or after.first_line)


def _head_after_revocation(session: SwiftSession, used: bool) -> Answer:
    """The gateway's answer to a token that Keystone has revoked; `used`: the gateway has seen the token before."""
    if session.keystone is None:
        raise Skip("only Keystone revokes tokens, and this run does not ask one")
    token = session.new_access().token
    if used:
        session.expect_account(session.ask("HEAD", "", token=token))
    expect_status(session.revoke(token), 204)
    return session.ask("HEAD", "", token=token)


def _rgw_token(token: str) -> tuple[bytes, int, bytes]:
    """RGW's own token before, at and after its time of expiry, in seconds since 1970.

    The token is the hexadecimal form of: length of the user's name (4 bytes, little endian), the name, a nonce of 8
    bytes, seconds (4 bytes) and nanoseconds (4 bytes), and a signature (Ceph: rgw_swift_auth.cc, build_token).
    Raises Skip for other tokens, such as Keystone's.
    """
    try:
        if not token.startswith(_RGW_TOKEN):
            raise ValueError("not RGW's")
        data = bytes.fromhex(token[len(_RGW_TOKEN) :])
        at = 4 + int(struct.unpack_from("<I", data)[0]) + 8
        return data[:at], int(struct.unpack_from("<I", data, at)[0]), data[at + 4 :]
    except (ValueError, struct.error):
        raise Skip("the token is not of RGW's own making, so that its time of expiry cannot be seen") from None


AUTH_PROBES: tuple[Probe, ...] = (
    Probe(
        name="auth",
        group="auth",
        cause="The gateway does not answer TempAuth v1 as swift clients need it.",
        remedy="Check the endpoint, the user and its swift key, and that rgw_enable_apis holds swift and swift_auth.",
        affected="any version",
        reference="https://docs.ceph.com/en/latest/radosgw/swift/auth/",
        check=check_auth,
        only_reads=True,
        gate=True,
    ),
    Probe(
        name="storage-url",
        group="auth",
        cause="Clients go to the storage URL that the gateway names, and nobody serves swift there: TLS ends before "
        "the gateway, or rgw_swift_url names another address.",
        remedy="Set rgw_swift_url of the gateways to the address that clients use, or let the ingress rewrite "
        "X-Storage-Url, as the role rgw_ingress does.",
        affected="any version behind TLS that ends before it, or with such a rgw_swift_url",
        reference="openstack/puppet-ceph#38, openstack/charm-ceph-radosgw#2, apache/opendal#4155",
        check=check_storage_url,
        only_reads=True,
    ),
    Probe(
        name="wrong-key",
        group="auth",
        cause="The gateway gives a token for a wrong swift key: somebody before it answers, or it does not check keys.",
        remedy="Look for a proxy or another service that answers /auth/v1 in the gateway's place.",
        affected="no release of Ceph",
        reference="https://docs.ceph.com/en/latest/radosgw/swift/auth/",
        check=check_wrong_key,
        only_reads=True,
    ),
    Probe(
        name="empty-key",
        group="auth",
        cause="The gateway lets the subuser in without a key: its swift key is the empty string.",
        remedy="Give the subuser a new swift key at once, with an explicit secret or --gen-secret.",
        affected="20, after `radosgw-admin key create --key-type=swift` without a secret",
        reference="Ceph 20.2.4: key create stores an empty secret where 14 to 18 refuse it",
        check=check_empty_key,
        only_reads=True,
    ),
    Probe(
        name="bogus-token",
        group="auth",
        cause="A token that is not good is not answered with 401, on which alone swift clients ask for a new one.",
        remedy="Look for a proxy or cache that answers in the gateway's place, and at the gateway's auth settings.",
        affected="any version behind such a proxy",
        reference="ncw/swift v1.0.53 (the registry's library): only 401 makes it authenticate again",
        check=check_bogus_token,
        only_reads=True,
    ),
    Probe(
        name="expired-token",
        group="auth",
        cause="A token whose time is over is not answered with 401, on which alone swift clients ask for a new one.",
        remedy="Look for a proxy or cache that answers in the gateway's place, and at the gateway's clock.",
        affected="any version behind such a proxy",
        reference="ncw/swift v1.0.53 (the registry's library), cesanta/docker_auth#240",
        check=check_expired_token,
        only_reads=True,
    ),
    Probe(
        name="token-lifetime",
        group="auth",
        cause="Tokens end so soon that uploads run into it: the driver repeats the PUT with a body that it has already "
        "sent, and so without it.",
        remedy="Raise rgw_swift_token_expiration (86400 s by default) on gateways that serve registries.",
        affected="any version with that setting; Keystones whose tokens live shorter than a push",
        reference="ncw/swift v1.0.53 (the registry's library), moby/moby#33558",
        check=check_token_lifetime,
        severity=WARNING,
        only_reads=True,
    ),
    Probe(
        name="revoked-token",
        group="auth",
        cause="The gateway takes a token that Keystone has revoked and that it has never seen before.",
        remedy="Check that rgw_keystone_url names the Keystone that gives the tokens, and no cache before it.",
        affected="no release of Ceph",
        reference="https://docs.ceph.com/en/latest/radosgw/keystone/",
        check=check_revoked_token,
        only_reads=True,
    ),
    Probe(
        name="token-cache",
        group="auth",
        cause="The gateway keeps tokens in its cache until they end, so that a token that was revoked, or whose user "
        "or role is gone, opens the storage for hours.",
        remedy="Shorten expiration in section [token] of keystone.conf, as far as pushes allow, or set "
        "rgw_keystone_token_cache_size to 0, which costs a request to Keystone for each request of a client.",
        affected="any version, with a Keystone whose tokens live longer than 3600 s (seen on 18.2.7)",
        reference="https://docs.ceph.com/en/latest/radosgw/config-ref/#keystone-settings",
        check=check_token_cache,
        severity=WARNING,
        only_reads=True,
    ),
    Probe(
        name="no-project",
        group="auth",
        cause="The gateway lets a user of Keystone in who has no role in any project.",
        remedy="Look at rgw_keystone_accepted_roles of the gateway.",
        affected="no release of Ceph",
        reference="https://docs.ceph.com/en/latest/radosgw/keystone/",
        check=check_no_project,
        only_reads=True,
    ),
    Probe(
        name="refused-upload",
        group="auth",
        cause="After an upload that the gateway refused before its body, it takes the next request for that body.",
        remedy="Upgrade Ceph, or turn keep-alive off in the proxy before it, so that each such client gets a new "
        "connection.",
        affected="14 (seen on 14.2.21; 16 and later are right)",
        reference="tracker 58286, ceph/ceph#49642, ceph/ceph#50714",
        check=check_refused_upload,
        severity=WARNING,
    ),
    Probe(
        name="suspended-user",
        group="auth",
        cause="A suspended user can still read its account.",
        remedy="Compare the user's record with what was meant, and restart gateways that do not see the change.",
        affected="no release of Ceph; gateways whose cache is stale",
        reference="Ceph 14 to 20: a suspended user gets a token, which is then refused",
        check=check_suspended_user,
        only_reads=True,
    ),
)
AUTH, STORAGE_URL = AUTH_PROBES[:2]
