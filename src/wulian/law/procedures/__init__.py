"""Procedures as data: states, events, roles, deadlines and documents of each kind of business.

`procedure("penalty")` returns the table of `law/procedures/penalty.yaml`; the same table drives the buttons, the help page and the
exhaustive test of every state × event × role.
"""

from wulian.law.procedures.loader import (
    PROCEDURE_CODES,
    ProcedureError,
    check_procedure,
    load_procedure,
    procedure,
)
from wulian.law.procedures.table import SYSTEM, Deadline, Procedure, State, Transition

__all__ = [
    "PROCEDURE_CODES",
    "SYSTEM",
    "Deadline",
    "Procedure",
    "ProcedureError",
    "State",
    "Transition",
    "check_procedure",
    "load_procedure",
    "procedure",
]
