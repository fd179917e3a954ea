#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: settings of programs that use a gateway or a registry, for one person a folder."""

from __future__ import annotations

DOCUMENTATION = r"""
module: client_settings
short_description: Write the settings of programs that use a Ceph Object Gateway or a Docker registry
version_added: 0.3.0
description:
  - Writes ready-to-use settings of C(swift), C(rclone), C(s3cmd), C(aws), C(mc), C(restic), C(duplicity),
    C(sregistry), and of C(skopeo), C(podman) and C(buildah), which share their logins.
  - Each entry of O(clients) is one folder, for one account of the host. For each program the folder has a file such as
    C(rclone.sh), which a shell sources (C(. FOLDER/rclone.sh)), and the files that the program reads itself.
  - Files have mode 0600 and folders mode 0700 from the first moment on. Each file is replaced as a whole. The module
    writes with the rights of the account, so that no link in its home leads elsewhere.
  - The folder has a mark with O(home). A folder with content and without that mark, a folder of another inventory, a
    file that is a link and a file of another account are refused before anything is written.
  - What a program or a person changes in these files is overwritten. Files that the module does not know stay.
  - Secrets are in no message, diff or result.
author:
  - rgwkit authors (@rgwkit)
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.state
attributes:
  check_mode:
    details: A file with a secret may be missing in check mode, since an earlier task of the play may create the file.
  diff_mode: {details: "The diff names the files that are created, changed or removed, and shows no content."}
options:
  home: {description: "Owner of the folders: the identity of the inventory.", type: str, required: true}
  takeover: {description: Whether to take over a folder that another home has marked., type: bool, default: false}
  clients:
    description: The folders of settings.
    type: list
    elements: dict
    required: true
    suboptions:
      path:
        description:
          - The folder, which has to be the toolkit's own. The home directory of O(clients[].owner) has to exist if the
            folder is below that.
        type: path
        required: true
      state:
        description:
          - V(absent) removes the settings of all programs, and the folder if nothing else is in there. The other
            options are not needed then.
        type: str
        choices: [present, absent]
        default: present
      owner:
        description:
          - Account of the host that uses the settings, by name or id. By default the account that runs the task. Only
            root may name another one.
        type: str
      endpoint:
        description:
          - URL of the gateway, such as V(https://rgw.example.org). Required for O(clients[].swift) and O(clients[].s3).
        type: str
      ca_file:
        description: File on the host with the certificate authorities to trust. By default the system's.
        type: path
      region:
        description:
          - Region for which S3 clients sign. A gateway creates buckets in its own zone group for V(us-east-1); another
            region has to be the API name of a zone group.
        type: str
        default: us-east-1
      swift:
        description: Login of swift programs.
        type: dict
        suboptions:
          auth:
            version_added: "0.3.0"
            description:
              - V(tempauth) is a subuser of the gateway.
              - V(keystone) is a user of OpenStack Keystone v3, for C(swift) and C(rclone). C(sregistry) gets settings
                only if project and domains are V(Default).
              - V(preauth) is a token, which expires, for C(swift), C(rclone) and C(sregistry).
            type: str
            choices: [tempauth, keystone, preauth]
            default: tempauth
          user:
            description: >-
              The subuser, V(uid:subuser); the user of Keystone, or the id of an application credential; with V(preauth)
              a name.
            type: str
            required: true
          key:
            description: >-
              Swift key, password, secret of the application credential, or token. Give either this or
              O(clients[].swift.key_file).
            type: str
          key_file: {description: "File on the host with O(clients[].swift.key).", type: path}
          keystone:
            version_added: "0.3.0"
            description: >-
              Keystone, for O(clients[].swift.auth=keystone). Programs check its certificate with O(clients[].ca_file).
            type: dict
            suboptions:
              url:
                description:
                  - URL of Keystone, with or without C(/v3). Other versions are refused, and so is plain HTTP unless
                    O(clients[].swift.keystone.validate_certs=false).
                type: str
                required: true
              project: {description: Name of the project; not with an application credential., type: str}
              project_domain: {description: Name of the project's domain., type: str, default: Default}
              user_domain: {description: Name of the user's domain., type: str, default: Default}
              application_credential:
                description: Whether user and key are an application credential.
                type: bool
                default: false
              region: {description: Region of the object store in the catalogue. By default the first one., type: str}
              interface:
                description: Interface of the object store in the catalogue.
                type: str
                choices: [public, internal, admin]
                default: public
              validate_certs:
                description: V(false) allows plain HTTP. Certificates are checked in any case.
                type: bool
                default: true
          storage_url:
            version_added: "0.3.0"
            description: Storage URL of the token, for O(clients[].swift.auth=preauth).
            type: str
      s3:
        description: Login of an S3 user.
        type: dict
        suboptions:
          access_key: {description: Access key., type: str, required: true}
          secret_key: {description: "Secret key. Give either this or O(clients[].s3.secret_key_file).", type: str}
          secret_key_file: {description: File on the host with the secret key., type: path}
      registries:
        description: Logins at Docker registries.
        type: list
        elements: dict
        default: []
        suboptions:
          address: {description: "V(HOST) or V(HOST:PORT), as in the names of images.", type: str, required: true}
          user: {description: User of the registry., type: str, required: true}
          password: {description: "Password. Give either this or O(clients[].registries[].password_file).", type: str}
          password_file: {description: File on the host with the password., type: path}
      backup:
        description:
          - Where C(restic) and C(duplicity) store backups, and the password of the backups. Without the password, no
            backup can be read.
        type: dict
        suboptions:
          bucket:
            description: Bucket of C(restic), and container of C(duplicity).
            type: str
            required: true
          path: {description: Path in the bucket., type: str, default: ""}
          password: {description: "Password. Give either this or O(clients[].backup.password_file).", type: str}
          password_file:
            description: File on the host with the password. A missing file is created with a random password.
            type: path
      sregistry:
        description:
          - How C(sregistry) authenticates. By default by O(clients[].swift) and O(clients[].endpoint).
        type: dict
        suboptions:
          authtype:
            description:
              - V(legacy) is TempAuth of the gateway or of swift. V(preauth) is a token, which expires.
              - With V(keystonev3), the client always takes the domain and the project V(Default).
            type: str
            choices: [legacy, keystonev2, keystonev3, preauth]
            default: legacy
          url:
            description: >-
              URL of the gateway or of Keystone without a path, since the client appends C(/auth/), C(/v2.0/) or C(/v3).
            type: str
          user: {description: User., type: str}
          token:
            description: >-
              Swift key, password, or with V(preauth) the token. Give either this or O(clients[].sregistry.token_file).
            type: str
          token_file: {description: File on the host with the key or token., type: path}
          tenant: {description: Tenant for V(keystonev2)., type: str}
          region: {description: Region for V(keystonev2)., type: str}
          storage_url: {description: Storage URL for V(preauth)., type: str}
      programs:
        description:
          - Programs that get settings. V(containers) is C(skopeo), C(podman) and C(buildah). By default all programs
            for which the entry has what they need.
          - Settings of programs that are not in the list are removed.
        type: list
        elements: str
        choices: [swift, rclone, s3cmd, aws, mc, restic, duplicity, containers, sregistry]
seealso:
  - module: rgwkit.ceph.rgw_users
  - module: rgwkit.ceph.owned_folder
"""

