"""The list page: filters, saved filters, sort, pages, export of what you see."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.core.paginator import EmptyPage
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from wulian.core.config.errors import Refusal

from .. import services, signals
from ..exports import FORMATS, export_response
from ..models import SavedFilter
from .page import PageMixin, Words, show_refusal

PAGE_SIZES = (25, 50, 100)


class ListView(PageMixin, TemplateView):
    """A list of `model.objects.visible_to(user)` in `table_class`, narrowed by `filter_class`.

    Set `title`, `wing`, and where needed `get_queryset`, `list_key` (saved filters are kept under it), `list_actions`.
    `bulk_actions` are Actions that receive the ticked rows as `selected`; the table then needs a column `selected`.
    """

    model: type[Model] | None = None
    table_class: Any = None
    filter_class: Any = None
    template_name = "ui/list.html"
    list_key = ""
    empty_title: Words = gettext_lazy("Nothing here yet")
    empty_text: Words = ""
    export_limit = 20_000
    exportable = True
    bulk_actions: tuple[Any, ...] = ()

    def get_queryset(self) -> QuerySet[Any]:
        return self.model.objects.visible_to(self.request.user)  # type: ignore[union-attr]

    def get_list_key(self) -> str:
        if self.list_key or self.model is None:
            return self.list_key or f"{type(self).__module__}.{type(self).__qualname__}"[-80:]
        return self.model._meta.label_lower

    def get_table_kwargs(self) -> dict[str, Any]:
        return {}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if "_saved" in request.GET:
            return render(request, "ui/_saved_filters.html", {"saved_filters": list(self.saved_filters())})
        if (chosen := request.GET.get("_export")) in FORMATS and self.exportable:
            try:
                return self.export(chosen)
            except Refusal as refusal:
                show_refusal(request, refusal)
                query = services.cleaned_querystring(request.GET.urlencode())
                return HttpResponseRedirect(f"{request.path}?{query}")
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Keep or forget a saved filter."""
        target = f"{request.path}?{services.cleaned_querystring(request.GET.urlencode())}"
        try:
            if "_delete_filter" in request.POST:
                services.delete_filter(user=request.user, filter_id=_number(request.POST["_delete_filter"]))
            elif "_save_filter" in request.POST:
                services.save_filter(
                    user=request.user,
                    list_key=self.get_list_key(),
                    name=request.POST["_save_filter"],
                    querystring=request.GET.urlencode(),
                    shared=request.POST.get("shared") == "on",
                )
        except Refusal as refusal:
            show_refusal(request, refusal)
        return HttpResponseRedirect(target)

    def get_template_names(self) -> list[str]:
        htmx = getattr(self.request, "htmx", None)
        if htmx and htmx.target == "list" and not htmx.history_restore_request:
            return ["ui/_list.html"]
        return super().get_template_names()

    def filtered(self, data: QueryDict) -> tuple[Any, QuerySet[Any]]:
        """The filter set (or None) and the rows that `data` leaves; conditions that make no sense leave none."""
        queryset = self.get_queryset()
        if self.filter_class is None:
            return None, queryset
        filterset = self.filter_class(data, queryset=queryset, request=self.request)
        return filterset, filterset.qs if filterset.is_valid() else queryset.none()

    def build_table(self, queryset: QuerySet[Any]) -> Any:
        """The table in the order asked for, with the primary key last so that pages never overlap."""
        table = self.table_class(queryset, **self.get_table_kwargs())
        # Not given to the table itself: it would find its page at once, in whatever size the address asks for, and we again.
        table.request = self.request
        wanted = self.request.GET.getlist(table.prefixed_order_by_field)
        if wanted:
            table.order_by = wanted
        rows = table.data.data
        if isinstance(rows, QuerySet) and not rows.query.is_sliced:
            order = rows.query.order_by or tuple(rows.model._meta.ordering)
            if not {"pk", "-pk", "id", "-id"} & {item for item in order if isinstance(item, str)}:
                table.data.data = rows.order_by(*order, "pk")
        return table

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        filterset, queryset = self.filtered(self.request.GET)
        table = self.build_table(queryset)
        size = _number(self.request.GET.get("per_page", ""), PAGE_SIZES[0])
        size = size if size in PAGE_SIZES else PAGE_SIZES[0]
        page = _number(self.request.GET.get("page", ""), 1)
        try:
            table.paginate(page=max(page, 1), per_page=size)
        except EmptyPage:
            table.paginate(page=table.paginator.num_pages, per_page=size)
        return {
            **context,
            "table": table,
            "filter": filterset,
            "chips": active_chips(filterset, self.request.GET),
            "page_sizes": PAGE_SIZES,
            "page_size": size,
            "exportable": self.exportable,
            "bulk_actions": self.bulk_actions,
            "empty_title": self.empty_title,
            "empty_text": self.empty_text,
            "search_field": _search_field(filterset),
        }

    def saved_filters(self) -> Iterator[dict[str, Any]]:
        """One's own and the department's filters of this list with their live counts, at most twelve."""
        kept = SavedFilter.objects.visible_to(self.request.user).filter(list_key=self.get_list_key())
        for saved in kept.select_related("user")[:12]:
            _filterset, rows = self.filtered(QueryDict(saved.querystring))
            yield {
                "saved": saved,
                "url": f"{self.request.path}?{saved.querystring}",
                "count": rows.count(),
                "own": saved.user_id == self.request.user.pk,
            }

    def export(self, chosen: str) -> HttpResponseBase:
        """A download of the filtered and sorted rows; raises Refusal when there are more than `export_limit`."""
        _filterset, queryset = self.filtered(self.request.GET)
        count = queryset.count()
        if count > self.export_limit:
            raise Refusal(
                _("%(count)s rows are too many for one export (limit %(limit)s); narrow the filter.")
                % {"count": f"{count:,}", "limit": f"{self.export_limit:,}"}
            )
        table = self.build_table(queryset)
        rows = table.as_values(exclude_columns=("selected", "actions"))
        title = str(self.get_title())
        signals.list_exported.send(
            sender=type(self),
            user=self.request.user,
            list_key=self.get_list_key(),
            title=title,
            format=chosen,
            count=count,
            querystring=services.cleaned_querystring(self.request.GET.urlencode()),
        )
        stamp = timezone.localtime().strftime("%Y%m%d-%H%M")
        return export_response(islice(rows, self.export_limit + 1), format=chosen, name=f"{title}-{stamp}")


