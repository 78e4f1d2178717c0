"""What a data editor asks for: README, codebook as pages and as DDI XML, and checksums.

Public: :func:`~mobiliteit.replication.package.write_replication`,
:func:`~mobiliteit.replication.manifest.write_manifest` and
:func:`~mobiliteit.replication.check.check_manifest`.
"""

from __future__ import annotations

from mobiliteit.replication.check import Differences, check_manifest
from mobiliteit.replication.codebook_page import codebook_html
from mobiliteit.replication.ddi import codebook_xml
from mobiliteit.replication.manifest import write_manifest
from mobiliteit.replication.package import write_replication
from mobiliteit.replication.variables import describe_variables

__all__ = [
    "Differences",
    "check_manifest",
    "codebook_html",
    "codebook_xml",
    "describe_variables",
    "write_manifest",
    "write_replication",
]