EXAMPLES = r"""
- name: Write settings for swift and S3 clients of the user ada
  rgwkit.ceph.client_settings:
    home: production
    clients:
      - path: /home/ada/.config/rgwkit
        owner: ada
        endpoint: https://rgw.example.org
        swift: {user: "ada:swift", key_file: /etc/rgwkit/users/ada.swift.secret}
        s3: {access_key: ada, secret_key_file: /etc/rgwkit/users/ada.s3.secret}
        backup: {bucket: ada-backup, password_file: /etc/rgwkit/users/ada.backup.password}

- name: Write settings for a user of Keystone
  rgwkit.ceph.client_settings:
    home: production
    clients:
      - path: /home/bob/.config/rgwkit
        owner: bob
        endpoint: https://rgw.example.org
        ca_file: /etc/ssl/certs/example-ca.pem
        swift:
          auth: keystone
          user: bob
          key_file: /etc/rgwkit/bob.keystone.password
          keystone: {url: "https://keystone.example.org:5000", project: research}

- name: Remove these settings
  rgwkit.ceph.client_settings:
    home: production
    clients:
      - {path: /home/ada/.config/rgwkit, owner: ada, state: absent}
"""

RETURN = r"""
summary:
  description: What the run changed, or in check mode would change, in one sentence.
  returned: success
  type: str
  sample: "client settings: 1 folder created, 2 folders unchanged"
clients:
  description: The folders, in the order of the list.
  returned: success
  type: list
  elements: dict
  sample:
    - path: /home/ada/.config/rgwkit
      state: present
      owner: ada
      programs: [swift, rclone]
      changed: true
      changes: ["rclone.conf: content"]
      left: []
  contains:
    path: {description: The folder., type: str, returned: always, sample: /home/ada/.config/rgwkit}
    state: {description: V(present) or V(absent)., type: str, returned: always, sample: present}
    owner:
      description: The account; empty if the host does not have the account any more.
      type: str
      returned: always
      sample: ada
    programs:
      description: Programs that have settings.
      type: list
      elements: str
      returned: always
      sample: [swift, rclone]
    changed:
      description: Whether the run changed this folder, or in check mode would.
      type: bool
      returned: always
      sample: true
    changes:
      description: What the run changed, or in check mode would change, a line for each change.
      type: list
      elements: str
      returned: always
      sample: ["rclone.conf: content"]
    left:
      description: With V(state=absent), names in the folder that the toolkit did not write, and that therefore stay.
      type: list
      elements: str
      returned: always
      sample: [notes.txt]
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when the module could not do its work
  type: dict
  sample:
    operation: use
    target: /home/ada/.config/rgwkit/rclone.conf
    status: null
    code: the settings file is a symbolic link to /etc/passwd
    hint: Remove the link, or name another folder.
  contains:
    operation: {description: What the module attempted., type: str, returned: always, sample: use}
    target:
      description: Object of the operation.
      type: str
      returned: always
      sample: /home/ada/.config/rgwkit/rclone.conf
    status: {description: Always V(null)., type: int, returned: always, sample: null}
    code:
      description: What came back.
      type: str
      returned: always
      sample: the settings file is a symbolic link to /etc/passwd
    hint:
      description: What to do next.
      type: str
      returned: always
      sample: Remove the link, or name another folder.
"""

