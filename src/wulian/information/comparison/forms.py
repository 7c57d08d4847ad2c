"""What people type about files, findings and bundles."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wulian.core.ui.inputs import DayInput
from wulian.information.comparison.choices import DECISIONS, Conclusion, ExclusionState, FileRole
from wulian.information.comparison.models import SimilarityFinding
from wulian.information.comparison.parameters import ARCHIVE_MAX_BYTES


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once; the service looks at each of them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=ManyFilesInput(), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        return (
            [super(FilesField, self).clean(one, initial) for one in given]
            or super().clean(None, initial)
            or []
        )


class FilesForm(forms.Form):
    role = forms.ChoiceField(
        label=_("What the files are"),
        choices=FileRole.choices,
        initial=FileRole.BID,
        widget=forms.RadioSelect,
    )
    bidder = forms.CharField(
        label=_("Bidder"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"list": "bidders", "autocomplete": "off"}),
        help_text=_(
            "The bidder's full name; empty for the tender's own files and for exports about all bidders."
        ),
    )
    uploads = FilesField(
        label=_("Files"),
        help_text=_(
            "Word (.docx), PDF, Excel (.xlsx), XML, CSV, plain text and pictures; at most 100 MB each."
        ),
    )


class ArchiveForm(forms.Form):
    archive = forms.FileField(
        label=_("ZIP archive"),
        max_length=200,
        help_text=_("One folder a bidder, named after the bidder; at most 512 MB and 2,000 files."),
    )


class ExclusionsForm(forms.Form):
    """One result and one remark for each exclusion of a finding."""

    def __init__(self, *args: Any, finding: SimilarityFinding, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reasons = [item["reason"] for item in finding.exclusions]
        choices = [
            ("", _("Not tested yet")),
            *[(state, state.label) for state in (ExclusionState.RULED_OUT, ExclusionState.APPLIES)],
        ]
        for number, item in enumerate(finding.exclusions):
            state = item["state"] if item["state"] != ExclusionState.OPEN else ""
            self.fields[f"state{number}"] = forms.ChoiceField(
                label=item["reason"], choices=choices, required=False, initial=state, widget=forms.RadioSelect
            )
            self.fields[f"remark{number}"] = forms.CharField(
                label=_("How it was tested"), required=False, max_length=500, initial=item["remark"]
            )

    def tests(self) -> dict[str, tuple[str, str]]:
        """Return result and remark by exclusion, for those that were tested and changed."""
        return {
            reason: (self.cleaned_data[f"state{number}"], self.cleaned_data[f"remark{number}"])
            for number, reason in enumerate(self.reasons)
            if self.cleaned_data[f"state{number}"]
            and {f"state{number}", f"remark{number}"} & set(self.changed_data)
        }


class ExplanationForm(forms.Form):
    bidder = forms.ChoiceField(label=_("Bidder"))
    explained_on = forms.DateField(label=_("Day of the explanation"), widget=DayInput())
    is_silent = forms.BooleanField(label=_("The bidder was asked, but said nothing"), required=False)
    text = forms.CharField(
        label=_("Explanation"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 5})
    )
    uploads = FilesField(
        label=_("Files"),
        required=False,
        help_text=_("What the bidder handed in: the signed statement, records, proofs."),
    )

    def __init__(self, *args: Any, finding: SimilarityFinding, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bidder"].choices = [(name, name) for name in finding.subjects]  # type: ignore[attr-defined]
        self.fields["explained_on"].initial = timezone.localdate


class OpinionForm(forms.Form):
    conclusion = forms.ChoiceField(
        label=_("Conclusion"), choices=Conclusion.choices, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("Opinion"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "What was verified, which exclusions were tested, and why the explanations do or do not explain it."
        ),
    )


class DecisionForm(forms.Form):
    event = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect)
    note = forms.CharField(label=_("Reasons"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, offered: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["event"].choices = [one for one in offered if one[0] in DECISIONS]  # type: ignore[attr-defined]


class VerifyForm(forms.Form):
    bundle = forms.FileField(label=_("Evidence bundle"), max_length=200)

    def clean_bundle(self) -> Any:
        """Nothing larger than an archive may be is taken into the memory."""
        if self.cleaned_data["bundle"].size > ARCHIVE_MAX_BYTES:
            raise forms.ValidationError(_("It is larger than any bundle is."))
        return self.cleaned_data["bundle"]