def active_chips(filterset: Any, data: QueryDict) -> list[dict[str, str]]:
    """One chip for each condition in force: what it says and the address without it."""
    if filterset is None or not filterset.form.is_bound:
        return []
    filterset.form.is_valid()
    chips = []
    for name, field in filterset.form.fields.items():
        value = getattr(filterset.form, "cleaned_data", {}).get(name)
        if value in (None, False, "", [], ()) or (hasattr(value, "exists") and not value):
            continue
        query = data.copy()
        for key in [
            key
            for key in query
            if key == name or (key.startswith((f"{name}_", "page")) and key not in filterset.form.fields)
        ]:
            query.pop(key)
        for key in [key for key in query if key.startswith("_") or key == "page"]:
            query.pop(key)
        chips.append(
            {"label": str(field.label), "value": _spoken(field, value), "url": f"?{query.urlencode()}"}
        )
    return chips


def _spoken(field: Any, value: Any) -> str:
    if isinstance(value, slice):
        return " – ".join("…" if end is None else _moment(end) for end in (value.start, value.stop))
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if isinstance(value, (list, tuple)) or hasattr(value, "iterator"):
        return "、".join(_spoken(field, item) for item in value)
    known = dict(_flat(getattr(field, "choices", ()) if not hasattr(field, "queryset") else ()))
    return str(known.get(str(value), _moment(value)))


def _flat(choices: Any) -> Iterator[tuple[str, str]]:
    for value, label in choices:
        if isinstance(label, (list, tuple)):
            yield from _flat(label)
        else:
            yield str(value), str(label)


def _moment(value: Any) -> str:
    day = getattr(value, "date", None)
    return day().isoformat() if callable(day) else str(value)


def _search_field(filterset: Any) -> str:
    return "q" if filterset is not None and "q" in filterset.form.fields else ""


def _number(text: str, fallback: int = 0) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else fallback
