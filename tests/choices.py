# SPDX-License-Identifier: Apache-2.0
"""Which test runs which choice against the real thing: docker, podman, systemd, cephadm, radosgw, the registry.

tests/unit/project/test_choices.py compares this with the specifications. A test is FILE::FUNCTION below tests/.
Where roles or modules share the code behind a choice, the test of that code stands for each of them.
"""

from __future__ import annotations

FRONTENDS = "integration/rgw_frontends/test_gateway_frontends.py::test_radosgw_listens"
LISTENER = "integration/playbooks/test_registry_listener.py::test_a_registry_is_proven_where_it_listens"
DEMO = "integration/playbooks/test_demo.py"
HOST_NETWORK = f"{DEMO}::test_on_the_host_s_network"
TEARDOWN = f"{DEMO}::test_teardown_keeps_data_until_told_and_may_run_twice"
AGAIN = f"{DEMO}::test_a_second_run_changes_nothing"
CONTRACT = "integration/ceph_demo/test_contract.py"
OWNERSHIP = "integration/playbooks/test_ownership.py::test_what_another_inventory_made_is_refused_and_untouched"
PACKAGE = "acceptance/registry/test_package.py"
HOSTS_AGAIN = "acceptance/hosts/test_debian.py::test_a_second_run_changes_nothing"
REGISTRY_PODMAN = "acceptance/registry/test_podman.py"
PODMAN = "acceptance/gateway/test_podman.py"
PODMAN_DEMO = "acceptance/demo/test_podman.py"
ROOTLESS = "acceptance/demo/test_rootless.py"
PODMAN_ADMIN = f"{PODMAN}::test_the_cluster_may_be_administered_in_a_container_of_podman"
CLUSTER_AGAIN = "acceptance/cluster/test_upgrade.py::test_a_second_run_changes_nothing"
CLUSTER_MOVE = "acceptance/cluster/test_upgrade.py::test_it_moves_from_its_container_to_the_package_and_back"
CLUSTER_OPTIONS = "acceptance/cluster/test_rolling.py::test_a_change_of_options"
CEPHADM = "acceptance/cephadm/test_gateways.py"
CEPHADM_FIRST = f"{CEPHADM}::test_the_first_run_proves_each_on_its_own_address"
INGRESS_AGAIN = "integration/ingress/test_ingress.py::test_a_second_run_changes_nothing"
INGRESS_PODMAN = "acceptance/gateway/test_ingress_podman.py::test_a_second_run_changes_nothing"
INGRESS_BOOTSTRAP = "acceptance/gateway/test_ingress_podman.py::test_the_image_can_be_made_from_packages"
SERVICE = "acceptance/gateway/test_ingress_podman.py::test_a_service_of_one_s_own_comes_and_goes"
INGRESS_SWIFT = "integration/ingress/test_ingress.py::test_swift_clients_are_told_the_address_that_they_know"
INGRESS_FORMS = "integration/ingress/test_ingress.py::test_an_address_may_have_any_form"
PORTAL_PODMAN = "acceptance/portal/test_podman.py::test_systemd_runs_the_containers_and_a_second_run_changes_nothing"
VIRTUAL = "acceptance/registry/test_virtual_address.py"
VIRTUAL_FIRST = f"{VIRTUAL}::test_the_host_of_the_highest_priority_has_it_and_a_second_run_changes_nothing"
VERIFY = "integration/rgw_verify/test_module.py::test_a_playbook_verifies_and_asserts"
VERIFY_ROLE = "integration/rgw_verify/test_role.py"
KEYSTONE = "integration/keystone/test_verify.py"
DNS_ROLE = "integration/dns/test_role.py::test_publish_again_change_check_remove"
DNS_LIFE = "integration/dns/test_records.py::test_create_again_change_check_absent_again"
DESIGNATE = "integration/dns/test_designate.py"
DESIGNATE_LIFE = f"{DESIGNATE}::test_create_again_change_check_absent_again"
DESIGNATE_INTERFACES = f"{DESIGNATE}::test_every_interface_of_the_catalogue"
DESIGNATE_ROLE = "integration/dns/test_designate_role.py::test_publish_again_change_check_remove"
DNS_KEYS = "integration/dns/test_records.py::test_every_algorithm_of_a_key"
ALGORITHMS = ("hmac-sha256", "hmac-sha224", "hmac-sha384", "hmac-sha512", "hmac-sha1")
DNS_PREFLIGHT = "integration/dns/test_role.py::test_a_name_of_one_s_own_goes_alone"
KEYSTONE_PROGRAMS = "integration/clients/test_keystone_programs.py"
KEYSTONE_ROLE = "integration/keystone/test_role.py::test_a_user_of_keystone_and_a_token"
BLOBS = "integration/registry_probe/test_registry_blobs_module.py"
REDIRECT = "acceptance/registry/test_redirect.py"
READ_ONLY = "acceptance/registry/test_read_only.py"
CEPHX = "integration/ceph_key/test_ceph_key.py::test_create_again_change_check_absent_again"
GENERATIONS = "integration/rgw_users/test_users_parts.py::test_one_generation_of_credentials_follows_another"
ACCESS = "integration/rgw_users/test_users_logins.py::test_access"
DETAILS = "integration/rgw_users/test_users_result.py::test_details_of_all_users_or_of_those_that_change"
BUCKETS_AGAIN = "integration/rgw_buckets/test_buckets_documents.py::test_create_again_change_check_null_absent_again"
CHOWN = "integration/rgw_buckets/test_buckets_owners.py::test_objects_go_to_the_new_owner"
ACCOUNT = "integration/rgw_accounts/test_accounts_life.py::test_create_again_change_check_absent_again"
IAM = "integration/rgw_accounts/test_iam_life.py"
IAM_KEYS = "integration/rgw_accounts/test_iam_keys.py"
IAM_GROUP = f"{IAM}::test_a_group_of_users"
MFA_DEVICE = "integration/rgw_users/test_mfa.py::test_create_again_change_check_absent_again"
TOPIC = "integration/rgw_topics/test_topics_life.py::test_create_again_change_check_absent_again"
VOLUMES = "acceptance/volumes/test_module.py"
VOLUME_LIFE = f"{VOLUMES}::test_create_again_change_check_absent_again"
VOLUME_WRITERS = f"{VOLUMES}::test_two_writers_are_refused_and_the_volume_moves_on_request"
VOLUME_ROLE = "acceptance/volumes/test_role.py"
IMAGE_OWNER = "integration/host_storage/test_image_owner.py::test_the_user_is_the_one_that_docker_starts"
STORAGE = "integration/host_storage/test_role.py::test_create_again_check_absent_again"
STORAGE_LABEL = "integration/host_storage/test_host_folders.py::test_docker_is_told_the_label"
STORAGE_PODMAN = "integration/host_storage/test_podman.py::test_a_container_of_podman_writes_its_folder"
FIELD = "integration/rgw_users/test_users_table.py::test_field"
MIRROR_CLIENTS = "acceptance/mirror/test_clients.py"
MIRROR_DOCKER = f"{MIRROR_CLIENTS}::test_docker_pulls_through_the_mirror_without_a_restart"
MIRROR_ENGINES = {"docker": MIRROR_DOCKER, "podman": f"{MIRROR_CLIENTS}::test_podman_s_file_is_the_toolkit_s_own"}
POD = "integration/kubernetes/test_registry_in_a_pod.py"
HELM = "integration/kubernetes/test_helm.py::test_helm_lays_the_values_over_a_chart_s"
RENDERED = {
    "manifests": f"{POD}::test_the_manifests_run_as_they_are",
    "helm": f"{POD}::test_what_the_chart_makes_of_the_values_runs",
}
ROOK = "unit/modules/test_rook_manifests.py"
ROOK_SAYS = f"{ROOK}::test_a_user_is_what_the_entry_says"
ROOK_REFUSES = f"{ROOK}::test_what_the_kind_cannot_say_is_refused"
LOCK = "integration/play_lock/test_play_lock.py"
LOCK_WAITS = f"{LOCK}::test_the_second_play_waits_for_nobody_and_the_next_takes_over_from_a_killed_one"

