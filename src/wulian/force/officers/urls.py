from django.urls import path

from . import views

app_name = "officers"
urlpatterns = [
    path("", views.OfficerListView.as_view(), name="list"),
    path("eligible/", views.EligibleView.as_view(), name="eligible"),
    path("register/", views.RegisterView.as_view(), name="register"),
    path("<int:pk>/", views.OfficerDetailView.as_view(), name="detail"),
    path("<int:pk>/certificate/", views.CertificateAddView.as_view(), name="certificate"),
    path("<int:pk>/certificate/<int:item>/confirm/", views.CertificateConfirmView.as_view(), name="confirm"),
    path("<int:pk>/certificate/<int:item>/suspend/", views.CertificateSuspendView.as_view(), name="suspend"),
    path("<int:pk>/certificate/<int:item>/revoke/", views.CertificateRevokeView.as_view(), name="revoke"),
    path("<int:pk>/suspension/<int:item>/end/", views.SuspensionEndView.as_view(), name="end_suspension"),
    path("<int:pk>/leave/", views.LeaveAddView.as_view(), name="leave"),
    path("<int:pk>/leave/<int:item>/cancel/", views.LeaveCancelView.as_view(), name="cancel_leave"),
    path("<int:pk>/recusal/", views.RecusalAddView.as_view(), name="recusal"),
    path("<int:pk>/recusal/<int:item>/end/", views.RecusalEndView.as_view(), name="end_recusal"),
    path("<int:pk>/training/", views.TrainingAddView.as_view(), name="training"),
]
