# SPDX-License-Identifier: Apache-2.0
"""The portal's configuration: one JSON file, typed; secrets are named by the paths of their files."""

from __future__ import annotations

import json
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated, Literal, Union

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from module_utils.base.errors import InputError
from module_utils.base.secret import Secret
from module_utils.base.secret_files import read_secret_file

_KIB = 1024
# Signatures with a key of the issuer's own. Those with a shared secret (HS256) and "none" are never accepted.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
# A back-end of one of these names would hide a path of the API, or be hidden by it.
_TAKEN_NAMES = {"projects", "audit", "requests", "static", "registries", "status"}

Algorithm = Literal["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]


class Part(BaseModel):
    """A part of the configuration, in which an option that nobody knows is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Limits(Part):
    """What a project may use of a back-end. max_bytes: whole KiB; None: no limit."""

    max_bytes: Annotated[int, Field(ge=_KIB, le=2**62, multiple_of=_KIB)] | None = None
    max_objects: Annotated[int, Field(ge=1, le=2**62)] | None = None
    max_buckets: Annotated[int, Field(ge=1, le=1_000_000)] = 10


class RoleGroups(Part):
    """The groups whose members have a role. An empty list switches the role off."""

    user: list[str] = []
    admin: list[str] = []
    uber_admin: list[str] = []


class OidcSettings(Part):
    """The issuer whose tokens are accepted. leeway_s: seconds by which clocks may differ."""

    issuer: str
    audience: str = Field(min_length=1)
    groups_claim: str = Field("groups", min_length=1)
    algorithms: list[Algorithm] = Field(["RS256", "ES256"], min_length=1)
    leeway_s: float = Field(30.0, ge=0, le=300)
    ca_file: str | None = None


class ProxySettings(Part):
    """The proxy that has signed people in: where it connects from, and the secret that it sends along."""

    addresses: list[IPv4Network | IPv6Network] = Field(min_length=1)
    secret_file: str
    secret_header: str = "X-Portal-Proxy-Secret"  # noqa: S105 (the name of a header)
    subject_header: str = "X-Forwarded-User"
    groups_header: str = "X-Forwarded-Groups"


class WebSettings(Part):
    """Pages for people.

    url: where browsers reach the portal, without a path. client_id, client_secret_file: the portal as the issuer knows
    the portal; a client without a secret has PKCE (RFC 7636) alone. session_s: how long somebody stays signed in.
    recheck_s: how often the issuer is asked for the groups of somebody who is.
    """

    url: str = Field(pattern=r"^https?://[^/?#@\s]+$")
    client_id: str = ""
    client_secret_file: str | None = None
    scopes: list[str] = ["openid", "profile", "groups"]
    session_s: int = Field(8 * 3600, ge=60, le=7 * 86400)
    recheck_s: int = Field(60, ge=1, le=3600)


class RateLimit(Part):
    """A bucket of tokens: so many requests a minute in the long run, and so many at once. per_minute 0: no limit."""

    per_minute: int = Field(ge=0, le=1_000_000)
    burst: int = Field(ge=1, le=1_000_000)


class RateLimits(Part):
    """How often one may ask: somebody who is signed in, and an address from which nobody has signed in."""

    person: RateLimit = RateLimit(per_minute=1200, burst=200)
    address: RateLimit = RateLimit(per_minute=600, burst=200)


class VerifiedSettings(Part):
    """A back-end that the toolkit verifies.

    verdict_file: the report.json of the last verification (docs/verify-report.schema.json); None: none is shown.
    verdict_max_age_s: a verification from before that counts as old.
    """

    verdict_file: str | None = None
    verdict_max_age_s: int = Field(2 * 86400, ge=60, le=366 * 86400)


class DummySettings(VerifiedSettings):
    """A back-end in memory."""

    kind: Literal["dummy"]
    limits: Limits = Limits()


class RgwSettings(VerifiedSettings):
    """A Ceph object gateway, through its admin API.

    public_endpoint: the gateway as browsers reach it, for uploads and downloads; None: as the portal does.
    wait_s: for how long a request that got no answer is repeated. purge_timeout_s: for a bucket with all of its
    objects. home: whose users these are; two portals need two.
    """

    kind: Literal["rgw"]
    endpoint: str
    public_endpoint: str | None = None
    access_key: str
    secret_key_file: str
    ca_file: str | None = None
    timeout_s: float = Field(10.0, gt=0, le=600)
    wait_s: float = Field(1.0, ge=0, le=60)
    purge_timeout_s: float = Field(300.0, gt=0, le=3600)
    uid_prefix: str = Field("portal-", pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,30}$")
    home: str = Field("portal", pattern=r"^[A-Za-z0-9._-]{1,64}$")
    limits: Limits = Limits()


class SwiftSettings(VerifiedSettings):
    """OpenStack Swift with Keystone.

    endpoint: Swift's proxy, without /v1. public_endpoint: the proxy as browsers reach it, for uploads and downloads;
    None: as the portal does. keystone_url, public_keystone_url: Keystone, likewise. user, user_domain: the portal's
    account. project, project_domain: where the account has Swift's role ResellerAdmin. domain: where the account may
    create projects and users, and has the role key_role. key_role: what keys have in their project; none of Swift's
    operator_roles. account_prefix: Swift's reseller_prefix. allow_cleartext_secrets: whether passwords and tokens may
    travel to another host without TLS. purge_timeout_s: for the objects of a bucket that is deleted. home: whose
    projects these are; two portals in one domain need two.
    """

    kind: Literal["swift"]
    endpoint: str
    public_endpoint: str | None = None
    keystone_url: str
    public_keystone_url: str | None = None
    user: str = Field(min_length=1)
    user_domain: str = "Default"
    password_file: str
    project: str = Field(min_length=1)
    project_domain: str = "Default"
    domain: str = Field(min_length=1)
    key_role: str = Field("reader", min_length=1)
    account_prefix: str = Field("AUTH_", pattern=r"^[A-Za-z0-9._-]*$")
    ca_file: str | None = None
    allow_cleartext_secrets: bool = False
    timeout_s: float = Field(10.0, gt=0, le=600)
    purge_timeout_s: float = Field(300.0, gt=0, le=3600)
    project_prefix: str = Field("portal-", pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,23}$")
    home: str = Field("portal", pattern=r"^[A-Za-z0-9._-]{1,64}$")
    limits: Limits = Limits()

    @field_validator("limits")
    @classmethod
    def _no_objects(cls, limits: Limits) -> Limits:
        if limits.max_objects is not None:
            raise ValueError("Swift does not limit the number of a project's objects; leave max_objects out")
        return limits


PartName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,30}$")]
BackendSettings = Annotated[Union[DummySettings, RgwSettings, SwiftSettings], Field(discriminator="kind")]


class RegistrySettings(Part):
    """A registry whose repositories are shown to the projects that they belong to.

    url: the registry as clients reach it. endpoint: as the portal does; None: as clients do. username, password_file:
    somebody who may read the catalogue and all repositories; None: anybody may. prefix: what the names of a project's
    repositories begin with, in whole segments. timeout_s: for all that one page asks of the registry.
    """

    url: str = Field(pattern=r"^https?://[^/?#@\s]+$")
    endpoint: str | None = None
    ca_file: str | None = None
    username: str | None = None
    password_file: str | None = None
    prefix: str = Field("{project}/", pattern=r"^([a-z0-9._-]+/)*\{project\}/([a-z0-9._-]+/)*$")
    timeout_s: float = Field(10.0, gt=0, le=60)

    @model_validator(mode="after")
    def _has_a_whole_login(self) -> RegistrySettings:
        if (self.username is None) != (self.password_file is None):
            raise ValueError("username and password_file belong together: give both, or none")
        return self


class Settings(Part):
    """The whole file. metrics_addresses: who may read /metrics; empty: nobody."""

    host: str = "127.0.0.1"
    port: int = Field(8088, ge=0, le=65535)
    database_url: str = "sqlite:///portal.db"
    database_password_file: str | None = None
    roles: RoleGroups = RoleGroups()
    oidc: OidcSettings | None = None
    proxy: ProxySettings | None = None
    web: WebSettings | None = None
    rate_limits: RateLimits = RateLimits()
    metrics_addresses: list[IPv4Network | IPv6Network] = [ip_network("127.0.0.0/8"), ip_network("::1/128")]
    backends: dict[PartName, BackendSettings] = Field(min_length=1)
    registries: dict[PartName, RegistrySettings] = {}
    longest_grace_s: int = Field(30 * 86400, ge=0)
    sweep_s: float = Field(10.0, ge=0.1, le=3600)

    @field_validator("backends")
    @classmethod
    def _no_taken_name(cls, backends: dict[str, BackendSettings]) -> dict[str, BackendSettings]:
        taken = sorted(_TAKEN_NAMES & set(backends))
        if taken:
            raise ValueError(f"'{taken[0]}' is a path of the API; name the back-end otherwise")
        return backends

    @model_validator(mode="after")
    def _somebody_can_sign_in(self) -> Settings:
        if self.oidc is None and self.proxy is None:
            raise ValueError("nobody could sign in: give oidc, proxy, or both")
        if self.web and self.oidc and not self.web.client_id:
            raise ValueError("web.client_id is missing: the name under which the issuer knows the portal")
        return self


def load(path: str) -> Settings:
    """Read the configuration. Raises InputError, which names the option."""
    try:
        with open(path, encoding="utf-8") as file:
            return Settings.model_validate(json.load(file))
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: no JSON: {error}") from None
    except ValidationError as error:
        problems = (f"{'.'.join(map(str, one['loc'])) or 'the file'}: {one['msg']}" for one in error.errors())
        raise InputError(f"{path}: {'; '.join(problems)}") from None


def secret_in(path: str) -> Secret:
    """The secret in a file. Raises InputError where others can read the file, or there is none."""
    secret = read_secret_file(path)
    if secret is None:
        raise InputError(f"{path}: there is no such file; write the secret into it, readable by the portal alone.")
    return secret
