"""The neutral shape of one dossier, shared by every importer, the snapshot and the rules.

One record class is one registry model and one analysis table; the field names are the same in all three. Times are
aware; a time without an offset is read as Beijing time. Money is in yuan unless ``currency`` says otherwise.
Fields follow REFERENCE A.0 and J.2.
"""

from wulian.exchange.records.bidding import (
    AwardRecord,
    BidRecord,
    CandidateRecord,
    EvaluationRecord,
    MemberRecord,
    OpeningRecord,
    ScoreRecord,
)
from wulian.exchange.records.dossier import (
    PARENTS,
    PARTY_FIELDS,
    TABLES,
    DossierRecord,
    LotDossier,
    ProjectDossier,
    TenderDossier,
    iterate_rows,
    own_fields,
)
from wulian.exchange.records.fields import (
    BEIJING,
    LIST_SEPARATOR,
    MOST,
    BidStatus,
    Key,
    Money,
    Record,
    Time,
    Uscc,
)
from wulian.exchange.records.performing import (
    AcceptanceRecord,
    AmendmentRecord,
    ContractRecord,
    ImplementationRecord,
    NodeRecord,
)
from wulian.exchange.records.tendering import (
    BiddingDocumentsRecord,
    ClarificationRecord,
    LotRecord,
    NoticeRecord,
    ObjectionRecord,
    PartyRecord,
    ProjectRecord,
    TenderRecord,
)

__all__ = [
    "BEIJING",
    "LIST_SEPARATOR",
    "MOST",
    "PARENTS",
    "PARTY_FIELDS",
    "TABLES",
    "AcceptanceRecord",
    "AmendmentRecord",
    "AwardRecord",
    "BidRecord",
    "BidStatus",
    "BiddingDocumentsRecord",
    "CandidateRecord",
    "ClarificationRecord",
    "ContractRecord",
    "DossierRecord",
    "EvaluationRecord",
    "ImplementationRecord",
    "Key",
    "LotDossier",
    "LotRecord",
    "MemberRecord",
    "Money",
    "NodeRecord",
    "NoticeRecord",
    "ObjectionRecord",
    "OpeningRecord",
    "PartyRecord",
    "ProjectDossier",
    "ProjectRecord",
    "Record",
    "ScoreRecord",
    "TenderDossier",
    "TenderRecord",
    "Time",
    "Uscc",
    "iterate_rows",
    "own_fields",
]
