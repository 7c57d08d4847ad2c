from django.urls import path

from wulian.casework.intake.models import TipOff
from wulian.casework.intake.views import matters, steps, vault, window

app_name = "intake"
urlpatterns = [
    path("", matters.ComplaintListView.as_view(), name="complaints"),
    path("window/", window.WindowView.as_view(), name="window"),
    path("window/receipt/", window.SlipView.as_view(), name="slip"),
    path("<int:pk>/", matters.MatterDetailView.as_view(), name="complaint"),
    path("<int:pk>/register/", steps.RegisterView.as_view(), name="complaint_register"),
    path("<int:pk>/dispatch/", steps.DispatchView.as_view(), name="complaint_dispatch"),
    path("<int:pk>/accept/", steps.AcceptView.as_view(), name="accept"),
    path("<int:pk>/refuse/", steps.RefuseView.as_view(), name="refuse"),
    path("<int:pk>/sign/", steps.SignView.as_view(), name="sign"),
    path("<int:pk>/investigate/", steps.InvestigateView.as_view(), name="investigate"),
    path("<int:pk>/experts/", steps.ExpertsView.as_view(), name="experts"),
    path("<int:pk>/expertise/", steps.ExpertiseView.as_view(), name="expertise"),
    path("<int:pk>/lead/", steps.ReferView.as_view(), name="refer"),
    path("<int:pk>/transfer/", steps.TransferView.as_view(), name="transfer"),
    path("<int:pk>/transfer/done/", steps.ConfirmTransferView.as_view(), name="confirm_transfer"),
    path("<int:pk>/identity/", steps.OpeningRequestView.as_view(), name="complaint_identity"),
    path("tip-offs/", matters.TipOffListView.as_view(), name="tip_offs"),
    path("tip-offs/<int:pk>/", matters.MatterDetailView.as_view(model=TipOff), name="tip_off"),
    path("tip-offs/<int:pk>/register/", steps.TipOffRegisterView.as_view(), name="tip_off_register"),
    path("tip-offs/<int:pk>/dispatch/", steps.TipOffDispatchView.as_view(), name="tip_off_dispatch"),
    path("tip-offs/<int:pk>/identity/", steps.TipOffOpeningRequestView.as_view(), name="tip_off_identity"),
    path("openings/<int:opening>/", vault.OpeningDecideView.as_view(), name="opening"),
    path("openings/<int:opening>/identity/", vault.IdentityView.as_view(), name="identity"),
]
