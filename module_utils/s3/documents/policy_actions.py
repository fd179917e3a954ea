# SPDX-License-Identifier: Apache-2.0
"""The actions of S3 that a bucket's policy may name. RGW refuses a policy with another one (16.2.15, 18.2.7).

Not all of AWS' names are RGW's: its action for a default encryption is s3:GetBucketEncryption, while AWS calls that
s3:GetEncryptionConfiguration.
"""

from __future__ import annotations

# Taken by 16.2.15 and 18.2.7.
_ALL = """
    AbortMultipartUpload BypassGovernanceRetention CreateBucket DeleteBucket DeleteBucketPolicy
    DeleteBucketPublicAccessBlock DeleteBucketWebsite DeleteObject DeleteObjectTagging
    DeleteObjectVersion DeleteObjectVersionTagging DeletePublicAccessBlock
    DeleteReplicationConfiguration GetAccelerateConfiguration GetBucketAcl GetBucketCORS
    GetBucketLocation GetBucketLogging GetBucketNotification GetBucketObjectLockConfiguration
    GetBucketPolicy GetBucketPolicyStatus GetBucketPublicAccessBlock GetBucketRequestPayment
    GetBucketTagging GetBucketVersioning GetBucketWebsite GetLifecycleConfiguration GetObject
    GetObjectAcl GetObjectLegalHold GetObjectRetention GetObjectTagging GetObjectTorrent
    GetObjectVersion GetObjectVersionAcl GetObjectVersionTagging GetObjectVersionTorrent
    GetPublicAccessBlock GetReplicationConfiguration ListAllMyBuckets ListBucket
    ListBucketMultipartUploads ListBucketVersions ListMultipartUploadParts
    PutAccelerateConfiguration PutBucketAcl PutBucketCORS PutBucketLogging PutBucketNotification
    PutBucketObjectLockConfiguration PutBucketPolicy PutBucketPublicAccessBlock
    PutBucketRequestPayment PutBucketTagging PutBucketVersioning PutBucketWebsite
    PutLifecycleConfiguration PutObject PutObjectAcl PutObjectLegalHold PutObjectRetention
    PutObjectTagging PutObjectVersionAcl PutObjectVersionTagging PutPublicAccessBlock
    PutReplicationConfiguration RestoreObject
"""
# Taken by 18.2.7 and refused by 16.2.15.
_SINCE_18 = """
    GetBucketEncryption PutBucketEncryption
"""
# Refused by 18.2.7; in the source of Ceph since then (rgw_iam_policy.h), not tried.
_LATER = """
    DescribeJob GetBucketOwnershipControls GetObjectAttributes GetObjectVersionAttributes
    GetObjectVersionForReplication ObjectOwnerOverrideToBucketOwner PostBucketLogging
    PutBucketOwnershipControls ReplicateDelete ReplicateObject ReplicateTags
"""


def _named(names: str) -> tuple[str, ...]:
    return tuple(f"s3:{name}" for name in names.split())


SINCE_18 = _named(_SINCE_18)
LATER = _named(_LATER)
ACTIONS = (*_named(_ALL), *SINCE_18, *LATER)
