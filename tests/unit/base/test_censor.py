# SPDX-License-Identifier: Apache-2.0
"""What modules show of secrets that Ansible does not know as such: nothing, in whatever option they are.

The argument specs of all modules and roles are walked. A new option of free form has to be put into the table below,
with what keeps a secret in it from being shown.
"""

from __future__ import annotations

import importlib
import json
from typing import Any, Iterator

import pytest
import yaml
from ansible.module_utils.basic import AnsibleModule
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.censor import Censor, holds_secrets, is_secret_name
from ansible_collections.rgwkit.ceph.plugins.module_utils.ceph.secret_options import secret_options
from ansible_collections.rgwkit.ceph.plugins.modules import ceph_config, registry_config, rgw_users

from tests.argument_specs import MODULES, spec_of
from tests.masking import struck
from tests.playbooks import PROJECT

ROOT = PROJECT
CANARY = "canary-5b0d9c8e7f6a"

# By module and option: "censored" by name, or why no secret can be in it.
FREE_FORM = {
    "ceph_config: options": "censored",
    "ceph_config: secrets": "censored",
    "ceph_key: keys.caps": "censored",
    "debian_image: labels": "censored",
    "podman_image: arguments": "censored",
    "podman_image: labels": "censored",
    "registry_config: config": "censored",
    "registry_config: secrets": "paths of files",
    "registry_manifests: config": "censored",
    "registry_manifests: environment": "censored",
    "registry_manifests: resources": "censored",
    "registry_manifests: secrets": "paths of files",
    "rgw_admin_user: caps": "censored",
    "rgw_buckets: buckets.acl": "censored",
    "rgw_buckets: buckets.cors": "censored",
    "rgw_buckets: buckets.encryption": "censored",
    "rgw_buckets: buckets.lifecycle": "censored",
    "rgw_buckets: buckets.metadata": "censored",
    "rgw_buckets: buckets.notification": "censored",
    "rgw_buckets: buckets.object_lock": "censored",
    "rgw_buckets: buckets.policy": "censored",
    "rgw_buckets: buckets.public_access_block": "censored",
    "rgw_buckets: buckets.tagging": "censored",
    "rgw_buckets: buckets.versioning": "censored",
    "rgw_buckets: buckets.website": "censored",
    "rgw_iam: accounts.users.policies": "censored",
    "rgw_iam: accounts.groups.policies": "censored",
    "rgw_iam: accounts.roles.policies": "censored",
    "rgw_iam: accounts.roles.trust": "censored",
    "rgw_preflight: cluster": "censored",
    "rgw_preflight: instances.frontend_options": "censored",
    "rgw_users: users.caps": "censored",
    "rook_manifests: users.caps": "censored",
    "rgw_verify_report: results": "censored",
    "service_record: services.definition": "censored",
    "service_record: services.managed": "censored",
}
# By role and option. "registry_config" and other modules: handed to that module and to nothing else.
FREE_FORM_OF_ROLES = {
    "ceph_demo: ceph_demo_environment": "refused",
    "client_settings: client_settings_list": "client_settings",
    # Names, ports and release: what it may hold is a list in the inventory.
    "demo_report: demo_report_choices": "no secrets",
    "registry: registry_token": "registry_config",
    "registry: registry_headers": "registry_config",
    "registry: registry_http": "registry_config",
    "registry: registry_log": "registry_config",
    "registry: registry_swift_options": "registry_config",
    "registry: registry_s3_options": "registry_config",
    "registry: registry_redis": "registry_config",
    "registry: registry_health": "registry_config",
    "registry: registry_notifications": "registry_config",
    "registry: registry_proxy": "registry_config",
    "registry: registry_validation": "registry_config",
    "registry: registry_catalog": "registry_config",
    "registry: registry_tags": "registry_config",
    "registry: registry_extra": "registry_config",
    # URLs and paths of files: a URL with a login is refused, and struck from the result.
    "registry_mirror_clients: registry_mirror_clients_mirrors": "registry_mirrors",
    # Names, descriptions and URLs of Keystone's catalogue, which everybody with a token reads.
    "rgw_keystone_identity: rgw_keystone_identity_services": "no secrets",
    "rgw_keystone_identity: rgw_keystone_identity_roles": "no secrets",
    "registry: registry_kubernetes_resources": "registry_manifests",
    "registry: registry_kubernetes_environment": "registry_manifests",
    "registry: registry_secrets": "paths of files",
    # Containers and units show it: what a service is made of must hold no secret, as its documentation says.
    "service: service_definition": "no secrets",
    "service: service_definitions": "no secrets",
    "service: service_override": "no secrets",
    "registry: registry_gc_schedule": "times",
    "rgw_gateway: rgw_gateway_instances.frontend_options": "refused",
    "rgw_gateway: rgw_gateway_instances.options": "refused",
    "rgw_gateway: rgw_gateway_options": "refused",
    "rgw_gateway: rgw_gateway_frontend_options": "refused",
    "rgw_gateway: rgw_gateway_caps": "cephx caps",
    "rgw_buckets: rgw_buckets_list": "rgw_buckets",
    "rgw_buckets: rgw_buckets_topics": "rgw_topics",
    "rgw_users: rgw_users_list": "rgw_users",
    "rgw_users: rgw_users_accounts": "rgw_accounts",
    "rgw_users: rgw_users_iam": "rgw_iam",
    "rgw_users: rgw_users_mfa": "rgw_mfa",
    "rgw_users: rgw_users_rate_limits": "rgw_rate_limits",
    "docker_volumes: docker_volumes_list": "docker_swift_volume",
    "rook_objects: rook_objects_users": "rook_manifests",
    "rgw_verify: rgw_verify_load": "numbers",
    # The secret has an option of its own.
    "rgw_verify: rgw_verify_keystone": "no secrets",
}


