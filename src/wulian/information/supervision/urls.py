"""The board, the rooms, refused events, and the trading systems."""

from django.urls import path

from wulian.information.supervision.views import quarantine, rooms, systems

app_name = "supervision"
urlpatterns = [
    path("", rooms.BoardView.as_view(), name="board"),
    path("live/", rooms.board_live, name="board_live"),
    path("lots/<int:pk>/", rooms.RoomView.as_view(), name="room"),
    path("lots/<int:pk>/live/", rooms.room_live, name="room_live"),
    path("lots/<int:pk>/remark/", rooms.MakeRemark.as_view(), name="make_remark"),
    path("lots/<int:pk>/release/", quarantine.ReleaseGap.as_view(), name="release"),
    path("remarks/<int:pk>/", rooms.read_remark, name="remark"),
    path("remarks/<int:pk>/answer/", rooms.AnswerRemark.as_view(), name="answer"),
    path("refused/", quarantine.QuarantineList.as_view(), name="quarantine"),
    path("refused/replay-sealed/", quarantine.ReplaySealed.as_view(), name="replay_sealed"),
    path("refused/<int:pk>/", quarantine.RefusedEventView.as_view(), name="refused"),
    path("refused/<int:pk>/replay/", quarantine.Replay.as_view(), name="replay"),
    path("systems/", systems.SystemList.as_view(), name="systems"),
    path("systems/add/", systems.SystemAdd.as_view(), name="system_add"),
    path("systems/<int:pk>/", systems.SystemView.as_view(), name="system"),
    path("systems/<int:pk>/edit/", systems.SystemEdit.as_view(), name="system_edit"),
    path("systems/<int:pk>/token/", systems.TokenIssue.as_view(), name="token_issue"),
    path("tokens/<int:pk>/revoke/", systems.TokenRevoke.as_view(), name="token_revoke"),
]
