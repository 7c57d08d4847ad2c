"""The dossier's tables; one model a record class of ``wulian.exchange.records``."""

from wulian.information.registry.models.base import SourcedRow
from wulian.information.registry.models.bids import Bid, BidOpening
from wulian.information.registry.models.contracts import (
    Acceptance,
    Award,
    Contract,
    ContractAmendment,
    ImplementationEvent,
)
from wulian.information.registry.models.documents import BiddingDocuments, Clarification, Notice, Objection
from wulian.information.registry.models.evaluation import (
    AwardCandidate,
    BidEvaluation,
    EvaluationMember,
    EvaluationScore,
)
from wulian.information.registry.models.history import ImportRefusal, ImportRun, RegistryChange
from wulian.information.registry.models.nodes import DossierNode
from wulian.information.registry.models.parties import Party, PartyIdentifier, PartyMerge
from wulian.information.registry.models.projects import Lot, Project, Tender
from wulian.information.registry.models.search import SearchEntry

TABLE_MODELS: dict[str, type[SourcedRow]] = {
    "parties": Party,
    "projects": Project,
    "tenders": Tender,
    "lots": Lot,
    "notices": Notice,
    "documents": BiddingDocuments,
    "clarifications": Clarification,
    "objections": Objection,
    "bids": Bid,
    "openings": BidOpening,
    "evaluations": BidEvaluation,
    "members": EvaluationMember,
    "scores": EvaluationScore,
    "candidates": AwardCandidate,
    "awards": Award,
    "contracts": Contract,
    "amendments": ContractAmendment,
    "implementation": ImplementationEvent,
    "acceptances": Acceptance,
    "nodes": DossierNode,
}
"""Table name of the records → model."""

__all__ = [model.__name__ for model in TABLE_MODELS.values()] + [
    "TABLE_MODELS",
    "ImportRefusal",
    "ImportRun",
    "PartyIdentifier",
    "PartyMerge",
    "RegistryChange",
    "SearchEntry",
]
