"""What the intake room announces; higher rooms subscribe, this room never calls up."""

from django.dispatch import Signal

#: A registered matter is handed on as a lead (线索), inside the transaction that records the step.
#:
#: Keyword arguments:
#:   sender          the class of the matter (``Complaint`` or ``TipOff``)
#:   matter          the saved record; its ``number`` and ``alias`` may be shown, the reporter's identity never is
#:   kind            ``"complaint"`` or ``"tip_off"``
#:   project         ``registry.Project`` or ``None`` when the reporter named the project in free text only
#:   party           ``registry.Party`` complained of, or ``None``
#:   summary         one paragraph of plain text for the lead (the reporter's own words are masked)
#:   violation_code  violation code of the jurisdiction list (REFERENCE F.1), ``""`` when not yet classified
#:   actor           the user who decides the referral
#:
#: A receiver that refuses raises ``Refusal``; the whole step is then undone.
matter_referred = Signal()

#: A tip-off that became a lead took a step which the lead takes as well, inside the transaction of the step.
#:
#: Keyword arguments: ``tip_off``, ``event`` (of the table `lead`), ``actor``, ``note``.
tip_off_moved = Signal()

#: A 补正通知 was issued: what is missing and until when; it stops no period (REFERENCE D.2).
#:
#: Keyword arguments: ``matter``, ``what`` (a list of lines), ``due_on``, ``document``, ``actor``.
completion_asked = Signal()
