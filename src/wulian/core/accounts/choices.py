"""Roles and sectors (REFERENCE D.6, E.2; 三员 separated)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

CITY_REGION = "421300"


class Role(models.TextChoices):
    """What a person may do; a person may hold several roles, but an administrator holds only that one."""

    CLERK = "clerk", _("Window clerk")
    CASE_OFFICER = "case_officer", _("Case officer")
    SECTION_HEAD = "section_head", _("Section head")
    AUTHORITY_HEAD = "authority_head", _("Head of the competent authority")
    LEGAL_REVIEWER = "legal_reviewer", _("Legal reviewer")
    DISPATCHER = "dispatcher", _("Dispatcher of the coordinating office")
    OFFICE_HEAD = "office_head", _("Head of the coordinating office")
    LIAISON = "liaison", _("Department liaison")
    DISCIPLINE = "discipline", _("Discipline and audit")
    SYSTEM_ADMIN = "system_admin", _("System administrator")
    SECURITY_ADMIN = "security_admin", _("Security administrator")
    AUDIT_ADMIN = "audit_admin", _("Audit administrator")


ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
"""三员分立: none can do another's work, none sees case content."""

CITY_WIDE = frozenset({Role.CLERK, Role.DISPATCHER, Role.OFFICE_HEAD, Role.DISCIPLINE})
"""Roles of the coordinating office and of oversight, which see every department's business."""


class DepartmentKind(models.TextChoices):
    COORDINATING_OFFICE = "office", _("Coordinating office")
    AUTHORITY = "authority", _("Competent authority")
    SUPPORT = "support", _("Supporting department")
    OVERSIGHT = "oversight", _("Oversight")
    REGION = "region", _("Region")
