"""Files of lots, comparisons, pairs, findings and bundles."""

from django.urls import path

from wulian.information.comparison.views import bundles, files, findings, runs

app_name = "comparison"
urlpatterns = [
    path("", findings.FindingList.as_view(), name="findings"),
    path("runs/", runs.RunList.as_view(), name="runs"),
    path("runs/<int:pk>/", runs.RunView.as_view(), name="run"),
    path("earlier/<int:pk>/", runs.EarlierView.as_view(), name="earlier"),
    path("pairs/<int:pk>/", runs.PairView.as_view(), name="pair"),
    path("lots/<int:pk>/", files.LotView.as_view(), name="lot"),
    path("lots/<int:pk>/add/", files.FilesAdd.as_view(), name="add"),
    path("lots/<int:pk>/archive/", files.ArchiveAdd.as_view(), name="archive"),
    path("lots/<int:pk>/compare/", runs.Compare.as_view(), name="compare"),
    path("files/<int:pk>/", files.FileTaken.as_view(), name="file"),
    path("files/<int:pk>/remove/", files.FileRemoved.as_view(), name="remove"),
    path("<int:pk>/", findings.FindingView.as_view(), name="finding"),
    path("<int:pk>/begin/", findings.Begin.as_view(), name="begin"),
    path("<int:pk>/exclusions/", findings.Exclusions.as_view(), name="exclusions"),
    path("<int:pk>/explanation/", findings.Hear.as_view(), name="explanation"),
    path("<int:pk>/opinion/", findings.GiveOpinion.as_view(), name="opinion"),
    path("<int:pk>/submit/", findings.Submit.as_view(), name="submit"),
    path("<int:pk>/decide/", findings.Decide.as_view(), name="decide"),
    path("<int:pk>/bundle/", bundles.MakeBundle.as_view(), name="make_bundle"),
    path("bundles/<int:pk>/", bundles.BundleTaken.as_view(), name="bundle"),
    path("bundles/verify/", bundles.Verify.as_view(), name="verify"),
]
