"""Pages that move a matter on: each is a row of a table, a form and one service."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.urls import URLPattern, path
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wulian.casework.intake.models import Complaint, Matter
from wulian.casework.intake.permissions import abilities
from wulian.casework.intake.views.matters import MatterMixin
from wulian.core.config.errors import Forbidden
from wulian.core.ui.views import Crumb, FormServiceView

Words = str | Promise
Values = Mapping[str, Any]


def _itself(view: StepView) -> Any:
    return view.matter


def _nothing(view: StepView) -> Values:
    return {}


@dataclass(frozen=True, kw_only=True)
class Step:
    """One page: who may open it, what it asks, which service gets the answer.

    `keys` are the abilities of which any opens it, `subject` is the service's name for what it is done to (`of`), `given` are
    further arguments of the form, `shown` stands above it. A form with `values()` says itself what the service gets.
    """

    name: str
    path: str
    keys: tuple[str, ...]
    form: type
    service: Callable[..., Any]
    title: Words
    done: Words = ""
    submit: Words = gettext_lazy("Confirm")
    intro: Words | Callable[[StepView], Words] = ""
    subject: str = "matter"
    of: Callable[[StepView], Any] = _itself
    given: Callable[[StepView], Values] = _nothing
    initial: Callable[[StepView], Values] = _nothing
    shown: Callable[[StepView], Values] = _nothing
    goes_to: Callable[[StepView], str] | None = None
    anchor: str = ""
    template: str = ""


class MatterPage(MatterMixin):
    """A page about one matter for who is offered one of `keys` (without any: for who sees the matter)."""

    keys: tuple[str, ...] = ()
    anchor = ""

    def offered(self, user: Any) -> Collection[str]:
        """What the services would let the user do with the matter now."""
        return {key for key, may in abilities(self.matter, user).items() if may}

    def check_role(self, user: Any) -> None:
        super().check_role(user)
        if self.keys and not set(self.keys) & set(self.offered(user)):
            raise Forbidden(
                _("You cannot do this now: the matter stands at “%(state)s”, or it is for somebody else.")
                % {"state": self.matter.state_title}
            )

    def get_breadcrumbs(self) -> list[Crumb]:
        return [*super().get_breadcrumbs(), Crumb(self.matter.number, self.matter.get_absolute_url())]

    def get_success_url(self) -> str:
        return f"{self.matter.get_absolute_url()}{self.anchor}"


class StepView(MatterPage, FormServiceView):
    """The page of a step."""

    template_name = "intake/step.html"
    step: ClassVar[Any] = None

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        step: Step = self.step
        self.keys, self.anchor, self.form_class = step.keys, step.anchor, step.form
        self.title, self.submit_label, self.success_message = step.title, step.submit, step.done
        self.template_name = step.template or self.template_name

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), **self.step.given(self)}

    def get_initial(self) -> dict[str, Any]:
        return dict(self.step.initial(self))

    def perform(self, form: Any) -> Any:
        values = form.values() if hasattr(form, "values") else form.cleaned_data
        return self.step.service(actor=self.request.user, **{self.step.subject: self.step.of(self)}, **values)

    def get_success_url(self) -> str:
        return self.step.goes_to(self) if self.step.goes_to else super().get_success_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        intro = self.step.intro
        shown = {"matter": self.matter, "intro": intro(self) if callable(intro) else intro}
        return super().get_context_data(**shown, **self.step.shown(self), **kwargs)


def pages(
    steps: Iterable[Step],
    *,
    view: type[StepView] = StepView,
    model: type[Matter] = Complaint,
    prefix: str = "",
) -> list[URLPattern]:
    """Return the addresses of the steps of a kind of matter, under `<pk>/`."""
    return [
        path(f"{prefix}<int:pk>/{step.path}/", view.as_view(step=step, model=model), name=step.name)
        for step in steps
    ]
