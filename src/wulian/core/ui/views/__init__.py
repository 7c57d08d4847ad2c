"""The kinds of pages that every room builds on, and the pages of the frame."""

from .forms import ActionView, FormServiceView
from .lists import ListView
from .page import Action, Crumb, PageMixin, show_refusal

__all__ = ["Action", "ActionView", "Crumb", "FormServiceView", "ListView", "PageMixin", "show_refusal"]
