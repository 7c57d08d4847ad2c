"""Alerts and the rules that raise them."""

from django.urls import path, re_path
from django.utils.translation import gettext_lazy as _

from wulian.information.alerts import filters, views
from wulian.information.alerts.views import control, groups, orders, rules
from wulian.information.rulebook.services import drop_refused_file

app_name = "alerts"
urlpatterns = [
    path("", views.AlertList.as_view(), name="list"),
    path("rules/", rules.RuleList.as_view(), name="rules"),
    path("rules/thresholds/", rules.ThresholdList.as_view(), name="thresholds"),
    path("rules/policy/", rules.PolicyChecklist.as_view(), name="policy"),
    path("rules/import/", rules.ImportRules.as_view(), name="rule_import"),
    path(
        "rules/import/<int:pk>/take/",
        rules.RefusedFileAction.as_view(success_message=_("The file has been taken in.")),
        name="rule_file_take",
    ),
    path(
        "rules/import/<int:pk>/drop/",
        rules.RefusedFileAction.as_view(
            service=drop_refused_file, success_message=_("The file has been dropped.")
        ),
        name="rule_file_drop",
    ),
    path("rules/hints/", rules.HintList.as_view(), name="hints"),
    re_path(r"^rules/(?P<rule_id>RF-[0-9]{2}|R[0-9]{3})/$", rules.HintPage.as_view(), name="rule"),
    path("rules/<str:rule_id>/", rules.RulePage.as_view(), name="rule"),
    path("rules/<str:rule_id>/revise/", rules.ReviseRule.as_view(), name="rule_revise"),
    path("rules/<str:rule_id>/undo/<int:version>/", rules.UndoRevision.as_view(), name="rule_undo"),
    path("rules/<str:rule_id>/check/<int:project>/", rules.CheckRule.as_view(), name="rule_check"),
    path("<int:pk>/", views.AlertPage.as_view(), name="detail"),
    path("<int:pk>/accept/", views.Accept.as_view(), name="accept"),
    path("<int:pk>/dispatch/", views.Dispatch.as_view(), name="dispatch"),
    path("<int:pk>/exclude/", views.Exclude.as_view(), name="exclude"),
    path("<int:pk>/confirm/", views.Confirm.as_view(), name="confirm"),
    path("<int:pk>/return/", views.Return.as_view(), name="return"),
    path("<int:pk>/refer/", views.Refer.as_view(), name="refer"),
    path("<int:pk>/close/", views.Close.as_view(), name="close"),
    path("<int:pk>/join/", views.Join.as_view(), name="join"),
    path("<int:pk>/feedback/", views.GiveFeedback.as_view(), name="feedback"),
    path("<int:pk>/order/", orders.IssueOrder.as_view(), name="issue_order"),
    path("bulk/<str:action>/", views.Bulk.as_view(), name="bulk"),
    path("attachments/<int:pk>/", views.AttachmentFile.as_view(), name="attachment"),
    path("groups/", groups.GroupList.as_view(), name="groups"),
    path(
        "groups/lots/",
        groups.GroupList.as_view(kind="lot", filter_class=filters.LotGroupFilter),
        name="groups_lot",
    ),
    path(
        "groups/parties/",
        groups.GroupList.as_view(kind="party", filter_class=filters.PartyGroupFilter),
        name="groups_party",
    ),
    path("groups/index/", groups.IndexPage.as_view(), name="index"),
    path("project/<int:pk>/", groups.GroupPage.as_view(), name="group_project"),
    path("lot/<int:pk>/", groups.GroupPage.as_view(kind="lot"), name="group_lot"),
    path("party/<int:pk>/", groups.GroupPage.as_view(kind="party"), name="group_party"),
    path("orders/", orders.OrderList.as_view(), name="orders"),
    path("orders/<int:pk>/", orders.OrderPage.as_view(), name="order"),
    path("orders/<int:pk>/answer/", orders.AnswerOrder.as_view(), name="order_answer"),
    path("orders/<int:pk>/accept/", orders.AcceptAnswer.as_view(), name="order_accept"),
    path("orders/<int:pk>/return/", orders.ReturnAnswer.as_view(), name="order_return"),
    path("orders/<int:pk>/withdraw/", orders.WithdrawOrder.as_view(), name="order_withdraw"),
    path("control/", control.ControlList.as_view(), name="controls"),
    path("control/place/<int:project>/", control.PlaceProject.as_view(), name="control_place"),
    path("control/<int:pk>/", control.ControlPage.as_view(), name="control"),
    path("control/<int:pk>/measure/", control.AddMeasure.as_view(), name="control_measure"),
    path("control/<int:pk>/level/", control.ChangeLevel.as_view(), name="control_level"),
    path("control/<int:pk>/propose/", control.ProposeRelease.as_view(), name="control_propose"),
    path("control/<int:pk>/release/", control.ConfirmRelease.as_view(), name="control_release"),
    path("control/<int:pk>/keep/", control.ReturnRelease.as_view(), name="control_keep"),
    path(
        "control/<int:pk>/measures/<int:measure>/report/",
        control.ReportMeasure.as_view(),
        name="measure_report",
    ),
    path(
        "control/<int:pk>/measures/<int:measure>/confirm/",
        control.ConfirmMeasure.as_view(),
        name="measure_confirm",
    ),
    path(
        "control/<int:pk>/measures/<int:measure>/return/",
        control.ReturnMeasure.as_view(),
        name="measure_return",
    ),
    path("control/<int:pk>/measures/<int:measure>/drop/", control.DropMeasure.as_view(), name="measure_drop"),
]
