# SPDX-License-Identifier: Apache-2.0
"""What tests do with a Keystone by its API v3: projects, users, roles, credentials, tokens, and the catalogue."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

import requests

_DEFAULT = {"id": "default"}


@dataclass(frozen=True)
class Person:
    """A user with a role in a project; all in the domain Default."""

    user: str
    user_id: str
    project: str
    project_id: str
    password: str = field(repr=False)


class Identity:
    """The API of a Keystone as its user admin. url: with the version of the API. verify: as requests takes it."""

    def __init__(self, url: str, password: str, verify: bool | str = True) -> None:
        self.url = url
        self._verify = verify
        self._token = self.token("admin", password, "admin")

    def ask(self, method: str, path: str, body: Any = None, token: str = "", **fields: str) -> requests.Response:
        """One request, as user admin or with another token."""
        headers = {"X-Auth-Token": token or self._token, **fields}
        return requests.request(
            method, f"{self.url}/{path}", json=body, headers=headers, verify=self._verify, timeout=30
        )

    def create(self, kind: str, **values: Any) -> Any:
        """Create a resource, such as a project; the resource as the answer has it."""
        answer = self.ask("POST", f"{kind}s", {kind: values})
        assert answer.status_code == 201, answer.text
        return answer.json()[kind]

    def role(self, name: str) -> str:
        """The id of a role, which is created where it is missing."""
        found = self.ask("GET", f"roles?name={name}").json()["roles"]
        return str(found[0]["id"] if found else self.create("role", name=name)["id"])

    def project(self, name: str) -> str:
        """The id of a project, which is created where it is missing."""
        found = self.ask("GET", f"projects?name={name}").json()["projects"]
        return str((found[0] if found else self.create("project", name=name, domain_id="default"))["id"])

    def grant(self, role: str, user_id: str, project_id: str) -> None:
        """Give a user a role in a project."""
        answer = self.ask("PUT", f"projects/{project_id}/users/{user_id}/roles/{self.role(role)}")
        assert answer.status_code == 204, answer.text

    def grant_in_domain(self, role: str, user_id: str, domain_id: str) -> None:
        """Give a user a role in a domain."""
        answer = self.ask("PUT", f"domains/{domain_id}/users/{user_id}/roles/{self.role(role)}")
        assert answer.status_code == 204, answer.text

    def person(self, *roles: str, project: str = "", password: str = "") -> Person:
        """A new user with these roles in a project, which is new unless it is named and exists."""
        name, password = f"u{secrets.token_hex(4)}", password or secrets.token_urlsafe(24)
        project = project or f"p{secrets.token_hex(4)}"
        project_id = self.project(project)
        user = self.create("user", name=name, password=password, domain_id="default")
        for role in roles:
            self.grant(role, user["id"], project_id)
        return Person(name, user["id"], project, project_id, password)

    def service(self, url: str, kind: str = "object-store", interfaces: tuple[str, ...] = ("public",)) -> str:
        """Put a service with an endpoint for each of the interfaces into the catalogue; its id."""
        service = self.create("service", type=kind, name=f"s{secrets.token_hex(4)}")
        for interface in interfaces:
            self.endpoint(service["id"], url, interface)
        return str(service["id"])

    def endpoint(self, service_id: str, url: str, interface: str = "public", region: str = "RegionOne") -> None:
        """Put one more endpoint of a service into the catalogue; the region is created where it is missing."""
        if self.ask("GET", f"regions/{region}").status_code == 404:
            self.create("region", id=region)
        self.create("endpoint", service_id=service_id, url=url, interface=interface, region_id=region)

    def delete(self, path: str) -> None:
        """Delete a resource, such as projects/ID."""
        answer = self.ask("DELETE", path)
        assert answer.status_code == 204, answer.text

    def token(self, user: str, password: str, project: str) -> str:
        """A token for a project of the domain Default."""
        scope = {"project": {"name": project, "domain": _DEFAULT}}
        answer = self.issued(self.url, (user, password, "Default"), scope, self._verify)
        assert answer.status_code == 201, answer.text
        return answer.headers["X-Subject-Token"]

    def token_of(self, person: Person) -> str:
        """A token of a person for the person's project."""
        return self.token(person.user, person.password, person.project)

    def revoke(self, token: str) -> None:
        """End a token before its time."""
        answer = self.ask("DELETE", "auth/tokens", **{"X-Subject-Token": token})
        assert answer.status_code == 204, answer.text

    def application_credential(self, person: Person, **values: Any) -> tuple[str, str]:
        """Id and secret of a new application credential of a person."""
        body = {"application_credential": {"name": f"a{secrets.token_hex(4)}", **values}}
        answer = self.ask("POST", f"users/{person.user_id}/application_credentials", body, self.token_of(person))
        assert answer.status_code == 201, answer.text
        made = answer.json()["application_credential"]
        return made["id"], made["secret"]

    def ec2_credential(self, person: Person) -> tuple[str, str]:
        """Access key and secret key of a new EC2 credential of a person for the person's project."""
        answer = self.ask("POST", f"users/{person.user_id}/credentials/OS-EC2", {"tenant_id": person.project_id})
        assert answer.status_code == 201, answer.text
        made = answer.json()["credential"]
        return made["access"], made["secret"]

    def trust(self, trustor: Person, trustee: Person, *roles: str) -> str:
        """The id of a trust by which the trustee acts with these roles in the trustor's project."""
        values = {
            "trustor_user_id": trustor.user_id,
            "trustee_user_id": trustee.user_id,
            "project_id": trustor.project_id,
            "impersonation": True,
            "roles": [{"name": role} for role in roles],
        }
        answer = self.ask("POST", "OS-TRUST/trusts", {"trust": values}, self.token_of(trustor))
        assert answer.status_code == 201, answer.text
        return str(answer.json()["trust"]["id"])

    @staticmethod
    def issued(
        url: str, who: tuple[str, str, str], scope: dict[str, Any], verify: bool | str = True
    ) -> requests.Response:
        """The answer to a request for a token. who: user, password and the user's domain."""
        user, password, domain = who
        person = {"user": {"name": user, "password": password, "domain": {"name": domain}}}
        auth = {"identity": {"methods": ["password"], "password": person}, "scope": scope}
        return requests.post(f"{url}/auth/tokens", json={"auth": auth}, verify=verify, timeout=30)
