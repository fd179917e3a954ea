# SPDX-License-Identifier: Apache-2.0
"""A portal on this machine with a real gateway, registry and provider, and people who look at it with Chromium."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.report.json import document, now, run_of, to_json
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.runner import wait_ready
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.endpoint import Endpoint
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.canaille import Provider, running_provider
from tests.integration.gateway import Gateway, running_gateway
from tests.integration.registry_probe.conftest import PASSWORD, USER, Registry, htpasswd, running_registry
from tests.playbooks import free_port
from tests.portal import RunningPortal, running_portal
from tests.report_sample import asked, healthy
from tests.swift.service import Swift, portal_account, running_openstack

GROUPS = {"users": ["ann"], "admins": ["eve"]}
MIB = 1024 * 1024
CHROMIUM = "/usr/bin/chromium-headless-shell"


@dataclass
class Site:
    """A portal, where people sign in, and the origins of all that their browsers may ask besides."""

    portal: RunningPortal
    provider: Provider

    @property
    def origins(self) -> set[str]:
        return {self.portal.url, self.provider.url}


@dataclass
class BrowserSite(Site):
    """All that runs. report: the file of the last verification."""

    gateway: Gateway
    registry: Registry
    report: Path

    @property
    def origins(self) -> set[str]:
        return {*super().origins, self.gateway.url}

    def verify(self, **runs: Any) -> None:
        """Write a report, as rgw_verify_report does; runs: what rgw_verify returned just now, by host."""
        listed = [run_of(host, {**result, "when": now()}) for host, result in runs.items()]
        self.report.write_text(to_json(document(listed)))


@dataclass
class Visitor:
    """A person with a browser. said: what it complained of, but at the provider. asked: the origins of all requests."""

    site: Site
    page: Page
    said: list[str] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(20_000)
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda wanted: self.asked.add("/".join(wanted.url.split("/")[:3])))

    def _hear(self, message: ConsoleMessage) -> None:
        if not message.location["url"].startswith(self.site.provider.url):
            self.said.append(message.text)

    def open(self, path: str) -> None:
        """Go to a page of the portal."""
        self.page.goto(self.site.portal.url + path)

    def sign_in(self, name: str) -> None:
        """Sign in at the provider with the keyboard's Enter, and come back."""
        self.open("/web")
        known = {"login": name, "password": self.site.provider.people[name]}
        for _number in range(5):
            if not self.page.url.startswith(self.site.provider.url):
                return
            for field_name, value in known.items():
                for one in self.page.locator(f"input[name={field_name}]").all():
                    one.fill(value)
                    one.press("Enter")
            accept = self.page.locator("button[value=accept]")
            if accept.count():
                accept.first.click()
        raise AssertionError(f"the provider leads nowhere: {self.page.url}")


Visit = Callable[..., Visitor]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's: Playwright's own comes from a host that need not be reachable. Root has no use for its sandbox."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def visits(site: Site, browser: Browser) -> Iterator[Visit]:
    """Sign people in; at the end, what their browsers complained of and whom they asked is looked at."""
    visitors: list[Visitor] = []
    with ExitStack() as stack:

        def visit(name: str, **options: Any) -> Visitor:
            context = stack.enter_context(browser.new_context(**options))
            visitors.append(Visitor(site, context.new_page()))
            visitors[-1].sign_in(name)
            return visitors[-1]

        yield visit
    for one in visitors:
        assert one.said == []
        assert one.asked <= site.origins


@contextmanager
def portal_with_sign_in(folder: Path, **more: Any) -> Iterator[tuple[RunningPortal, Provider]]:
    """A portal in a folder, and the provider at which people sign in. more: settings of the portal."""
    port, client_secret = free_port(), secrets.token_hex(16)
    url = f"http://127.0.0.1:{port}"
    (folder / "provider").mkdir()
    with running_provider(folder / "provider", [f"{url}/web/signed-in"], GROUPS, client_secret) as provider:
        settings = {
            "port": port,
            "roles": {"user": ["users"], "admin": ["admins"]},
            "oidc": {"issuer": provider.url, "audience": provider.client_id},
            "web": {
                "url": url,
                "client_id": provider.client_id,
                "client_secret_file": _secret(folder / "client.secret", client_secret),
            },
        }
        with running_portal(folder, **settings, **more) as portal:
            yield portal, provider


@contextmanager
def browser_site(folder: Path) -> Iterator[BrowserSite]:
    """Start everything in a folder; all is gone at the end."""
    report = folder / "report.json"
    (folder / "registry").mkdir()
    with ExitStack() as stack:
        gateway = stack.enter_context(running_gateway(folder))
        registry = stack.enter_context(running_registry(folder / "registry", hosts={}, **htpasswd()))
        ready = wait_ready(Endpoint.parse(gateway.url), Login(gateway.user, gateway.secret), 120)
        assert ready.ok, f"{ready}\n{gateway.logs()[-4000:]}"
        made = gateway.run(
            *("radosgw-admin", "user", "create", "--uid=portaladmin", "--display-name=Portal"),
            "--caps=users=*;buckets=*;metadata=*",
        )
        key = json.loads(made)["keys"][0]
        backend = {
            "kind": "rgw",
            "endpoint": gateway.url,
            "access_key": key["access_key"],
            "secret_key_file": _secret(folder / "gateway.secret", key["secret_key"]),
            "limits": {"max_bytes": 64 * MIB, "max_buckets": 3},
            "verdict_file": str(report),
        }
        images = {
            "url": registry.url,
            "username": USER,
            "password_file": _secret(folder / "registry.secret", PASSWORD),
        }
        started = portal_with_sign_in(folder, backends={"ceph": backend}, registries={"registry": images})
        portal, provider = stack.enter_context(started)
        yield BrowserSite(portal, provider, gateway, registry, report)


@dataclass
class SwiftSite(Site):
    """A portal whose only storage is Swift."""

    swift: Swift

    @property
    def origins(self) -> set[str]:
        return {*super().origins, self.swift.url}


@contextmanager
def swift_site(folder: Path) -> Iterator[SwiftSite]:
    """Start everything in a folder; all is gone at the end."""
    with running_openstack(folder) as swift:
        account = {**portal_account(swift, folder), "limits": {"max_bytes": 64 * MIB, "max_buckets": 3}}
        with portal_with_sign_in(folder, backends={"swift": account}) as (portal, provider):
            yield SwiftSite(portal, provider, swift)


def faulty_report() -> dict[str, Any]:
    """What rgw_verify returns for a gateway of which one probe failed and one warned."""
    wrong = {"head-empty-manifest": "closed", "small-reads": "slow"}
    return healthy(passed=False, verdicts=asked(wrong=wrong))


def _secret(path: Path, secret: str) -> str:
    path.touch(mode=0o600)
    path.write_text(secret)
    return str(path)
