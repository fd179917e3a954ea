# SPDX-License-Identifier: Apache-2.0
"""The portal's configuration: one JSON file, typed; secrets are named by the paths of their files."""

from __future__ import annotations

import json
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated, Any, ClassVar, Literal, Union

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from module_utils.base.errors import InputError
from module_utils.base.secret import Secret
from module_utils.base.secret_files import read_secret_file
from module_utils.portal import rules


def _ruled(rule: rules.Text | rules.Url) -> Any:
    """A text that keeps to a rule."""

    def check(value: str) -> str:
        fault = rule.fault(value)
        if fault:
            raise ValueError(fault)
        return rule.trimmed(value) if isinstance(rule, rules.Url) else value

    return AfterValidator(check)


def _algorithm(value: str) -> str:
    if value not in rules.ALGORITHMS:
        raise ValueError(f"choose one of {', '.join(rules.ALGORITHMS)}")
    return value


Algorithm = Annotated[str, AfterValidator(_algorithm)]
Some = Annotated[str, _ruled(rules.SOME)]
Header = Annotated[str, _ruled(rules.HEADER)]
Home = Annotated[str, _ruled(rules.HOME)]
ServerUrl = Annotated[str, _ruled(rules.SERVER_URL)]
SiteUrl = Annotated[str, _ruled(rules.SITE_URL)]
Timeout = Annotated[float, Field(**rules.TIMEOUT.bounds)]
PurgeTimeout = Annotated[float, Field(**rules.PURGE_TIMEOUT.bounds)]


