# SPDX-License-Identifier: Apache-2.0
"""Settings of the AWS command line and of all programs with the AWS SDK.

Source: AWS SDKs and Tools Reference Guide, "Shared config and credentials files".
"""

from __future__ import annotations

from typing import Dict, Mapping, Union

from ..access import Access
from ..files import TextFile, ini
from ..program import Program, Rendered, s3_variables

__all__ = ["AWS"]


def _render(access: Access) -> Rendered:
    values: Dict[str, Union[str, Mapping[str, str]]] = {
        "region": access.gateway.region,
        # Known from botocore 1.31 and command line 2.13 on; before, pass --endpoint-url.
        "endpoint_url": access.gateway.url,
        # Since botocore 1.36, uploads have checksums that gateways up to 18 refuse, unless these say otherwise.
        "request_checksum_calculation": "when_required",
        "response_checksum_validation": "when_required",
    }
    if access.gateway.ca_file:
        values["ca_bundle"] = access.gateway.ca_file
    values["s3"] = {"addressing_style": "path"}
    credentials = {"aws_access_key_id": access.s3.user, "aws_secret_access_key": access.s3.secret}
    variables = {
        "AWS_CONFIG_FILE": f"{access.folder}/aws.config",
        "AWS_SHARED_CREDENTIALS_FILE": f"{access.folder}/aws.credentials",
        "AWS_PROFILE": "default",
        # Keys in the environment of the person would come before those of the file.
        **s3_variables(access),
    }
    files = [
        TextFile("aws.config", ini("aws", {"default": values})),
        TextFile("aws.credentials", ini("aws", {"default": credentials})),
    ]
    return Rendered(variables, files, ("AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_CA_BUNDLE"))


AWS = Program("aws", ("gateway", "s3"), ("aws.config", "aws.credentials"), _render)