from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.module_run import run
from ..module_utils.clients.folder import Inventory
from ..module_utils.clients.options import CLIENT_OPTIONS
from ..module_utils.clients.reconcile import reconcile
from ..module_utils.clients.report import report, summary, warnings
from ..module_utils.clients.spec import Secrets, parse_clients

ARGUMENT_SPEC = {
    "home": {"type": "str", "required": True},
    "takeover": {"type": "bool", "default": False},
    "clients": {"type": "list", "elements": "dict", "required": True, "options": CLIENT_OPTIONS},
}


def reach(module: CensoredModule) -> dict:
    """Bring the folders to their state; the module's result."""
    secrets = Secrets(planning=module.check_mode)
    wanted = parse_clients(module.params["clients"], secrets)
    module.strike({secret for want in wanted for secret in want.secrets})
    inventory = Inventory(module.params["home"], module.params["takeover"])
    outcomes = reconcile(wanted, inventory, secrets.new, module.check_mode)
    for warning in warnings(outcomes, secrets.missing):
        module.warn(warning)
    return {**report(outcomes), "summary": summary(outcomes, module.check_mode)}


def main() -> None:
    module = CensoredModule(ARGUMENT_SPEC, numbers=(), supports_check_mode=True)
    run(module, lambda: reach(module))


if __name__ == "__main__":
    main()