class Part(BaseModel):
    """A part of the configuration, in which an option that nobody knows is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Limits(Part):
    """What a project may use of a back-end. max_bytes: whole KiB; None: no limit."""

    max_bytes: Annotated[int, Field(**rules.MAX_BYTES.bounds)] | None = None
    max_objects: Annotated[int, Field(**rules.MAX_OBJECTS.bounds)] | None = None
    max_buckets: Annotated[int, Field(**rules.MAX_BUCKETS.bounds)] = 10


class RoleGroups(Part):
    """The groups whose members have a role. An empty list switches the role off."""

    user: list[str] = []
    admin: list[str] = []
    uber_admin: list[str] = []


class OidcSettings(Part):
    """The issuer whose tokens are accepted. leeway_s: seconds by which clocks may differ, no option."""

    leeway_s: ClassVar[float] = 30.0

    issuer: ServerUrl
    audience: Some
    groups_claim: Some = "groups"
    algorithms: list[Algorithm] = Field(["RS256", "ES256"], min_length=1)
    ca_file: str | None = None


class ProxySettings(Part):
    """The proxy that has signed people in: where it connects from, and the secret that it sends along."""

    addresses: list[IPv4Network | IPv6Network] = Field(min_length=1)
    secret_file: str
    secret_header: Header = "X-Portal-Proxy-Secret"  # noqa: S105 (the name of a header)
    subject_header: Header = "X-Forwarded-User"
    groups_header: Header = "X-Forwarded-Groups"

    @property
    def headers(self) -> tuple[str, str, str]:
        """What the proxy sends with each request."""
        return self.secret_header, self.subject_header, self.groups_header

    @model_validator(mode="after")
    def _headers_differ(self) -> ProxySettings:
        fault = rules.headers_fault(self.headers)
        if fault:
            raise ValueError(fault)
        return self


class WebSettings(Part):
    """Pages for people.

    url: where browsers reach the portal, without a path. client_id, client_secret_file: the portal as the issuer knows
    the portal; a client without a secret has PKCE (RFC 7636) alone. session_s: how long somebody stays signed in.
    recheck_s: how often the issuer is asked for the groups of somebody who is.
    """

    scopes: ClassVar[tuple[str, ...]] = ("openid", "profile", "groups")

    url: SiteUrl
    client_id: str = ""
    client_secret_file: str | None = None
    session_s: Annotated[int, Field(**rules.SESSION.bounds)] = 8 * 3600
    recheck_s: int = Field(60, ge=1, le=3600)


class RateLimit(Part):
    """A bucket of tokens: so many requests a minute in the long run, and so many at once. per_minute 0: no limit."""

    per_minute: Annotated[int, Field(**rules.REQUESTS.bounds)]
    burst: Annotated[int, Field(**rules.BURST.bounds)]


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
    verdict_max_age_s: Annotated[int, Field(**rules.VERDICT_AGE.bounds)] = 2 * 86400


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
    endpoint: ServerUrl
    public_endpoint: SiteUrl | None = None
    access_key: Some
    secret_key_file: str
    ca_file: str | None = None
    timeout_s: Timeout = 10.0
    wait_s: float = Field(1.0, ge=0, le=60)
    purge_timeout_s: PurgeTimeout = 300.0
    uid_prefix: Annotated[str, _ruled(rules.UID_PREFIX)] = "portal-"
    home: Home = "portal"
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
    endpoint: ServerUrl
    public_endpoint: SiteUrl | None = None
    keystone_url: ServerUrl
    public_keystone_url: ServerUrl | None = None
    user: Some
    user_domain: Some = "Default"
    password_file: str
    project: Some
    project_domain: Some = "Default"
    domain: Some
    key_role: Some = "reader"
    account_prefix: Annotated[str, _ruled(rules.ACCOUNT_PREFIX)] = "AUTH_"
    ca_file: str | None = None
    allow_cleartext_secrets: bool = False
    timeout_s: Timeout = 10.0
    purge_timeout_s: PurgeTimeout = 300.0
    project_prefix: Annotated[str, _ruled(rules.PROJECT_PREFIX)] = "portal-"
    home: Home = "portal"
    limits: Limits = Limits()

    @field_validator("limits")
    @classmethod
    def _no_objects(cls, limits: Limits) -> Limits:
        if limits.max_objects is not None:
            raise ValueError("Swift does not limit the number of a project's objects; leave max_objects out")
        return limits

    @model_validator(mode="after")
    def _hides_secrets(self) -> SwiftSettings:
        shown = rules.cleartext(self.model_dump())
        if shown:
            raise ValueError(f"{shown}: {rules.CLEARTEXT}")
        return self


PartName = Annotated[str, _ruled(rules.NAME)]
BackendSettings = Annotated[Union[DummySettings, RgwSettings, SwiftSettings], Field(discriminator="kind")]


class RegistrySettings(Part):
    """A registry whose repositories are shown to the projects that they belong to.

    url: the registry as clients reach it. endpoint: as the portal does; None: as clients do. username, password_file:
    somebody who may read the catalogue and all repositories; None: anybody may. prefix: what the names of a project's
    repositories begin with, in whole segments. timeout_s: for all that one page asks of the registry.
    """

    url: SiteUrl
    endpoint: ServerUrl | None = None
    ca_file: str | None = None
    username: Some | None = None
    password_file: str | None = None
    prefix: Annotated[str, _ruled(rules.REGISTRY_PREFIX)] = "{project}/"
    timeout_s: Annotated[float, Field(**rules.REGISTRY_TIMEOUT.bounds)] = 10.0

    @model_validator(mode="after")
    def _has_a_whole_login(self) -> RegistrySettings:
        if (self.username is None) != (self.password_file is None):
            raise ValueError("username and password_file belong together: give both, or none")
        return self


class Settings(Part):
    """The whole file.

    front_addresses: servers in front whose X-Forwarded-For is believed. metrics_addresses: who may read /metrics;
    empty: nobody.
    """

    # For so long, a key may work beside the one that takes its place.
    longest_grace_s: ClassVar[int] = 30 * 86400

    host: str = "127.0.0.1"
    port: Annotated[int, Field(**rules.PORT.bounds)] = 8088
    database_url: str = "sqlite:///portal.db"
    database_password_file: str | None = None
    roles: RoleGroups = RoleGroups()
    oidc: OidcSettings | None = None
    proxy: ProxySettings | None = None
    web: WebSettings | None = None
    rate_limits: RateLimits = RateLimits()
    front_addresses: list[IPv4Network | IPv6Network] = []
    metrics_addresses: list[IPv4Network | IPv6Network] = [ip_network("127.0.0.0/8"), ip_network("::1/128")]
    backends: dict[PartName, BackendSettings] = Field(min_length=1)
    registries: dict[PartName, RegistrySettings] = {}
    sweep_s: float = Field(10.0, ge=0.1, le=3600)

    @field_validator("backends")
    @classmethod
    def _no_taken_name(cls, backends: dict[str, BackendSettings]) -> dict[str, BackendSettings]:
        taken = sorted(rules.TAKEN_NAMES & set(backends))
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
        found = [(".".join(map(str, one["loc"])) or "the file", one["msg"]) for one in error.errors()]
        problems = (f"{where}: {message.removeprefix('Value error, ')}" for where, message in found)
        raise InputError(f"{path}: {'; '.join(problems)}") from None


def secret_in(path: str) -> Secret:
    """The secret in a file. Raises InputError where others can read the file, or there is none."""
    secret = read_secret_file(path)
    if secret is None:
        raise InputError(f"{path}: there is no such file; write the secret into it, readable by the portal alone.")
    return secret
