from django.urls import path

from wulian.portal.views import asking, pages, receipts, returning

app_name = "portal"
urlpatterns = [
    path("", asking.StartView.as_view(), name="start"),
    path("large/", pages.LargeView.as_view(), name="large"),
    path("report/check/", asking.CheckView.as_view(), name="check"),
    path("report/forget/", asking.ForgetView.as_view(), name="forget"),
    path("report/resume/", asking.ResumeView.as_view(), name="resume"),
    path("report/files/", asking.FilesView.as_view(), name="files"),
    path("report/<slug:step>/", asking.StepView.as_view(), name="step"),
    path("receipt/", receipts.ReceiptView.as_view(), name="receipt"),
    path("receipt/save/", receipts.SaveReceiptView.as_view(), name="save_receipt"),
    path("receipt/paper/", receipts.PaperReceiptView.as_view(), name="paper_receipt"),
    path("status/", returning.StatusView.as_view(), name="status"),
    path("status/progress/", returning.ProgressView.as_view(), name="progress"),
    path("status/proof/", returning.ProofView.as_view(), name="proof"),
    path("status/document/<int:pk>/", returning.DocumentView.as_view(), name="document"),
    *(path(f"status/{name}/", returning.EntryView.as_view(name=name), name=name) for name in returning.FORMS),
    path("verify/", receipts.VerifyView.as_view(), name="verify"),
    path("verify/offline/", receipts.VerifierView.as_view(), name="verifier"),
    path("verify/key/<slug:key_id>/", receipts.KeyView.as_view(), name="key"),
    path("objection/", pages.ObjectionView.as_view(), name="objection"),
    path("published/", pages.PublishedView.as_view(), name="published"),
]
