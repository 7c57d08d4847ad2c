"""Forms of accounts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from wulian.core.ui.inputs import DayInput

from .choices import Role
from .models import Department, User


class LoginForm(AuthenticationForm):
    error_messages = {
        "invalid_login": _(
            "The login name or the password is not right. Both distinguish upper and lower case."
        ),
        "inactive": _("This account is disabled."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("Login name")
        self.fields["password"].label = _("Password")
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control form-control-lg"


class TokenForm(forms.Form):
    token = forms.RegexField(
        label=_("Six-digit code"),
        regex=r"^\s*\d{3}\s?\d{3}\s*$",
        error_messages={"invalid": _("Expected the six digits that your authenticator shows.")},
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}
        ),
    )


class PasswordForm(forms.Form):
    old_password = forms.CharField(
        label=_("Current password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new_password = forms.CharField(
        label=_("New password"),
        strip=False,
        help_text=_("At least 10 characters, not a common password, not like your name."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    repeated = forms.CharField(
        label=_("New password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_repeated(self) -> str:
        if self.cleaned_data["repeated"] != self.cleaned_data.get("new_password"):
            raise forms.ValidationError(_("The two new passwords differ."))
        return self.cleaned_data["repeated"]


class InitialPasswordForm(forms.Form):
    password = forms.CharField(
        label=_("Initial password"),
        strip=False,
        help_text=_("Tell it to the user in person; it must be changed at the first login."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class UserForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["full_name", "department", "post", "phone"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = Department.objects.filter(is_active=True)
        self.fields["department"].help_text = _("Administrators may have none; a business role needs one.")


class NewUserForm(InitialPasswordForm, UserForm):
    username = forms.CharField(label=_("Login name"), max_length=150)

    field_order = ["username", "full_name", "department", "post", "phone", "password"]

    class Meta(UserForm.Meta):
        pass


class GrantForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    valid_from = forms.DateField(
        label=_("Valid from"), required=False, widget=DayInput(),
        help_text=_("Empty: from today."),
    )  # fmt: skip
    valid_to = forms.DateField(
        label=_("Valid to"), required=False, widget=DayInput(),
        help_text=_("The last day; empty: until it is ended."),
    )  # fmt: skip


class DepartmentForm(forms.ModelForm):
    class Meta:
        model = Department
        fields = [
            "name", "short_name", "kind", "parent", "region_code", "sector", "document_prefix", "uscc", "address",
            "phone", "is_active",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sector"].help_text = _("housing, transport, water, land or other; empty: every sector.")
        self.fields["region_code"].help_text = _(
            "421300 the city, 421303 Zengdu, 421321 Suixian, 421381 Guangshui."
        )


class NewDepartmentForm(DepartmentForm):
    class Meta(DepartmentForm.Meta):
        fields = ["code", *DepartmentForm.Meta.fields]
