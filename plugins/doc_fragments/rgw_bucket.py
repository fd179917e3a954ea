# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of a bucket. Their argument spec is in module_utils/rgw/buckets/options.py."""

from __future__ import annotations


class ModuleDocFragment:
    """The fragment rgwkit.ceph.rgw_bucket."""

    DOCUMENTATION = r"""
options:
  buckets:
    description:
      - The buckets. No bucket may occur twice.
      - Text options must be given as text. YAML turns V(no) into a boolean and V(0123) into a number, so the module
        cannot know what was written. It refuses such values and asks for quotes.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description:
          - Name of the bucket, without its tenant.
          - A new bucket needs a name that S3 knows - 3 to 63 lower-case letters, digits, C(.) and C(-), which begins
            and ends with a letter or digit and is no IPv4 address. An existing bucket with another name, for example a
            swift container, can be changed and removed.
        type: str
        required: true
      tenant:
        description:
          - Tenant of the bucket and of its owner. The gateway knows the bucket as C(tenant/name).
        type: str
      api:
        description:
          - V(swift) for a container of swift, which RGW keeps as a bucket. It is created by swift, so that its name may
            be any of swift's, and O(buckets[].placement) is its storage policy.
          - The options O(buckets[].acl), O(buckets[].versioning), O(buckets[].object_lock), O(buckets[].website),
            O(buckets[].cors) and O(buckets[].storage_class) are for buckets of S3, because swift has other forms of
            them. All other options are for containers, too.
          - The module reads and changes what only swift keeps with the swift key of a subuser of the owner who has full
            access. For an owner without one, it creates such a subuser and removes it at the end of the run.
        type: str
        choices: [s3, swift]
        default: s3
      read_acl:
        description:
          - With O(buckets[].api=swift), who may read the container - a list of V(uid), V(uid:subuser), V(.r:*),
            V(.r:HOST), V(.r:-HOST) and V(.rlistings). Every user must exist.
        type: list
        elements: str
      write_acl:
        description: With O(buckets[].api=swift), who may write, in the form of O(buckets[].read_acl).
        type: list
        elements: str
      versions_location:
        description:
          - With O(buckets[].api=swift), the container that gets old versions. Needs C(rgw_swift_versioning_enabled) at
            the gateways.
        type: str
      web:
        description: With O(buckets[].api=swift), what makes a website of the container.
        type: dict
        suboptions:
          index: {description: Name of the page of a folder., type: str}
          error: {description: Suffix of the names of error pages., type: str}
          listings: {description: Whether folders without a page are listed., type: bool}
          css: {description: Style sheet of such listings., type: str}
      metadata:
        description:
          - With O(buckets[].api=swift), metadata of the container by name. Names that are not mentioned stay, V(null)
            as a value removes one, and V(null) as a whole removes all.
          - For the quota and the website there are options. Keys for temporary URLs belong to the account
            (O(rgwkit.ceph.rgw_users#module:users[].temp_url_keys)); RGW stores those of containers and ignores them.
        type: dict
      state:
        description:
          - V(absent) removes the bucket and ignores the other options of the entry but O(buckets[].remove_objects).
          - A bucket that has objects, versions or incomplete uploads is not removed unless O(buckets[].remove_objects)
            is set.
        type: str
        choices: [present, absent]
        default: present
      remove_objects:
        description:
          - With O(buckets[].state=absent), remove the bucket with all objects, versions and incomplete uploads.
          - The gateway answers only when everything is gone. For a lot of data, raise O(timeout).
        type: bool
        default: false
      owner:
        description:
          - User who owns the bucket, without the tenant. The user must exist and must not be suspended.
          - Required for a bucket that does not exist yet. A bucket of another user is an error unless
            O(buckets[].change_owner) is set.
        type: str
      change_owner:
        description:
          - Give the bucket and its objects to O(buckets[].owner). What its ACL grants to others is kept.
          - The admin API gives away the bucket only. For a bucket with objects, O(radosgw_admin) must say where that
            program can run. Otherwise the module fails before it writes anything.
          - The change is proven by reading as the new owner. A run that is killed while the objects change hands is
            continued by the next run.
        type: bool
        default: false
      placement:
        description:
          - Placement target of a new bucket, instead of the owner's default. An existing bucket cannot move.
        type: str
      storage_class:
        description:
          - Storage class that new objects of a new bucket get, instead of the owner's default. An existing bucket keeps
            its class.
        type: str
      quota:
        description:
          - Limit of the bucket. V(null) removes the limit. The quotas of the owner apply in addition.
          - A limit of V(0) is refused, because the gateway would then refuse every upload.
        type: dict
        suboptions:
          max_size:
            description:
              - Bytes, or a number with V(KiB), V(MiB), V(GiB), V(TiB), V(PiB) or V(EiB); V(-1) and V(null) mean no
                limit.
              - A new value must be a whole number of KiB. The admin API of Ceph 16 stores V(0) for a value in bytes.
            type: str
          max_objects: {description: "Number of objects; V(-1) and V(null) mean no limit.", type: int}
          enabled:
            description: Whether the limit applies. By default it does as soon as a value is given.
            type: bool
      rate_limit:
        description:
          - Limits per minute on each gateway; V(0) and V(null) mean no limit. Needs Ceph 17.
        type: dict
        suboptions:
          max_read_ops: {description: "Reading requests.", type: int}
          max_write_ops: {description: "Writing requests.", type: int}
          max_read_bytes: {description: "Bytes read, in the form of O(buckets[].quota.max_size).", type: str}
          max_write_bytes: {description: "Bytes written, in the form of O(buckets[].quota.max_size).", type: str}
          enabled:
            description: Whether the limits apply. By default they do as soon as a value is given.
            type: bool
      versioning:
        description:
          - V(enabled) or V(suspended). V(null) means suspended, since a bucket that had versions keeps them.
        type: raw
      object_lock:
        description:
          - V(true) for a bucket with object lock, or a mapping with the retention of new objects - C(mode)
            (V(governance) or V(compliance)) and either C(days) or C(years).
          - The lock can be set for a new bucket only, and stays.
        type: raw
      tagging:
        description: A mapping of tags to their values.
        type: raw
        aliases: [tags]
      encryption:
        description:
          - How objects are encrypted by default - a mapping with C(algorithm) (V(AES256), or V(aws:kms) with
            C(kms_key_id)) and C(bucket_key).
          - Before it stores a new default, the module writes an object that asks for the same into a bucket of its own
            and removes both. If the gateway refuses the object, it has no back-end for the encryption, and the default
            would make it refuse every upload. Check mode skips this test.
        type: raw
      lifecycle:
        description:
          - A list of rules. Each has an C(id), and any of C(enabled), C(prefix), C(tags),
            C(object_size_greater_than) and C(object_size_less_than) (bytes), C(expiration_days), C(expiration_date),
            C(expired_object_delete_marker), C(noncurrent_version_expiration_days), C(newer_noncurrent_versions),
            C(abort_incomplete_multipart_upload_days), C(transitions) and C(noncurrent_version_transitions) (lists of
            C(days) and C(storage_class)).
          - Filters that the release of Ceph would drop are refused. Ceph 16 and 18 would store such a rule without the
            filter and remove the objects that the filter was to spare.
        type: raw
      lifecycle_is_default:
        description:
          - Leave the lifecycle alone where the bucket has rules with other ids than those of O(buckets[].lifecycle),
            for example rules that the owner has written.
        type: bool
        default: false
      cors:
        description:
          - A list of rules with C(id), C(allowed_origins), C(allowed_methods), C(allowed_headers), C(expose_headers)
            and C(max_age_seconds).
        type: raw
      website:
        description:
          - A mapping with C(index_document), C(error_document) and C(routing_rules), or with
            C(redirect_all_requests_to). Needs C(rgw_enable_static_website) at the gateways.
        type: raw
      acl:
        description:
          - The name of a canned ACL (V(private), V(public-read), V(public-read-write) or V(authenticated-read)), or a
            list of grants beside the owner's - C(user) (a uid, V(tenant$uid) with a tenant) or C(group) (V(all_users)
            or V(authenticated_users)), and C(permissions), a list of V(read), V(write), V(read_acp), V(write_acp) and
            V(full_control).
          - Every user must exist.
        type: raw
      policy:
        description:
          - A bucket policy, as a mapping or as JSON text. Compared by meaning - the order of lists, and single values
            in place of lists, make no difference.
          - Users that do not exist, resources other than this bucket, actions that no Ceph knows, and statements that
            deny the bucket's owner the right to change the policy are refused. Ceph takes all of them but unknown
            actions.
          - A policy that shuts the owner out is replaced through the bucket's metadata.
        type: raw
      public_access_block:
        description:
          - A mapping of C(block_public_acls), C(ignore_public_acls), C(block_public_policy) and
            C(restrict_public_buckets) to booleans, or one boolean for all four.
        type: raw
      notification:
        description:
          - A list of configurations with C(id), C(topic) (name or ARN), C(events), C(prefix), C(suffix), C(regex),
            C(metadata) and C(tags). The topics must exist (M(rgwkit.ceph.rgw_topics)).
        type: raw
        aliases: [notifications]
"""
