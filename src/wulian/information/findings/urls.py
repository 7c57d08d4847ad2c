"""Papers, their pages, findings and patterns."""

from django.urls import path

from wulian.information.findings.views import papers, patterns, verdicts

app_name = "findings"
urlpatterns = [
    path("", papers.PaperList.as_view(), name="papers"),
    path("lots/<int:lot>/add/", papers.PaperAdd.as_view(), name="add"),
    path("papers/<int:pk>/", papers.PaperView.as_view(), name="paper"),
    path("papers/<int:pk>/rescan/", papers.Rescan.as_view(), name="rescan"),
    path("papers/<int:pk>/file/", papers.PaperFile.as_view(), name="file"),
    path("papers/<int:pk>/pages/<int:number>/", verdicts.PageView.as_view(), name="page"),
    path("papers/<int:pk>/pages/<int:number>/image/", verdicts.PageImage.as_view(), name="image"),
    path("<int:pk>/", verdicts.FindingView.as_view(), name="finding"),
    path("patterns/", patterns.PatternList.as_view(), name="patterns"),
    path("patterns/<str:pattern>/switch/", patterns.SwitchPattern.as_view(), name="switch"),
]