KEYSTONE_LIFE = "integration/keystone/test_keystone_identity.py::test_create_again_change_check_absent_again"
KEYSTONE_ENDPOINT = "integration/keystone/test_keystone_identity.py::test_one_endpoint_goes_and_the_others_stay"
KEYSTONE_INTERFACES = "integration/keystone/test_keystone_identity.py::test_every_interface_has_a_url_of_its_own"
KEYSTONE_PLAYBOOK = "integration/keystone/test_keystone_playbook.py::test_register_again_change_and_take_away"
KEYSTONE_PREFLIGHT = "integration/keystone/test_keystone_preflight.py"
KEYSTONE_TENANTS = "integration/keystone/test_keystone_tenants.py::test_names_of_projects"
KEYSTONE_FOUND = f"{KEYSTONE_PREFLIGHT}::test_nothing_is_found_where_nothing_is_wrong"
INTERFACES = ("public", "internal", "admin")
TENANTS = dict.fromkeys(("none", "both", "s3", "swift"), KEYSTONE_TENANTS)

# One role makes all images, and one module_utils/ceph/tool.py runs commands for all modules.
SOURCES = {
    "auto": "integration/playbooks/test_images.py::test_auto_goes_to_debian_when_the_registry_fails_and_says_why",
    "pull": "integration/playbooks/test_images.py::test_pulled",
    "build": "integration/playbooks/test_images.py::test_built_on_a_base_image",
    "bootstrap": "integration/playbooks/test_images.py::test_an_old_image_is_warned_of_and_renewed_on_demand",
}
PODMAN_IMAGE = f"{PODMAN_DEMO}::test_an_image_is_made_from_packages_with_a_layer"
PODMAN_PULL = f"{PODMAN_DEMO}::test_an_image_is_pulled_and_named"
# Every image of docker and of podman goes through these.
IMAGES = {"docker": SOURCES["bootstrap"], "podman": PODMAN_IMAGE}
DEMOS = {"docker": AGAIN, "podman": f"{PODMAN_DEMO}::test_a_second_run_changes_nothing"}
NO_MMDEBSTRAP = "integration/playbooks/test_images.py::test_a_host_without_mmdebstrap_is_fine_where_docker_can_pull"
VIA = {"host": CLUSTER_OPTIONS, "container": CEPHX, "cephadm": CEPHADM_FIRST}
SCOPES = {"system": DEMOS["podman"], "user": f"{ROOTLESS}::test_a_second_run_changes_nothing"}
ENGINES = {"docker": CEPHX, "podman": PODMAN_ADMIN}
GATEWAYS = {"docker": CLUSTER_AGAIN, "podman": f"{PODMAN}::test_a_second_run_changes_nothing"}
TOOLS = ("ceph_cluster_info", "ceph_config", "ceph_entity_info", "ceph_orch_rgw", "ceph_key", "rgw_admin_user")

