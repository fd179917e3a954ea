# SPDX-License-Identifier: Apache-2.0
"""The actions of S3 that a bucket's policy may name. RGW refuses a policy with another one.

Each was tried on 14.2.21, 16.2.15, 18.2.7 and 20.2.4. Not all of AWS' names are RGW's: its action for a default
encryption is s3:GetBucketEncryption, while AWS calls that s3:GetEncryptionConfiguration.
"""

from __future__ import annotations

_SINCE_14 = """
    AbortMultipartUpload BypassGovernanceRetention CreateBucket DeleteBucket DeleteBucketPolicy
    DeleteBucketWebsite DeleteObject DeleteObjectTagging DeleteObjectVersion
    DeleteObjectVersionTagging DeleteReplicationConfiguration GetAccelerateConfiguration
    GetBucketAcl GetBucketCORS GetBucketLocation GetBucketLogging GetBucketNotification
    GetBucketObjectLockConfiguration GetBucketPolicy GetBucketRequestPayment GetBucketTagging
    GetBucketVersioning GetBucketWebsite GetLifecycleConfiguration GetObject GetObjectAcl
    GetObjectLegalHold GetObjectRetention GetObjectTagging GetObjectTorrent GetObjectVersion
    GetObjectVersionAcl GetObjectVersionTagging GetObjectVersionTorrent
    GetReplicationConfiguration ListAllMyBuckets ListBucket ListBucketMultipartUploads
    ListBucketVersions ListMultipartUploadParts PutAccelerateConfiguration PutBucketAcl
    PutBucketCORS PutBucketLogging PutBucketNotification PutBucketObjectLockConfiguration
    PutBucketPolicy PutBucketRequestPayment PutBucketTagging PutBucketVersioning
    PutBucketWebsite PutLifecycleConfiguration PutObject PutObjectAcl PutObjectLegalHold
    PutObjectRetention PutObjectTagging PutObjectVersionAcl PutObjectVersionTagging
    PutReplicationConfiguration RestoreObject
"""
_SINCE_16 = """
    DeleteBucketPublicAccessBlock DeletePublicAccessBlock GetBucketPolicyStatus
    GetBucketPublicAccessBlock GetPublicAccessBlock PutBucketPublicAccessBlock
    PutPublicAccessBlock
"""
_SINCE_18 = """
    GetBucketEncryption PutBucketEncryption
"""
_SINCE_20 = """
    DescribeJob GetBucketOwnershipControls GetObjectAttributes GetObjectVersionAttributes
    GetObjectVersionForReplication PostBucketLogging PutBucketOwnershipControls ReplicateDelete
    ReplicateObject ReplicateTags
"""


def _named(names: str) -> tuple[str, ...]:
    return tuple(f"s3:{name}" for name in names.split())


SINCE_16 = _named(_SINCE_16)
SINCE_18 = _named(_SINCE_18)
SINCE_20 = _named(_SINCE_20)
ACTIONS = (*_named(_SINCE_14), *SINCE_16, *SINCE_18, *SINCE_20)
