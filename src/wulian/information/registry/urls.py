from django.urls import path

from wulian.information.registry.views import dossier, imports, lists, merges

app_name = "registry"
urlpatterns = [
    path("", lists.ProjectList.as_view(), name="projects"),
    path("lots/", lists.LotList.as_view(), name="lots"),
    path("bids/", lists.BidList.as_view(), name="bids"),
    path("notices/", lists.NoticeList.as_view(), name="notices"),
    path("contracts/", lists.ContractList.as_view(), name="contracts"),
    path("parties/", lists.PartyList.as_view(), name="parties"),
    path("parties/merge/", merges.MergeView.as_view(), name="merge_parties"),
    path("parties/merge/<int:pk>/undo/", merges.UndoMergeView.as_view(), name="undo_merge"),
    path("parties/<int:pk>/", dossier.PartyView.as_view(), name="party"),
    path("imports/", imports.ImportsView.as_view(), name="imports"),
    path("imports/<int:pk>/", imports.ImportRunView.as_view(), name="import"),
    path("imports/<int:pk>/refusals/", imports.RefusalReport.as_view(), name="refusals"),
    path("imports/template/<slug:kind>/", imports.TemplateDownload.as_view(), name="template"),
    path("<int:pk>/", dossier.DossierView.as_view(), name="dossier"),
    path("<int:pk>/history/", dossier.dossier_history, name="history"),
]
