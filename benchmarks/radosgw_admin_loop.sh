#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# The other side of users.py: users made as roles and scripts make them, one radosgw-admin for each part, after one that
# asks whether the user is there (ceph-ansible's radosgw_user does as much; in containers it starts one for each, too).
# Runs in the container. Usage: radosgw_admin_loop.sh PREFIX COUNT
set -euo pipefail

for n in $(seq "$2"); do
  uid=$1-$n
  radosgw-admin user info --uid="$uid" 2>/dev/null || radosgw-admin user create --uid="$uid" --display-name="$uid"
  radosgw-admin subuser create --uid="$uid" --subuser="$uid:swift" --access=full
  radosgw-admin key create --subuser="$uid:swift" --key-type=swift --gen-secret
  radosgw-admin quota set --uid="$uid" --quota-scope=user --max-size=10G
  radosgw-admin quota enable --uid="$uid" --quota-scope=user
done >/dev/null
