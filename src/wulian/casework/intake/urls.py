from django.urls import path

from wulian.casework.intake.models import TipOff
from wulian.casework.intake.views import matters, steps, tip_offs, vault

app_name = "intake"
urlpatterns = [
    path("", matters.ComplaintListView.as_view(), name="complaints"),
    path("<int:pk>/", matters.MatterDetailView.as_view(), name="complaint"),
    path("<int:pk>/register/", steps.RegisterView.as_view(), name="complaint_register"),
    path("<int:pk>/dispatch/", steps.DispatchView.as_view(), name="complaint_dispatch"),
    path("<int:pk>/accept/", steps.AcceptView.as_view(), name="accept"),
    path("<int:pk>/refuse/", steps.RefuseView.as_view(), name="refuse"),
    path("<int:pk>/completion/", steps.CompletionView.as_view(), name="completion"),
    path("<int:pk>/dispute/", steps.DisputeView.as_view(), name="dispute"),
    path("<int:pk>/reassign/", steps.ReassignView.as_view(), name="reassign"),
    path("<int:pk>/link/", steps.LinkView.as_view(), name="complaint_link"),
    path("<int:pk>/sign/", steps.SignView.as_view(), name="sign"),
    path("<int:pk>/lead/", steps.ReferView.as_view(), name="refer"),
    path("<int:pk>/transfer/", steps.TransferView.as_view(), name="complaint_transfer"),
    path("<int:pk>/transfer/done/", steps.ConfirmTransferView.as_view(), name="complaint_confirm_transfer"),
    path("<int:pk>/identity/", steps.OpeningRequestView.as_view(), name="complaint_identity"),
    path("tip-offs/", matters.TipOffListView.as_view(), name="tip_offs"),
    path("tip-offs/<int:pk>/", matters.MatterDetailView.as_view(model=TipOff), name="tip_off"),
    path("tip-offs/<int:pk>/register/", steps.TipOffRegisterView.as_view(), name="tip_off_register"),
    path("tip-offs/<int:pk>/dispatch/", steps.TipOffDispatchView.as_view(), name="tip_off_dispatch"),
    path("tip-offs/<int:pk>/link/", steps.TipOffLinkView.as_view(), name="tip_off_link"),
    path("tip-offs/<int:pk>/transfer/", steps.TipOffTransferView.as_view(), name="tip_off_transfer"),
    path(
        "tip-offs/<int:pk>/transfer/done/",
        steps.TipOffConfirmTransferView.as_view(),
        name="tip_off_confirm_transfer",
    ),
    path("tip-offs/<int:pk>/decline/", tip_offs.DeclineView.as_view(), name="decline"),
    path("tip-offs/<int:pk>/archive/", tip_offs.ArchiveView.as_view(), name="archive"),
    path("tip-offs/<int:pk>/guide/", tip_offs.GuideView.as_view(), name="guide"),
    path("tip-offs/<int:pk>/complaint/", tip_offs.OpenComplaintView.as_view(), name="open_complaint"),
    path("tip-offs/<int:pk>/leniency/", tip_offs.LeniencyView.as_view(), name="leniency"),
    path("tip-offs/<int:pk>/leniency/review/", tip_offs.ReviewLeniencyView.as_view(), name="review_leniency"),
    path(
        "tip-offs/<int:pk>/leniency/conclude/",
        tip_offs.ConcludeLeniencyView.as_view(),
        name="conclude_leniency",
    ),
    path("tip-offs/<int:pk>/feedback/", tip_offs.FeedbackView.as_view(), name="feedback"),
    path("tip-offs/<int:pk>/identity/", steps.TipOffOpeningRequestView.as_view(), name="tip_off_identity"),
    path("openings/<int:opening>/", vault.OpeningDecideView.as_view(), name="opening"),
    path("openings/<int:opening>/identity/", vault.IdentityView.as_view(), name="identity"),
]
