# SPDX-License-Identifier: Apache-2.0
"""What a user may declare (module_utils/rgw/user_options.py holds the argument spec)."""

from __future__ import annotations


class ModuleDocFragment:
    """The fragment rgwkit.ceph.rgw_user."""

    DOCUMENTATION = r"""
options:
  users:
    description:
      - The users. No uid, e-mail address, access key or secret file may occur twice.
      - What is text has to be text. YAML makes a boolean of V(no) and a number of V(0123), so that the module cannot
        know what was written; it refuses such values and asks for quotes.
    type: list
    elements: dict
    required: true
    suboptions:
      uid:
        description:
          - Name of the user, without its tenant.
          - Letters, digits and C(. _ @ + = , -), beginning with a letter or digit. A user with another name, say one
            with a blank, is changed and removed like others, but not made. One with C(:) can only be removed.
          - At most 1024 bytes as part of a URL, like all names and addresses here.
        type: str
        required: true
      tenant:
        description: Tenant of the user. The gateway knows the user as C(tenant$uid).
        type: str
      state:
        description:
          - With V(absent) the user is removed, and the other options of the entry are not looked at.
          - A user that owns buckets is not removed unless O(users[].purge_data) is set; the error says how many there
            are.
          - A secret file is never removed.
        type: str
        choices: [present, absent]
        default: present
      purge:
        description:
          - Whether to remove what the user has and the entry does not list, of those among O(users[].caps),
            O(users[].keys), O(users[].subusers) and O(users[].temp_url_keys) that the entry mentions.
        type: bool
        default: false
      purge_data:
        description:
          - With O(users[].state=absent), remove the buckets of the user and all that is in them.
          - The gateway answers when everything is gone. For much data, raise O(timeout).
        type: bool
        default: false
      display_name:
        description: Full name. A new user without one gets its uid.
        type: str
      email:
        description:
          - E-mail address, kept in lower case. No two users of a gateway may have the same.
          - An empty one removes the address.
        type: str
      suspended:
        description: Whether the user is locked out. Its keys and data stay.
        type: bool
      max_buckets:
        description:
          - How many buckets the user may own; V(0) means any number, a negative one none.
          - A new user without it gets what the gateway gives, V(1000) if its operator has not set another number.
        type: int
      op_mask:
        description:
          - What the user may do at all, whatever its other rights. Any of V(read), V(write) and V(delete).
          - A new user may do everything.
        type: list
        elements: str
      default_placement:
        description:
          - Placement target of the user's new buckets. An empty one means that of the zone group.
          - The gateway is asked whether it has this target. Ceph 14 does not say.
        type: str
      default_storage_class:
        description:
          - Storage class of the user's new objects. V(STANDARD) is the same as an empty one.
          - From Ceph 19 on the gateway is asked whether O(users[].default_placement) has this class.
        type: str
      placement_tags:
        description:
          - Tags of the user; a placement target with tags is open to users who have one of them.
        type: list
        elements: str
      user_quota:
        description:
          - Limit for all buckets of the user together.
          - What a new user's entry does not mention is as the gateway's operator has set it for new users. V(null) is
            the same for a user that is there.
        type: dict
        suboptions:
          max_size:
            description:
              - Most bytes all its buckets together may hold, as a number or with a binary unit, for example V(10GiB).
                V(-1) means no limit.
            type: str
          max_objects:
            description: Most objects all its buckets together may hold. V(-1) means no limit.
            type: int
          enabled:
            description: Whether the limits hold. When a limit is given and this is not, they do.
            type: bool
      bucket_quota:
        description:
          - Limit for each bucket of the user; for what is not mentioned and for V(null) see O(users[].user_quota).
        type: dict
        suboptions:
          max_size:
            description:
              - Most bytes a bucket may hold, as a number or with a binary unit, for example V(10GiB). V(-1) means no
                limit.
            type: str
          max_objects:
            description: Most objects a bucket may hold. V(-1) means no limit.
            type: int
          enabled:
            description: Whether the limits hold. When a limit is given and this is not, they do.
            type: bool
      rate_limit:
        description:
          - How much the user may ask of each gateway in a minute. Needs Ceph 17.
        type: dict
        suboptions:
          max_read_ops:
            description: Most reading requests. V(0) or V(null) means no limit.
            type: int
          max_write_ops:
            description: Most writing requests. V(0) or V(null) means no limit.
            type: int
          max_read_bytes:
            description: Most bytes read, as a number or with a binary unit. V(0) or V(null) means no limit.
            type: str
          max_write_bytes:
            description: Most bytes written, as a number or with a binary unit. V(0) or V(null) means no limit.
            type: str
          enabled:
            description: Whether the limits hold. When a limit is given and this is not, they do.
            type: bool
      caps:
        description:
          - Admin caps by type, each V(read), V(write) or V(*), for example C(usage) to V(read). V(null) takes a cap
            away.
          - A cap that the gateway's release does not know is an error.
        type: dict
      keys:
        description:
          - S3 keys.
        type: list
        elements: dict
        suboptions:
          access_key:
            description:
              - Identifier of the key. It is not secret and shows up in messages.
              - Printable ASCII without blanks. A key with another name is changed and removed, but not made.
            type: str
            required: true
          state:
            description:
              - With V(absent) the key is removed; with V(retired) when O(retire) says so, and another one has to be
                listed.
            type: str
            choices: [present, absent, retired]
            default: present
          subuser:
            description:
              - The subuser whose key this is, which then may do no more than the subuser. Without it, a new key is the
                user's own, and one that is there stays whose it is.
            type: str
          secret:
            description:
              - Secret of the key. A key that does not exist yet needs either this or O(users[].keys[].secret_file).
            type: str
          secret_file:
            description:
              - As O(users[].subusers[].secret_file), for this key.
            type: path
      subusers:
        description:
          - Subusers, which is what clients of the swift API log in as.
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
              - With V(absent) the subuser and its keys are removed; with V(retired) when O(retire) says so, and another
                one has to be listed.
            type: str
            choices: [present, absent, retired]
            default: present
          access:
            description:
              - What the subuser may do with the containers of its user. A registry needs V(readwrite); V(full) adds the
                account itself, for example its temp-URL keys; V(none) is nothing.
              - Required for a subuser that does not exist yet.
            type: str
            choices: [none, read, write, readwrite, full]
          secret:
            description:
              - Secret of the swift key. A subuser has one swift key; a new secret ends the old one and all tokens that
                were issued with it at once.
            type: str
          secret_file:
            description:
              - File with the secret, an absolute path on the host where the module runs. One newline at its end is
                ignored. A file that every account of the host may read or write is refused.
              - A file that does not exist is made, with mode V(0600), in directories of mode V(0700) as far as they
                are missing too. If the gateway holds a secret already, the file gets that one; otherwise the module
                makes one of 64 hexadecimal digits, and writes the file before it tells the gateway.
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
              - With V(absent) the key is removed; with V(retired) when O(retire) says so, and another one has to be
                listed.
            type: str
            choices: [present, absent, retired]
            default: present
          secret:
            description:
              - The key. One that does not exist yet needs either this or O(users[].temp_url_keys[].secret_file).
            type: str
          secret_file:
            description:
              - As O(users[].subusers[].secret_file), for this key.
            type: path
"""
