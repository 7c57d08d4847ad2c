from django.urls import path

from . import views

app_name = "jurisdiction"
urlpatterns = [
    path("", views.RuleListView.as_view(), name="list"),
    path("add/", views.RuleAddView.as_view(), name="add"),
    path("who/", views.WhoView.as_view(), name="who"),
    path("publications/", views.PublicationListView.as_view(), name="publications"),
    path("publications/new/", views.PublishView.as_view(), name="publish"),
    path("publications/<int:pk>/download/", views.PublicationDownloadView.as_view(), name="download"),
    path("<int:pk>/", views.RuleDetailView.as_view(), name="detail"),
    path("<int:pk>/end/", views.RuleEndView.as_view(), name="end"),
]
