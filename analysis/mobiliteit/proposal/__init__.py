"""From a supplier's file to a proposed sidecar: matching its columns with the codebook.

:func:`~mobiliteit.proposal.proposing.propose_wave` does it all; how sure a match is, is defined in
:mod:`mobiliteit.proposal.matching`.
"""

from mobiliteit.proposal.proposing import Proposal, propose, propose_wave

__all__ = ["Proposal", "propose", "propose_wave"]
