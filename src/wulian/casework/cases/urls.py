"""Addresses of leads and cases."""

from django.urls import path

from wulian.casework.cases.views import cases, evidence, leads

app_name = "cases"
urlpatterns = [
    path("", cases.CaseListView.as_view(), name="cases"),
    path("leads/", leads.LeadListView.as_view(), name="leads"),
    path("leads/new/", leads.LeadNewView.as_view(), name="lead_new"),
    path("leads/<int:pk>/", leads.LeadView.as_view(), name="lead"),
    path("leads/<int:pk>/examine/", leads.ExamineView.as_view(), name="lead_examine"),
    path("leads/<int:pk>/classify/", leads.ClassifyView.as_view(), name="lead_classify"),
    path("leads/<int:pk>/assign/", leads.AssignView.as_view(), name="lead_assign"),
    path("leads/<int:pk>/filing/", leads.FilingView.as_view(), name="lead_filing"),
    path("leads/<int:pk>/step/<slug:event>/", leads.LeadStepView.as_view(), name="lead_step"),
    path("leads/<int:pk>/evidence/", evidence.EvidenceAddView.as_view(), name="evidence_add"),
    path("leads/<int:pk>/evidence/<int:item>/", evidence.EvidenceFileView.as_view(), name="evidence"),
    path(
        "leads/<int:pk>/evidence/<int:item>/verify/",
        evidence.EvidenceVerifyView.as_view(),
        name="evidence_verify",
    ),
    path(
        "leads/<int:pk>/evidence/<int:item>/strike/",
        evidence.EvidenceStrikeView.as_view(),
        name="evidence_strike",
    ),
    path("<int:pk>/", cases.CaseView.as_view(), name="case"),
    path("<int:pk>/endorse/", cases.EndorseView.as_view(), name="endorse"),
    path("<int:pk>/approve/", cases.ApproveView.as_view(), name="approve"),
    path("<int:pk>/reject/", cases.RejectView.as_view(), name="reject"),
    path("<int:pk>/officers/", cases.OfficersView.as_view(), name="officers"),
    path("<int:pk>/report/", cases.ReportView.as_view(), name="report"),
    path("<int:pk>/notice/", cases.NoticeView.as_view(), name="notice"),
    path("<int:pk>/notice/serve/", cases.ServeNoticeView.as_view(), name="serve_notice"),
    path("<int:pk>/statement/", cases.StatementView.as_view(), name="statement"),
    path("<int:pk>/hearing/", cases.HearingView.as_view(), name="hearing"),
    path("<int:pk>/term/", cases.CloseTermView.as_view(), name="close_term"),
    path("<int:pk>/answer/", cases.AnswerView.as_view(), name="answer"),
    path("<int:pk>/decide/", cases.DecideView.as_view(), name="decide"),
    path("<int:pk>/no-penalty/", cases.NoPenaltyView.as_view(), name="no_penalty"),
    path("<int:pk>/seal/", cases.SealView.as_view(), name="seal"),
    path("<int:pk>/serve/", cases.ServeDecisionView.as_view(), name="serve"),
    path("<int:pk>/payment/", cases.PaymentView.as_view(), name="payment"),
    path("<int:pk>/revoke/", cases.RevokeView.as_view(), name="revoke"),
    path("<int:pk>/step/<slug:event>/", cases.StepView.as_view(), name="step"),
]
