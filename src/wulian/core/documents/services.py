"""Issuing numbered documents, and voiding them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import ValidationError

from wulian.core.accounts.choices import DepartmentKind
from wulian.core.accounts.models import Department
from wulian.core.audit.services import record_event
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.config.numbers import next_number
from wulian.core.documents import storage
from wulian.core.documents.catalogue import Content, DocumentTemplate, document_template
from wulian.core.documents.choices import DocumentState
from wulian.core.documents.models import EnforcementDocument
from wulian.core.documents.rendering import compose, render_pdf, render_word
from wulian.crypto import hexdigest

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

ORPHAN_AGE = 24 * 3600
"""Seconds after which a file without a document is taken for one whose transaction was rolled back."""


@dataclass(frozen=True)
class Signatory:
    """An officer as the document names him: full name and certificate number."""

    name: str
    certificate_no: str


def issue_document(
    *,
    template: str,
    subject: models.Model,
    authority: Department,
    actor: User,
    context: Mapping[str, Any] | Content,
    officers: Iterable[Any] = (),
    title: str = "",
) -> EnforcementDocument:
    """Number, render (Word and PDF) and store a document in the caller's transaction.

    `template` is a code of the catalogue (W29, 受理通知书 …), `context` its data; `officers` have a name and a certificate number
    (mappings or objects). Raises Refusal when a field is missing or wrong, the authority may not issue it, or officers are too few;
    then no number is taken.
    """
    form = _template(template)
    content = _content(form, context)
    signatories = _signatories(officers, content)
    _check_authority(form, authority)
    now = timezone.now()
    year = timezone.localdate(now).year
    stored: list[str] = []
    try:
        with transaction.atomic():
            number = next_number(f"document:{authority.pk}:{form.kind_word}", year)
            document = EnforcementDocument(
                document_no=f"{authority.document_prefix}{form.kind_word}〔{year}〕{number}号",
                template=template,
                title=title or form.title,
                authority=authority,
                kind=form.kind_word,
                year=year,
                number=number,
                content_type=ContentType.objects.get_for_model(subject),
                object_id=subject.pk,
                officers=[asdict(officer) for officer in signatories],
                context=content.model_dump(mode="json"),
                template_version=content.version,
                issued_at=now,
                issued_by=actor,
            )
            _render(document, content, signatories, stored)
            _seal(document)
            document.save()
            record_event(
                actor=actor,
                verb="documents.issued",
                subject=document,
                summary=f"{document.title}（{document.document_no}）",
                data={"record": f"{subject._meta.label_lower} {subject.pk}", "hash": document.hash},
            )
    except BaseException:
        for name in stored:
            storage.remove(name)
        raise
    return document


def void_document(*, document: EnforcementDocument, actor: User, reason: str) -> EnforcementDocument:
    """Void an issued document; its number stays taken and its files stay readable.

    Only an official of the issuing authority may. Raises Forbidden, or Refusal when it is voided already or no reason is given.
    """
    if actor.department_id != document.authority_id:
        raise Forbidden(
            _("Only %(authority)s may void its own document.") % {"authority": document.authority}
        )
    if not reason.strip():
        raise Refusal(_("Reason: say why the document is voided."), field="reason")
    with transaction.atomic():
        stored = EnforcementDocument.objects.select_for_update().get(pk=document.pk)
        if stored.is_voided:
            raise Refusal(_("%(number)s has been voided already.") % {"number": stored.document_no})
        document.state, document.voided_at = DocumentState.VOIDED, timezone.now()
        document.voided_by, document.void_reason = actor, reason.strip()[:200]
        document.save(update_fields=["state", "voided_at", "voided_by", "void_reason"])
        record_event(
            actor=actor,
            verb="documents.voided",
            subject=document,
            summary=f"{document.title}（{document.document_no}）：{document.void_reason}",
            changes={"state": [DocumentState.ISSUED, DocumentState.VOIDED]},
        )
    return document


def read_file(*, document: EnforcementDocument, kind: str, actor: User | None) -> bytes:
    """Return the stored file (`docx` or `pdf`) and write down who took it; raises Refusal when it is gone or was altered."""
    path, expected = getattr(document, f"{kind}_path"), getattr(document, f"{kind}_hash")
    try:
        content = storage.read(path)
    except FileNotFoundError:
        raise Refusal(_("The file of %(number)s is missing.") % {"number": document.document_no}) from None
    if hexdigest(content) != expected:
        raise Refusal(
            _("The file of %(number)s is not the one that was issued: its SM3 digest differs.")
            % {"number": document.document_no}
        )
    record_event(
        actor=actor,
        verb="documents.read",
        subject=document,
        summary=document.document_no,
        data={"file": kind},
    )
    return content


def verify_document(document: EnforcementDocument) -> list[str]:
    """Return what of an issued document no longer agrees with its hashes: `docx`, `pdf`, `hash`; empty when all is well."""
    wrong = []
    for kind in ("docx", "pdf"):
        try:
            content = storage.read(getattr(document, f"{kind}_path"))
        except FileNotFoundError:
            content = b""
        if hexdigest(content) != getattr(document, f"{kind}_hash"):
            wrong.append(kind)
    return wrong if document.hash == _hash(document) else [*wrong, "hash"]


def remove_orphans() -> int:
    """Remove files a day old that no document holds (their transaction was rolled back); return how many."""
    held = EnforcementDocument.objects.values_list("docx_path", "pdf_path")
    old = storage.FOLDER.older_than(ORPHAN_AGE) - {name for pair in held for name in pair}
    for name in old:
        storage.remove(name)
    return len(old)


def _template(code: str) -> DocumentTemplate:
    try:
        return document_template(code)
    except KeyError:
        raise Refusal(
            _("There is no document template “%(code)s”.") % {"code": code}, field="template"
        ) from None


def _content(form: DocumentTemplate, context: Mapping[str, Any] | Content) -> Content:
    """Return the checked data; the Refusal names the first field that is missing or wrong."""
    if isinstance(context, form.content):
        content: Content = context
    else:
        given = context.model_dump() if isinstance(context, Content) else dict(context)
        try:
            content = form.content.model_validate(given)
        except ValidationError as error:
            raise _refusal(form, error) from error
    if missing := content.missing():
        raise _missing(form, missing[0], form.content)
    return content


def _refusal(form: DocumentTemplate, error: ValidationError) -> Refusal:
    first = error.errors()[0]
    name = str(first["loc"][0]) if first["loc"] else ""
    empty = first["type"] in {"missing", "string_too_short", "too_short"} or first.get("input") is None
    if empty:
        return _missing(form, name, form.content)
    own = first.get("ctx", {}).get("error")
    return Refusal(
        _("%(title)s: the field “%(field)s” is not valid: %(problem)s.")
        % {"title": form.title, "field": _label(form.content, name), "problem": own or first["msg"]},
        field=name,
    )


def _missing(form: DocumentTemplate, name: str, content: type[Content]) -> Refusal:
    return Refusal(
        _("%(title)s: the field “%(field)s” is missing; a document is never issued with a blank.")
        % {"title": form.title, "field": _label(content, name)},
        field=name,
    )


def _label(content: type[Content], name: str) -> str:
    info = content.model_fields.get(name)
    return f"{info.title} ({name})" if info and info.title else name


def _signatories(officers: Iterable[Any], content: Content) -> list[Signatory]:
    found = []
    for officer in officers:
        if isinstance(officer, Mapping):
            name, number = officer.get("name", ""), officer.get("certificate_no", "")
        else:
            name = getattr(officer, "name", "") or str(officer)
            number = getattr(officer, "certificate_no", "")
        if not number:
            raise Refusal(
                _("Officers: %(name)s has no certificate number.") % {"name": name}, field="officers"
            )
        found.append(Signatory(str(name), str(number)))
    if len({officer.certificate_no for officer in found}) < content.officers_needed:
        raise Refusal(
            _("Officers: at least %(n)s different officers with certificates must sign.")
            % {"n": content.officers_needed},
            field="officers",
        )
    return found


def _check_authority(form: DocumentTemplate, authority: Department) -> None:
    if form.enforcement and authority.kind in (DepartmentKind.COORDINATING_OFFICE, DepartmentKind.OVERSIGHT):
        raise Refusal(
            _("%(title)s is issued by a competent authority; %(name)s only coordinates or oversees.")
            % {"title": form.title, "name": authority},
            field="authority",
        )
    if not authority.document_prefix:
        raise Refusal(
            _("Authority: %(name)s has no document number prefix (机关代字).") % {"name": authority},
            field="authority",
        )


def _render(
    document: EnforcementDocument, content: Content, signatories: list[Signatory], stored: list[str]
) -> None:
    officers = "、".join(f"{officer.name}（证号：{officer.certificate_no}）" for officer in signatories)
    page = compose(
        content,
        authority=document.authority.name,
        document_no=document.document_no,
        title=document.title,
        officers=officers,
        day=timezone.localdate(document.issued_at),
    )
    files = {
        "docx": render_word(page, code=document.template, content=content),
        "pdf": render_pdf(page),
    }
    for kind, data in files.items():
        stored.append(storage.store(data, suffix=f".{kind}"))
        setattr(document, f"{kind}_path", stored[-1])
        setattr(document, f"{kind}_hash", hexdigest(data))


def _seal(document: EnforcementDocument) -> None:
    before = (
        EnforcementDocument.objects.filter(
            authority=document.authority, kind=document.kind, year=document.year
        )
        .order_by("-number")
        .first()
    )
    document.prior_hash = before.hash if before else ""
    document.hash = _hash(document)


def _hash(document: EnforcementDocument) -> str:
    parts = [document.document_no, document.docx_hash, document.pdf_hash, document.prior_hash]
    return hexdigest("\n".join(parts).encode())
