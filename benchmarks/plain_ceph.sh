#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# The other side of demo_start.py: a Ceph with one OSD on a file and a gateway, set up by hand as Ceph's manual deployment
# guide says, one step after the other. No option is set that one OSD in a container can do without.
# Runs in the container; the demo user's record comes from /run/user.json.
set -euo pipefail

fsid=$(cat /proc/sys/kernel/random/uuid)
osd_uuid=$(cat /proc/sys/kernel/random/uuid)
cat >/etc/ceph/ceph.conf <<CONF
[global]
fsid = $fsid
mon host = 127.0.0.1
mon initial members = a
# Without these two nothing is ever written with a single OSD; monitors of 16 and later have to allow it.
osd pool default size = 1
osd crush chooseleaf type = 0
mon allow pool size one = true

[client.rgw.a]
rgw frontends = beast port=8080
CONF

keyring=/etc/ceph/ceph.client.admin.keyring
ceph-authtool --create-keyring $keyring --gen-key -n client.admin \
    --cap mon 'allow *' --cap osd 'allow *' --cap mgr 'allow *' --cap mds 'allow *'
ceph-authtool --create-keyring /tmp/mon.keyring --gen-key -n mon. --cap mon 'allow *'
ceph-authtool /tmp/mon.keyring --import-keyring $keyring
monmaptool --create --fsid "$fsid" --addv a '[v2:127.0.0.1:3300,v1:127.0.0.1:6789]' /tmp/monmap
mkdir -p /var/lib/ceph/mon/ceph-a /var/lib/ceph/mgr/ceph-a /var/lib/ceph/osd/ceph-0 /var/lib/ceph/radosgw/ceph-rgw.a
ceph-mon --mkfs -i a --monmap /tmp/monmap --keyring /tmp/mon.keyring
ceph-mon -i a

ceph auth get-or-create mgr.a mon 'allow profile mgr' osd 'allow *' mds 'allow *' -o /var/lib/ceph/mgr/ceph-a/keyring
ceph-mgr -i a

ceph osd new "$osd_uuid" 0
ceph auth get-or-create osd.0 mon 'allow profile osd' mgr 'allow profile osd' osd 'allow *' \
    -o /var/lib/ceph/osd/ceph-0/keyring
ceph-osd --mkfs -i 0 --osd-uuid "$osd_uuid"
ceph-osd -i 0

ceph auth get-or-create client.rgw.a mon 'allow rw' osd 'allow rwx' -o /var/lib/ceph/radosgw/ceph-rgw.a/keyring
radosgw -n client.rgw.a
radosgw-admin metadata put user:demo </run/user.json
exec sleep infinity