# What no test runs, and why. docs/choices.md says so, too.
PROGRAMS = "integration/clients/test_programs.py"
SREGISTRY = "integration/clients/test_sregistry.py"
SETTINGS_ROTATION = f"{PROGRAMS}::test_rotation_and_removal"
SETTINGS_ROLE = "integration/clients/test_settings_role.py::test_settings_follow_their_users"
SREGISTRY_ROTATION = f"{SREGISTRY}::test_a_second_run_changes_nothing_and_a_rotation_writes_the_token"
UNTESTED = {
    ("module client_settings clients.programs", "mc"): "neither Debian nor PyPI has the program",
    ("role registry registry_version", "3.0"): "Debian has no such registry",
    ("role registry registry_version", "3.1"): "Debian has no such registry",
    **{
        (f"module {module} registry_version", version): "Debian has no such registry"
        for module in ("registry_config", "registry_config_info", "registry_manifests")
        for version in ("3.0", "3.1")
    },
    ("module registry_manifests registry_version", "2.7"): "the image of the pod has registry 2.8",
    ("role rgw_gateway rgw_gateway_package_state", "latest"): "Debian has one version of the package",
    ("role rgw_gateway rgw_gateway_orch_engine", "podman"): "the hosts of cephadm's tests have docker",
}

CHOICES: dict[str, dict[str, str]] = {
    "role dns_publish dns_publish_state": {"present": DNS_ROLE, "absent": DNS_ROLE},
    "role dns_publish dns_publish_provider": {"rfc2136": DNS_ROLE, "designate": DESIGNATE_ROLE},
    "role dns_publish dns_publish_designate.interface": dict.fromkeys(INTERFACES, DESIGNATE_INTERFACES),
    "module dns_designate_records interface": dict.fromkeys(INTERFACES, DESIGNATE_INTERFACES),
    "module dns_designate_records records.state": {"present": DESIGNATE_LIFE, "absent": DESIGNATE_LIFE},
    "role dns_publish dns_publish_key_algorithm": dict.fromkeys(ALGORITHMS, DNS_KEYS),
    "role dns_publish dns_publish_names.state": {"present": DNS_ROLE, "absent": DNS_PREFLIGHT},
    "module dns_records key_algorithm": dict.fromkeys(ALGORITHMS, DNS_KEYS),
    "module dns_records records.state": {"present": DNS_LIFE, "absent": DNS_LIFE},
    "module dns_preflight records.state": {"present": DNS_ROLE, "absent": DNS_PREFLIGHT},
    "role client_settings client_settings_state": {"present": SETTINGS_ROLE, "absent": SETTINGS_ROLE},
    "module client_settings clients.state": {"present": SETTINGS_ROTATION, "absent": SREGISTRY_ROTATION},
    "module client_settings clients.programs": {
        **{name: f"{PROGRAMS}::test_{name}" for name in ("swift", "rclone", "s3cmd", "aws", "restic", "duplicity")},
        "containers": f"{PROGRAMS}::test_skopeo",
        "sregistry": f"{SREGISTRY}::test_push_search_and_pull_by_command_and_python_client",
    },
    "module client_settings clients.sregistry.authtype": {
        "legacy": f"{SREGISTRY}::test_push_search_and_pull_by_command_and_python_client",
        "keystonev2": f"{SREGISTRY}::test_keystone_v2",
        "keystonev3": f"{SREGISTRY}::test_keystone_v3",
        "preauth": f"{SREGISTRY}::test_a_token_of_keystone_alone",
    },
    "module client_settings clients.swift.auth": {
        "tempauth": f"{PROGRAMS}::test_swift",
        "keystone": f"{KEYSTONE_PROGRAMS}::test_swift",
        "preauth": f"{KEYSTONE_PROGRAMS}::test_swift",
    },
    "module client_settings clients.swift.keystone.interface": {
        "public": f"{KEYSTONE_PROGRAMS}::test_swift",
        "internal": f"{KEYSTONE_PROGRAMS}::test_rclone",
        "admin": f"{KEYSTONE_PROGRAMS}::test_the_admin_interface",
    },
    "role ceph_demo ceph_demo_state": {"present": AGAIN, "absent": TEARDOWN},
    "role ceph_demo ceph_demo_runtime": DEMOS,
    "role ceph_demo ceph_demo_scope": SCOPES,
    "role ceph_demo ceph_demo_storage": {"persistent": TEARDOWN, "ephemeral": AGAIN},
    "role ceph_demo ceph_demo_network_mode": {"bridge": AGAIN, "host": HOST_NETWORK},
    "role ceph_demo ceph_demo_network_auto_detect": {
        "0": f"{CONTRACT}::test_no_uid_no_user",
        "1": f"{CONTRACT}::test_the_address_is_detected",
        "4": f"{CONTRACT}::test_the_address_is_detected",
        "6": f"{CONTRACT}::test_the_address_is_detected",
    },
    "role ceph_demo ceph_demo_rgw_frontend_type": {
        "beast": f"{CONTRACT}::test_gateway_has_its_name_and_frontend",
        "civetweb": f"{CONTRACT}::test_civetweb_where_there_is_civetweb",
    },
    "role ceph_demo ceph_demo_images.source": dict.fromkeys(SOURCES, NO_MMDEBSTRAP),
    "role ceph_image ceph_image_runtime": DEMOS,
    "role ceph_image ceph_image_source": SOURCES,
    "role container_image container_image_runtime": IMAGES,
    "role container_image container_image_scope": {
        "system": PODMAN_IMAGE,
        "user": f"{ROOTLESS}::test_an_image_is_made_from_packages",
    },
    "role container_image container_image_source": SOURCES,
    "role demo_report demo_report_runtime": {
        "docker": f"{DEMO}::test_login_and_push_work_as_the_summary_says",
        "podman": f"{PODMAN_DEMO}::test_login_push_and_pull_work_as_the_summary_says",
    },
    "role demo_report demo_report_state": {
        "present": f"{DEMO}::test_the_summary_says_what_was_verified",
        "absent": TEARDOWN,
    },
    "role pulp pulp_state": {
        "present": "acceptance/pulp/test_pulp.py::test_a_second_run_changes_nothing",
        "absent": "acceptance/pulp/test_pulp.py::test_teardown_leaves_the_objects_only",
    },
    "role registry_mirror_clients registry_mirror_clients_state": {"present": MIRROR_DOCKER, "absent": MIRROR_DOCKER},
    "role registry_mirror_clients registry_mirror_clients_engines": MIRROR_ENGINES,
    "module registry_mirrors engines": MIRROR_ENGINES,
    "role rgw_portal rgw_portal_state": {
        "present": "acceptance/portal/test_role.py::test_a_second_run_changes_nothing",
        "absent": "acceptance/portal/test_role.py::test_teardown_leaves_the_buckets_only",
    },
    "role rgw_portal rgw_portal_runtime": {
        "docker": "acceptance/portal/test_container.py::test_a_second_run_changes_nothing",
        "podman": PORTAL_PODMAN,
        "package": "acceptance/portal/test_role.py::test_a_second_run_changes_nothing",
    },
    "role demo_portal demo_portal_state": {
        "present": "acceptance/portal/test_demo.py::test_a_second_run_changes_nothing",
        "absent": "acceptance/portal/test_demo.py::test_teardown_leaves_nothing",
    },
    "role demo_portal demo_portal_runtime": {
        "docker": "acceptance/portal/test_demo.py::test_a_second_run_changes_nothing",
        "podman": PORTAL_PODMAN,
    },
    "role rgw_portal rgw_portal_backends.kind": {
        "rgw": "acceptance/portal/test_role.py::test_a_project_gets_a_bucket_on_the_gateway",
        "swift": (
            "acceptance/portal/test_swift_role.py::test_the_portal_gets_its_password_as_a_credential_and_gives_storage"
        ),
        "dummy": "acceptance/portal/test_role.py::test_a_changed_variable_restarts_the_portal_once",
    },
    "role registry registry_state": {"present": AGAIN, "absent": TEARDOWN},
    "role registry registry_runtime": {
        "docker": AGAIN,
        "podman": f"{REGISTRY_PODMAN}::test_a_second_run_changes_nothing",
        "package": f"{PACKAGE}::test_a_registry_runs_confined_and_a_second_run_changes_nothing",
    },
    "role registry registry_scope": SCOPES,
    "role registry registry_version": {"2.7": HOSTS_AGAIN, "2.8": AGAIN},
    "role registry registry_render_target": {
        "files": "integration/registry_config/test_render.py::test_every_section_reaches_the_registry",
        **RENDERED,
    },
    "role registry registry_kubernetes_chart": {"2": HELM, "3": HELM},
    "role registry registry_image_source": SOURCES,
    "role registry registry_log_level": {
        "error": "acceptance/registry/test_tls.py::test_a_registry_that_logs_errors_alone_is_waited_for",
        "warn": LISTENER,
        "info": AGAIN,
        "debug": LISTENER,
    },
    "role registry registry_storage": {
        "swift": AGAIN,
        "s3": "acceptance/registry/test_migration.py::test_killed_in_the_middle_and_run_again_loses_nothing",
        "filesystem": "acceptance/registry/test_tls.py::test_a_registry_speaks_tls_and_a_second_run_changes_nothing",
        "inmemory": LISTENER,
    },
    "role registry registry_redirect": {
        "off": f"{REDIRECT}::test_on_redirects_and_off_takes_that_back",
        "on": f"{REDIRECT}::test_on_redirects_and_off_takes_that_back",
        "auto": f"{REDIRECT}::test_auto_keeps_redirects_that_work_and_costs_nothing_the_second_time",
    },
    "role registry registry_cache": {
        "inmemory": AGAIN,
        "redis": "acceptance/registry/test_redis.py::test_what_is_pushed_to_one_is_pulled_from_the_other",
        "none": LISTENER,
    },
    "role rgw_gateway rgw_gateway_state": {"present": CLUSTER_AGAIN, "absent": f"{PODMAN}::test_absent_leaves_nothing"},
    "role rgw_gateway rgw_gateway_runtime": {**GATEWAYS, "package": CLUSTER_MOVE, "cephadm": CEPHADM_FIRST},
    "role rgw_gateway rgw_gateway_instances.frontend": {"beast": FRONTENDS, "civetweb": FRONTENDS},
    "role rgw_gateway rgw_gateway_keystone.implicit_tenants": TENANTS,
    "role ceph_demo ceph_demo_keystone.implicit_tenants": TENANTS,
    "module rgw_keystone_preflight runtime": {
        "docker": KEYSTONE_FOUND,
        "podman": KEYSTONE_FOUND,
        "package": f"{KEYSTONE_PREFLIGHT}::test_what_is_wrong_is_found",
        "cephadm": f"{KEYSTONE_PREFLIGHT}::test_cephadm_s_gateways_do_not_get_the_authority",
    },
    "role rgw_keystone_identity rgw_keystone_identity_state": {
        "present": KEYSTONE_PLAYBOOK,
        "absent": KEYSTONE_PLAYBOOK,
    },
    "module rgw_keystone_identity services.state": {"present": KEYSTONE_LIFE, "absent": KEYSTONE_LIFE},
    "module rgw_keystone_identity roles.state": {"present": KEYSTONE_LIFE, "absent": KEYSTONE_LIFE},
    "module rgw_keystone_identity services.endpoints.state": {
        "present": KEYSTONE_ENDPOINT,
        "absent": KEYSTONE_ENDPOINT,
    },
    "module rgw_keystone_identity services.endpoints.interface": dict.fromkeys(INTERFACES, KEYSTONE_INTERFACES),
    "role rgw_gateway rgw_gateway_config": {
        "file": CLUSTER_OPTIONS,
        "monitors": f"{PODMAN}::test_options_may_be_in_the_monitors_database",
    },
    "role rgw_gateway rgw_gateway_admin_via": {
        "host": CLUSTER_OPTIONS,
        "container": PODMAN_ADMIN,
        "cephadm": CEPHADM_FIRST,
    },
    "role rgw_gateway rgw_gateway_admin_engine": ENGINES,
    "role rgw_gateway rgw_gateway_orch_engine": {"docker": CEPHADM_FIRST},
    "role rgw_gateway rgw_gateway_package_state": {
        "present": CLUSTER_MOVE,
    },
    "role rgw_gateway rgw_gateway_image_pull": {
        "always": f"{PODMAN}::test_another_image_behind_the_same_name_is_taken_once",
        "missing": PODMAN_ADMIN,
        "never": CLUSTER_AGAIN,
    },
    "role rgw_ingress rgw_ingress_state": {
        "present": INGRESS_AGAIN,
        "absent": "acceptance/registry/test_ingress.py::test_absent_leaves_nothing",
    },
    "role rgw_ingress rgw_ingress_runtime": {
        "docker": INGRESS_AGAIN,
        "podman": INGRESS_PODMAN,
        "package": VIRTUAL_FIRST,
    },
    "role service service_state": {"present": SERVICE, "absent": SERVICE},
    "role rgw_ingress rgw_ingress_image_source": SOURCES,
    "role rgw_ingress rgw_ingress_services.type": {
        "rgw": INGRESS_SWIFT,
        "registry": "integration/ingress/test_ingress.py::test_a_registry_works_through_it_in_every_step",
    },
    "role rgw_verify rgw_verify_auth": {
        "tempauth": f"{VERIFY_ROLE}::test_two_hosts_look_at_two_gateways_and_one_is_ill",
        "keystone": KEYSTONE_ROLE,
        "preauth": KEYSTONE_ROLE,
    },
    "role rgw_verify rgw_verify_fail_on": {
        "error": f"{VERIFY_ROLE}::test_two_hosts_look_at_two_gateways_and_one_is_ill",
        "warning": f"{VERIFY_ROLE}::test_what_fails_a_run_is_what_was_asked_for",
        "never": f"{VERIFY_ROLE}::test_what_fails_a_run_is_what_was_asked_for",
    },
    "role shared_secrets shared_secrets_state": {
        "present": "acceptance/registry/test_rotation.py::test_rotation_under_load_loses_nothing_and_shows_no_secret",
        "absent": "acceptance/registry/test_rotation.py::test_rotation_under_load_loses_nothing_and_shows_no_secret",
    },
    **{f"module {tool} via": VIA for tool in TOOLS},
    "module rgw_buckets radosgw_admin.via": {**VIA, "container": CHOWN},
    "module rgw_buckets radosgw_admin.runtime": {**ENGINES, "docker": CHOWN},
    "role rgw_buckets rgw_buckets_radosgw_admin.via": {**VIA, "container": CHOWN},
    "role rgw_buckets rgw_buckets_radosgw_admin.runtime": {**ENGINES, "docker": CHOWN},
    **{f"module {tool} runtime": ENGINES for tool in TOOLS},
    "module ceph_orch_rgw state": {
        "present": CEPHADM_FIRST,
        "absent": f"{CEPHADM}::test_absent_leaves_what_others_made",
    },
    "module ceph_key keys.state": {"present": CEPHX, "absent": CEPHX},
    "module container_image_info runtime": IMAGES,
    "module image_owner runtime": {"docker": IMAGE_OWNER, "podman": STORAGE_PODMAN},
    "module host_folders runtime": {"docker": STORAGE, "podman": STORAGE_PODMAN},
    "module host_folders state": {"present": STORAGE, "absent": STORAGE},
    "module host_folders folders.relabel": dict.fromkeys(("shared", "private", "none"), STORAGE_LABEL),
    "role host_storage host_storage_runtime": {"docker": STORAGE, "podman": STORAGE_PODMAN},
    "role host_storage host_storage_state": {"present": STORAGE, "absent": STORAGE},
    "role host_storage host_storage_folders.relabel": dict.fromkeys(("shared", "private", "none"), STORAGE_LABEL),
    "module debian_image runtime": {"docker": SOURCES["bootstrap"], "podman": INGRESS_BOOTSTRAP},
    "module podman_image source": {"pull": PODMAN_PULL, "build": PODMAN_IMAGE, "tag": PODMAN_PULL},
    "module host_preflight images.source": dict.fromkeys(SOURCES, NO_MMDEBSTRAP),
    "module host_preflight scope": {
        "system": f"{PODMAN_DEMO}::test_an_old_podman_is_one_message",
        "user": f"{ROOTLESS}::test_what_is_missing_is_one_message_with_the_command",
    },
    "module owned_folder state": {"present": AGAIN, "absent": TEARDOWN},
    "module ownership state": {"present": OWNERSHIP, "absent": TEARDOWN},
    "module ownership runtime": {"docker": OWNERSHIP, "podman": f"{PODMAN}::test_absent_leaves_nothing"},
    "module ownership scope": SCOPES,
    "module service_record services.scope": SCOPES,
    "module service_watch scope": SCOPES,
    "module ownership things.kind": {
        "container": OWNERSHIP,
        "volume": OWNERSHIP,
        "network": OWNERSHIP,
        "unit": f"{PACKAGE}::test_absent_leaves_nothing",
        "folder": "integration/playbooks/test_ownership.py::test_folders_of_somebody_are_refused_and_untouched",
    },
    "module service_watch runtime": {
        "docker": AGAIN,
        "podman": INGRESS_PODMAN,
        "systemd": VIRTUAL_FIRST,
    },
    "module play_lock state": {"held": LOCK_WAITS, "released": LOCK_WAITS},
    "module registry_blobs depth": {
        "layout": f"{BLOBS}::test_the_layout_of_swift_is_told_from_that_of_s3",
        "links": f"{BLOBS}::test_what_a_copy_lacks_is_named",
        "digests": f"{BLOBS}::test_a_copy_goes_on_and_is_the_registry_s_own_when_it_is_finished",
    },
    **{
        f"module {module} registry_version": {
            "2.7": HOSTS_AGAIN,
            "2.8": "integration/registry_config/test_behaviour.py::test_every_end_is_foretold",
        }
        for module in ("registry_config", "registry_config_info")
    },
    "module registry_manifests target": RENDERED,
    "module registry_manifests chart": {"2": HELM, "3": HELM},
    "module registry_manifests registry_version": {"2.8": RENDERED["manifests"]},
    # Rook's objects are read as its schemas have them; no test has Rook. What the kind cannot say is refused as such.
    "module rook_manifests users.state": {
        "present": ROOK_SAYS,
        "absent": f"{ROOK}::test_values_of_a_new_user_need_no_word",
    },
    "module rook_manifests users.s3_keys.state": dict.fromkeys(("present", "absent", "retired"), ROOK_SAYS),
    "module rook_manifests users.subusers.state": dict.fromkeys(("present", "absent", "retired"), ROOK_REFUSES),
    "module rook_manifests users.subusers.access": dict.fromkeys(
        ("none", "read", "write", "readwrite", "full"), ROOK_REFUSES
    ),
    "module rook_manifests users.temp_url_keys.index": dict.fromkeys(("0", "1"), ROOK_REFUSES),
    "module rook_manifests users.temp_url_keys.state": dict.fromkeys(("present", "absent", "retired"), ROOK_REFUSES),
    # These say how the module ends, and nothing of the registry.
    "module registry_config fail_on": {
        "error": "unit/registry/config/test_render.py::test_an_error_fails_the_task_unless_told_otherwise",
        "warning": "unit/registry/config/test_render.py::test_a_warning_is_a_failure_only_where_that_is_asked_for",
        "never": "unit/registry/config/test_render.py::test_an_error_fails_the_task_unless_told_otherwise",
    },
    "module registry_gc runtime": {
        "docker": "acceptance/registry/test_garbage.py::test_what_nothing_needs_goes_and_all_else_stays",
        "podman": f"{REGISTRY_PODMAN}::test_garbage_is_collected",
    },
    "module registry_roundtrip runtime": {
        "docker": AGAIN,
        "podman": f"{REGISTRY_PODMAN}::test_an_image_is_pushed_and_pulled",
    },
    "module registry_migrate state": {
        "copied": f"{BLOBS}::test_a_copy_goes_on_and_is_the_registry_s_own_when_it_is_finished",
        "finished": f"{BLOBS}::test_a_copy_goes_on_and_is_the_registry_s_own_when_it_is_finished",
        "source_absent": f"{BLOBS}::test_a_container_is_removed_with_its_segments",
    },
    "module registry_lease state": {
        "held": f"{READ_ONLY}::test_killed_in_the_middle_they_become_writable_by_themselves",
        "renewed": f"{READ_ONLY}::test_killed_in_the_middle_they_become_writable_by_themselves",
        "released": f"{READ_ONLY}::test_a_registry_that_is_removed_leaves_no_guard",
    },
    "module docker_swift_volume volumes.state": {"present": VOLUME_LIFE, "absent": VOLUME_LIFE},
    "module docker_swift_volume volumes.access_mode": {
        "ReadWriteOnce": VOLUME_WRITERS,
        "ReadOnlyMany": VOLUME_WRITERS,
        "ReadWriteMany": f"{VOLUMES}::test_many_writers_when_every_host_says_so",
    },
    "role docker_volumes docker_volumes_state": {
        "present": f"{VOLUME_ROLE}::test_a_second_run_changes_nothing",
        "absent": f"{VOLUME_ROLE}::test_removal_waits_for_containers_and_takes_all_but_the_data",
    },
    "module rgw_accounts accounts.state": {"present": ACCOUNT, "absent": ACCOUNT},
    "module rgw_iam accounts.groups.state": {"present": IAM_GROUP, "absent": IAM_GROUP},
    "module rgw_iam accounts.oidc_providers.state": dict.fromkeys(
        ("present", "absent"), f"{IAM}::test_a_provider_create_again_change_absent"
    ),
    "module rgw_iam accounts.roles.state": dict.fromkeys(
        ("present", "absent"), f"{IAM}::test_a_role_create_again_change_absent"
    ),
    "module rgw_iam accounts.users.state": dict.fromkeys(("present", "absent"), f"{IAM}::test_a_user_comes_and_goes"),
    "module rgw_iam accounts.users.s3_keys.state": {
        "present": f"{IAM_KEYS}::test_a_user_with_a_given_key_create_again_change_check_absent_again",
        "absent": f"{IAM_KEYS}::test_a_user_with_a_given_key_create_again_change_check_absent_again",
        "retired": f"{IAM_KEYS}::test_a_key_retires_when_its_successor_is_there",
    },
    "module rgw_mfa users.devices.state": {"present": MFA_DEVICE, "absent": MFA_DEVICE},
    "module rgw_mfa users.devices.seed_type": dict.fromkeys(
        ("base32", "hex"), "integration/rgw_users/test_mfa.py::test_a_seed_is_made_and_kept"
    ),
    "module rgw_admin_user state": {
        "present": "integration/rgw_admin_user/test_rgw_admin_user.py::test_create_again_change_check_absent_again",
        "absent": "integration/rgw_admin_user/test_rgw_admin_user.py::test_create_again_change_check_absent_again",
    },
    "module rgw_buckets buckets.state": {"present": BUCKETS_AGAIN, "absent": BUCKETS_AGAIN},
    "module rgw_buckets buckets.api": {
        "s3": BUCKETS_AGAIN,
        "swift": "integration/rgw_buckets/test_buckets_swift.py::test_create_again_change_null_absent",
    },
    "module rgw_buckets return_details": {
        "all": BUCKETS_AGAIN,
        "changed": "integration/rgw_buckets/test_buckets_role.py::test_the_role_reconciles_and_says_what_changed",
    },
    "module rgw_preflight instances.frontend": {"beast": FRONTENDS, "civetweb": FRONTENDS},
    "module rgw_preflight runtime": {**GATEWAYS, "package": CLUSTER_MOVE, "cephadm": CEPHADM_FIRST},
    "module rgw_topics topics.state": {"present": TOPIC, "absent": TOPIC},
    "module rgw_users return_details": {"all": DETAILS, "changed": DETAILS},
    "module rgw_users users.state": {
        "present": GENERATIONS,
        "absent": "integration/rgw_users/test_users_logins.py::test_data_outlive_changes_and_hold_off_removal",
    },
    "module rgw_users users.s3_keys.state": {
        "present": GENERATIONS,
        "absent": "integration/rgw_users/test_users_parts.py::test_an_access_key_that_was_removed_is_free",
        "retired": GENERATIONS,
    },
    "module rgw_users users.subusers.state": {
        "present": GENERATIONS,
        "absent": "integration/rgw_users/test_users_parts.py::test_a_subuser_that_was_removed_is_out",
        "retired": GENERATIONS,
    },
    "module rgw_users users.subusers.access": {
        "none": "integration/rgw_users/test_users_round_trip.py::test_a_subuser_without_access_and_a_key_of_another",
        "read": ACCESS,
        "write": ACCESS,
        "readwrite": ACCESS,
        "full": ACCESS,
    },
    "module rgw_users users.temp_url_keys.index": {"0": FIELD, "1": FIELD},
    "module rgw_users users.temp_url_keys.state": {"present": GENERATIONS, "absent": FIELD, "retired": GENERATIONS},
    "module rgw_verify auth": {
        "tempauth": VERIFY,
        "keystone": f"{KEYSTONE}::test_all_probes_pass_for_a_member",
        "preauth": f"{KEYSTONE}::test_a_token_of_before_and_its_end",
    },
    "module rgw_verify keystone.interface": dict.fromkeys(
        ("public", "internal", "admin"), f"{KEYSTONE}::test_each_interface_of_the_catalogue"
    ),
    "module rgw_verify fail_on": {"error": VERIFY, "warning": VERIFY, "never": VERIFY},
}

REFUSED = "unit/modules/test_rgw_preflight.py"
# How an address may be written, by option. A form that is refused has the test that says so.
ADDRESSES: dict[str, dict[str, str]] = {
    "role registry registry_address": {
        "IPv4": AGAIN,
        "name": LISTENER,
        "IPv6": LISTENER,
        "wildcard": LISTENER,
    },
    "role rgw_ingress rgw_ingress_services.address": dict.fromkeys(("IPv4", "name", "IPv6", "wildcard"), INGRESS_FORMS),
    "role rgw_gateway rgw_gateway_instances.address": {
        "IPv4": FRONTENDS,
        "name": f"{REFUSED}::test_what_is_wrong_with_the_instances",
        "IPv6": FRONTENDS,
        "wildcard": FRONTENDS,
    },
}
