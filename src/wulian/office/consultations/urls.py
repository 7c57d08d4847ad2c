from django.urls import path

from . import views

app_name = "consultations"
urlpatterns = [
    path("", views.ConsultationListView.as_view(), name="list"),
    path("propose/", views.ProposeView.as_view(), name="propose"),
    path("<int:pk>/", views.ConsultationDetailView.as_view(), name="detail"),
    path("<int:pk>/approve/", views.ApproveView.as_view(), name="approve"),
    path("<int:pk>/reject/", views.RejectView.as_view(), name="reject"),
    path("<int:pk>/materials/", views.MaterialsView.as_view(), name="materials"),
    path("<int:pk>/members/<int:item>/recuse/", views.RecuseView.as_view(), name="recuse"),
    path("<int:pk>/recusals/", views.RecusalsView.as_view(), name="recusals"),
    path("<int:pk>/opinion/", views.OpinionView.as_view(), name="opinion"),
    path("<int:pk>/conclude/", views.ConcludeView.as_view(), name="conclude"),
    path("<int:pk>/task/", views.TaskView.as_view(), name="task"),
    path("<int:pk>/draft/", views.DraftView.as_view(), name="draft"),
    path("<int:pk>/return/", views.ReturnMinutesView.as_view(), name="return"),
    path("<int:pk>/sign/", views.SignView.as_view(), name="sign"),
    path("<int:pk>/tasks/<int:item>/receipt/", views.ReceiptView.as_view(), name="receipt"),
    path("<int:pk>/close/", views.CloseView.as_view(), name="close"),
    path("<int:pk>/minutes/", views.MinutesView.as_view(), name="minutes"),
]