def free_form(spec: dict[str, Any], place: str = "") -> Iterator[str]:
    for name, option in spec.items():
        here = f"{place}.{name}".lstrip(".")
        if option.get("options"):
            yield from free_form(option["options"], here)
        elif "dict" in (option.get("type"), option.get("elements")) or option.get("type") in (None, "raw"):
            yield here


def test_every_option_of_free_form_is_known() -> None:
    assert {f"{name}: {place}" for name in MODULES for place in free_form(spec_of(name))} == set(FREE_FORM)


def test_every_option_of_a_role_is_known() -> None:
    found = set()
    for file in ROOT.glob("roles/*/meta/argument_specs.yml"):
        for entry in yaml.safe_load(file.read_text())["argument_specs"].values():
            found |= {f"{file.parts[-3]}: {place}" for place in free_form(entry.get("options") or {})}
    assert found == set(FREE_FORM_OF_ROLES)


def filled(spec: dict[str, Any], place: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Parameters with a canary in one place each: what is secret, what is misspelt, what is free, what is no file."""
    if holds_secrets(spec):
        for name in ("secret_kye", "passwrd", "x"):
            yield f"{place}.{name}", {name: CANARY}
        yield f"{place}.x", {"x": [{"y": CANARY}]}
    for name, option in spec.items():
        here, inner = f"{place}.{name}".lstrip("."), option.get("options")
        if inner:
            many = option.get("type") == "list"
            for where, value in filled(inner, here):
                yield where, {name: [value] if many else value}
            if holds_secrets(inner):
                yield here, {name: CANARY}
                yield here, {name: [CANARY]}
        elif option.get("no_log") is True:
            for value in (CANARY, [CANARY], {"value": CANARY}):
                yield here, {name: value}
        elif option.get("type") == "dict" and option.get("no_log") is not False:
            deep = {"http": [{"headers": {"X-Anything": [CANARY]}, "url": f"http://u:{CANARY}@h/"}]}
            for value in ({"password": CANARY}, {"a": {"secret_key": [CANARY]}}, deep):
                yield here, {name: value}
        elif name.endswith("_file") and is_secret_name(name[: -len("_file")]):
            yield here, {name: CANARY}


@pytest.mark.parametrize("name", MODULES)
def test_no_module_shows_a_secret(run_module, monkeypatch, name) -> None:
    module = importlib.import_module(f"ansible_collections.rgwkit.ceph.plugins.modules.{name}")
    logged: list[str] = []
    monkeypatch.setattr(AnsibleModule, "log", lambda self, *said, **more: logged.append(struck(f"{said} {more}")))
    for place, params in filled(spec_of(name)):
        # Without what is required it fails, which is when Ansible shows most.
        result = run_module(module, **params)
        assert CANARY not in result["printed"] + str(logged), (place, params, result)


USER = {"endpoint": "http://127.0.0.1:1", "access_key": "a", "secret_key": "b" * 20, "wait": 0}


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ({"secret_key": CANARY}, "users[0].keys[0].secret_key: did you mean secret?"),
        ({"secrt": CANARY}, "users[0].keys[0].secrt: did you mean secret?"),
        ({"secret": [CANARY]}, "users[0].keys[0].secret: a list"),
        ({"secret": {"value": CANARY}}, "users[0].keys[0].secret: a mapping"),
        ({"secret": 12345678901234567890}, "users[0].keys[0].secret: YAML reads this as a number"),
        ({"secret": True}, "users[0].keys[0].secret: YAML reads this as a boolean"),
    ],
)
def test_what_was_meant_for_a_secret_is_said(run_module, key, said) -> None:
    result = run_module(rgw_users, **USER, users=[{"uid": "u", "keys": [{"access_key": "A", **key}]}])
    assert result["failed"] and said in result["msg"]
    assert CANARY not in result["printed"] and "12345678901234567890" not in result["printed"]


CONFIG = {
    "version": "0.1",
    "storage": {"swift": {"password": CANARY, "username": "u:s", "authurl": "http://h", "container": "registry"}},
    "http": {"addr": ":5000", "secret": CANARY, "headers": {"X-Shown": ["shown-1"]}},
    "redis": {"addr": "h:1", "password": CANARY},
    "proxy": {"remoteurl": f"https://ci:{CANARY}@hub", "username": "ci", "password": CANARY},
    "auth": {"token": {"realm": "shown-2", "service": "s", "issuer": "i", "rootcertbundle": "/f"}},
    "notifications": {"endpoints": [{"name": "n", "url": "http://h", "headers": {"X-Token": [CANARY, CANARY]}}]},
    "unknown": {"deep": [CANARY]},
}


def test_a_configuration_shows_no_secret_in_arguments_diff_or_log(run_module, tmp_path, monkeypatch) -> None:
    logged: list[str] = []
    monkeypatch.setattr(AnsibleModule, "log", lambda self, *said, **more: logged.append(struck(f"{said} {more}")))
    params = {"path": str(tmp_path / "config.yml"), "owner": 0, "config": CONFIG, "fail_on": "never"}
    result = run_module(registry_config, **params)
    assert result["changed"] and CANARY in (tmp_path / "config.yml").read_text()
    assert CANARY not in result["printed"] + str(logged)
    assert "shown-1" in result["diff"]["after"] and "shown-2" in result["diff"]["after"]
    assert result["invocation"]["module_args"]["config"]["storage"]["swift"]["username"] == "u:s"
    again = run_module(registry_config, **{**params, "config": {"version": "0.1"}})
    assert again["changed"] and CANARY not in again["printed"]


def test_the_section_of_a_password_file_is_no_secret(run_module, tmp_path) -> None:
    config = {"auth": {"htpasswd": {"realm": "shown-3", "path": "/etc/registry/htpasswd"}}}
    result = run_module(registry_config, path=str(tmp_path / "config.yml"), config=config, fail_on="never")
    assert "itself contains secrets" not in result["printed"] and "shown-3" in result["diff"]["after"]


def test_the_diff_says_from_which_file_a_secret_comes(run_module, tmp_path) -> None:
    place = "notifications.endpoints.0.headers.Authorization"
    config = {**CONFIG, "unknown": {}, "storage": {"inmemory": {}}, "notifications": {"endpoints": [{"name": "n"}]}}
    file = tmp_path / "hook"
    file.touch(mode=0o600)
    file.write_text(f"Bearer {CANARY}\n")
    params = {"path": str(tmp_path / "config.yml"), "config": config, "secrets": {place: str(file)}, "fail_on": "never"}
    result = run_module(registry_config, **params)
    assert f"Authorization: <from {file}>" in result["diff"]["after"] and CANARY not in result["printed"]
    written = yaml.safe_load((tmp_path / "config.yml").read_text())
    assert written["notifications"]["endpoints"][0]["headers"] == {"Authorization": [f"Bearer {CANARY}"]}
    file.write_text(f"Bearer another-{CANARY}\n")
    changed = run_module(registry_config, **params)
    assert f"Authorization: <from {file}, changed>" in changed["diff"]["after"] and CANARY not in changed["printed"]
    wrong = run_module(registry_config, **{**params, "secrets": {place.replace("0", "1"): str(file)}})
    assert "'1' is no item of a list of 1" in wrong["msg"]


@pytest.mark.parametrize(
    "name",
    [
        *("rgw_keystone_admin_password", "rgw_keystone_admin_token", "rgw_keystone_barbican_password", "rgw_opa_token"),
        *("rgw_crypt_default_encryption_key", "rgw_crypt_s3_kms_encryption_keys", "rgw_crypt_kmip_password"),
        *("rgw_sts_key", "key", "rgw keystone admin password", "rgw-keystone-admin-token", "RGW_SOMETHING_SECRET"),
    ],
)
def test_options_of_ceph_that_hold_secrets_are_refused(run_module, name) -> None:
    assert secret_options([name, "rgw_zone"]) == [name]
    result = run_module(ceph_config, section="client.rgw.a", options={name: CANARY})
    assert result["failed"] and f"command arguments and dumps would show {name}" in result["msg"]
    assert CANARY not in result["printed"]


def test_options_of_ceph_that_only_sound_so() -> None:
    harmless = ["rgw_keystone_admin_password_path", "rgw_keystone_token_cache_size", "rgw_swift_token_expiration"]
    harmless += ["rgw_ldap_secret", "rgw_crypt_vault_token_file", "keyring", "rgw_crypt_kmip_client_key", "rgw_bypass"]
    assert secret_options(harmless) == []


def test_logins_of_urls_are_struck_in_either_spelling() -> None:
    censor = Censor()
    shown = censor.by_names({"url": "amqp://user:p%40ss@broker/x", "other": "https://token@h"})
    assert "p%40ss" not in json.dumps(shown) and "token" not in json.dumps(shown)
    assert censor.values == {"p%40ss", "p@ss", "token"}
