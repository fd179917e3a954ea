# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of a user. Their argument spec is in module_utils/rgw/user_options.py."""

from __future__ import annotations


class ModuleDocFragment:
    """The fragment rgwkit.ceph.rgw_user."""

    DOCUMENTATION = r"""
options:
  users:
    description:
      - The users. No uid, e-mail address, access key or secret file may occur twice.
      - Text options must be given as text. YAML turns V(no) into a boolean and V(0123) into a number, so the module
        cannot know what was written. It refuses such values and asks for quotes.
    type: list
    elements: dict
    required: true
    suboptions:
      uid:
        description:
          - Name of the user, without its tenant.
          - Letters, digits and C(. _ @ + = , -), beginning with a letter or digit. An existing user with another name,
            for example one with a space, can be changed and removed, but no such user is created. A user whose name
            has a C(:) can only be removed.
          - At most 1024 bytes as part of a URL, like all names and addresses here.
        type: str
        required: true
      tenant:
        description: Tenant of the user. The gateway knows the user as C(tenant$uid).
        type: str
      state:
        description:
          - V(absent) removes the user and ignores the other options of the entry.
          - A user that owns buckets is not removed unless O(users[].purge_data) is set; the error gives the number of
            buckets.
          - A secret file is never removed.
        type: str
        choices: [present, absent]
        default: present
      purge:
        description:
          - Whether to remove everything of the user that the entry does not list, in each of O(users[].caps),
            O(users[].s3_keys), O(users[].subusers) and O(users[].temp_url_keys) that the entry mentions.
          - A subuser C(rgwkit-chown-BUCKET) stays. It marks a bucket of which M(rgwkit.ceph.rgw_buckets) was giving the
            objects to the user when a run was ended, and the next run of that module removes it.
        type: bool
        default: false
      purge_data:
        description:
          - With O(users[].state=absent), remove the buckets of the user and their content.
          - The gateway answers only when everything is gone. For a lot of data, raise
            O(rgwkit.ceph.rgw_users#module:timeout).
        type: bool
        default: false
      display_name:
        description: Full name. By default a new user gets the uid.
        type: str
      email:
        description:
          - E-mail address, stored in lower case. No two users of a gateway may have the same address.
          - An empty value removes the address.
        type: str
      suspended:
        description: Whether the user is locked out. The user's keys and data stay.
        type: bool
      system:
        version_added: "0.3.0"
        description:
          - Whether the user is a system user. A system user may do everything on the gateway and sees more in answers.
            Zones read from each other as such a user.
        type: bool
      admin:
        version_added: "0.3.0"
        description:
          - Whether the user may use buckets and objects of all users, and the admin API without caps.
        type: bool
      max_buckets:
        description:
          - Number of buckets that the user may own; V(0) for no limit, a negative number for none.
          - By default a new user gets the gateway's default, V(1000) unless its operator has set another number.
        type: int
      op_mask:
        description:
          - Operations that the user may perform, whatever other rights the user has. Any of V(read), V(write) and
            V(delete).
          - By default a new user may perform all of them.
        type: list
        elements: str
      default_placement:
        description:
          - Placement target of the user's new buckets. An empty value means the zone group's default.
          - The module checks with the gateway that the target exists. Ceph 14 does not tell.
        type: str
      default_storage_class:
        description:
          - Storage class of the user's new objects. V(STANDARD) is the same as an empty value.
          - From Ceph 19 on, the module checks with the gateway that O(users[].default_placement) has this class.
        type: str
      placement_tags:
        description:
          - Tags of the user. A placement target with tags is open to users who have one of these tags.
        type: list
        elements: str
      account:
        version_added: "0.3.0"
        description:
          - Account of the user, by its ID or, within the tenant of the user, by its name. M(rgwkit.ceph.rgw_accounts)
            creates accounts. Needs Ceph 19.
          - A user never leaves an account. A change to another account, or to none, is refused.
          - O(users[].display_name) is then the name of the user for IAM, and has no blanks.
        type: str
      account_root:
        version_added: "0.3.0"
        description:
          - Whether the user is a root user of O(users[].account). A root user may do everything in the account. Other
            users of an account may do what policies allow, and nothing without one.
        type: bool
      move_buckets:
        version_added: "0.3.0"
        description:
          - Whether a user who owns buckets may be put into O(users[].account). The buckets become the account's for
            good. Nobody reads the objects that are in them, not even the root user, until a policy of the account
            allows it (seen on 20.2.4).
          - By default such a user is refused.
        type: bool
        default: false
      user_quota:
        description:
          - Limit for all buckets of the user together.
          - A suboption that a new user's entry does not mention gets the value that the gateway's operator has set for
            new users. V(null) sets the same value for an existing user.
        type: dict
        suboptions:
          max_size:
            description:
              - Maximum size of all buckets together in bytes, as a number or with a binary unit, for example V(10GiB).
                V(-1) means no limit.
            type: str
          max_objects:
            description: Maximum number of objects in all buckets together. V(-1) means no limit.
            type: int
          enabled:
            description: Whether the limits are enforced. By default they are if a limit is given.
            type: bool
      bucket_quota:
        description:
          - Limit for each bucket of the user. For suboptions that are not mentioned and for V(null) see
            O(users[].user_quota).
        type: dict
        suboptions:
          max_size:
            description:
              - Maximum size of a bucket in bytes, as a number or with a binary unit, for example V(10GiB). V(-1) means
                no limit.
            type: str
          max_objects:
            description: Maximum number of objects in a bucket. V(-1) means no limit.
            type: int
          enabled:
            description: Whether the limits are enforced. By default they are if a limit is given.
            type: bool
      rate_limit:
        description:
          - Limits per minute on each gateway. Needs Ceph 17.
        type: dict
        suboptions:
          max_read_ops:
            description: Maximum number of read requests. V(0) or V(null) means no limit.
            type: int
          max_write_ops:
            description: Maximum number of write requests. V(0) or V(null) means no limit.
            type: int
          max_read_bytes:
            description: Maximum bytes read, as a number or with a binary unit. V(0) or V(null) means no limit.
            type: str
          max_write_bytes:
            description: Maximum bytes written, as a number or with a binary unit. V(0) or V(null) means no limit.
            type: str
          enabled:
            description: Whether the limits are enforced. By default they are if a limit is given.
            type: bool
      caps:
        description:
          - Admin caps by type, each V(read), V(write) or V(*), for example V(read) for C(usage). V(null) removes a cap.
          - A cap that the gateway's release does not know is an error.
        type: dict
      s3_keys:
        description:
          - S3 keys.
          - Called C(keys) before 0.3.0. Jinja takes C(user.keys) for a method of the dictionary.
        aliases: [keys]
        type: list
        elements: dict
        suboptions:
          access_key:
            description:
              - Identifier of the key. The identifier is not secret and appears in messages.
              - Printable ASCII without spaces. An existing key with another name can be changed and removed, but no
                such key is created.
            type: str
            required: true
          state:
            description:
              - V(absent) removes the key. V(retired) does so if O(rgwkit.ceph.rgw_users#module:retire) is set, and
                requires that another key is listed.
            type: str
            choices: [present, absent, retired]
            default: present
          active:
            version_added: "0.3.0"
            description:
              - Whether the gateway accepts the key. A disabled key keeps its secret. By default a new key is active,
                and an existing key stays as it is.
              - V(false) needs Ceph 19.
            type: bool
          subuser:
            version_added: "0.2.0"
            description:
              - Subuser that the key belongs to. The key then gives no more rights than the subuser has. By default a
                new key belongs to the user itself, and an existing key stays as it is.
            type: str
          secret:
            description:
              - Secret of the key. A new key needs either this or O(users[].s3_keys[].secret_file).
            type: str
          secret_file:
            description:
              - As O(users[].subusers[].secret_file), for this key.
            type: path
      subusers:
        description:
          - Subusers. Clients of the swift API log in as a subuser.
        type: list
        elements: dict
        suboptions:
          name:
            description:
              - Name of the subuser, V(swift) or in full V(registry:swift).
            type: str
            required: true
          state:
            description:
              - V(absent) removes the subuser and its keys. V(retired) does so if O(rgwkit.ceph.rgw_users#module:retire)
                is set, and requires that another subuser is listed.
            type: str
            choices: [present, absent, retired]
            default: present
          access:
            description:
              - Access of the subuser to the containers of its user. A registry needs V(readwrite). V(full) includes the
                account itself, for example its temp-URL keys. V(none) gives no access.
              - Required for a subuser that does not exist yet.
            type: str
            choices: [none, read, write, readwrite, full]
          active:
            version_added: "0.3.0"
            description:
              - As O(users[].s3_keys[].active), for the swift key. Requires that the subuser has a swift key.
            type: bool
          secret:
            description:
              - Secret of the swift key. A subuser has one swift key. A new secret immediately invalidates the old one
                and all tokens that were issued with it.
            type: str
          secret_file:
            description:
              - File with the secret, an absolute path on the host where the module runs. One newline at the end is
                ignored. A file that every account of the host may read or write is refused.
              - A missing file is created with mode V(0600), and missing directories with mode V(0700). If the gateway
                already has a secret, the module writes that secret to the file. Otherwise the module generates a secret
                of 64 hexadecimal digits, and writes the file before it sends the secret to the gateway.
              - An existing file is never changed. To change the secret, put a new one into the file.
            type: path
      temp_url_keys:
        description:
          - Keys that sign temporary URLs of the swift API for the user's account.
        type: list
        elements: dict
        suboptions:
          index:
            description: V(0) for C(X-Account-Meta-Temp-Url-Key), V(1) for C(X-Account-Meta-Temp-Url-Key-2).
            type: int
            choices: [0, 1]
            required: true
          state:
            description:
              - V(absent) removes the key. V(retired) does so if O(rgwkit.ceph.rgw_users#module:retire) is set, and
                requires that another key is listed.
            type: str
            choices: [present, absent, retired]
            default: present
          secret:
            description:
              - The key. A new key needs either this or O(users[].temp_url_keys[].secret_file).
            type: str
          secret_file:
            description:
              - As O(users[].subusers[].secret_file), for this key.
            type: path
"""
