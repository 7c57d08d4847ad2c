"""The acts in the order of time: how many working days before today, and at what hour, each is played."""

from __future__ import annotations

from functools import partial

from django.utils.translation import gettext_lazy as _

from wulian.demo.scenes import (
    alerts,
    cases,
    comparison,
    complaints,
    consultations,
    credit,
    dialogue,
    handling,
    information,
    inspections,
    leads,
    officers,
    registration,
    window,
)
from wulian.demo.scenes.base import Act

_ACTS = (
    Act(_("Officers and certificates"), 30, 10, officers.enter_officers),
    Act(_("Alerts are judged"), 29, 9, partial(alerts.refer, story="bond")),
    Act(_("Exclusions with a second person"), 29, 15, alerts.exclude_some),
    Act(_("Leads are given out"), 28, 9, lambda scene: leads.examine_and_assign(scene, "bond")),
    Act(_("A complaint from the portal"), 27, 9, complaints.receive_first),
    Act(_("Leads are checked"), 26, 9, partial(leads.check, story="bond")),
    Act(_("The complaint is accepted"), 25, 9, complaints.accept_first),
    Act(_("A case is proposed"), 25, 14, partial(cases.propose, story="bond")),
    Act(_("The case is filed"), 24, 9, partial(cases.file_case, story="bond")),
    Act(_("Alerts go to inspections"), 24, 14, alerts.send_to_inspection),
    Act(_("The inspection plan of the year"), 23, 9, inspections.plan_the_year),
    Act(_("The complainant asks"), 23, 15, dialogue.ask_for_more),
    Act(_("The investigation ends"), 22, 9, partial(cases.investigate, story="bond")),
    Act(_("A consultation is called"), 22, 14, consultations.prepare),
    Act(_("The complainant hands in more"), 20, 8, dialogue.hand_in),
    Act(_("The consultation is held"), 20, 9, consultations.hold),
    Act(_("The case is reviewed"), 20, 15, partial(cases.review, story="bond")),
    Act(_("The party is notified"), 19, 9, partial(cases.notify_party, story="bond")),
    Act(_("A second alert is judged"), 18, 9, partial(alerts.refer, story="period")),
    Act(_("A pool is frozen"), 18, 14, inspections.freeze),
    Act(_("A second lead is given out"), 17, 9, lambda scene: leads.examine_and_assign(scene, "period")),
    Act(_("The draw"), 17, 14, inspections.draw),
    Act(_("The party speaks"), 16, 9, cases.hear_party),
    Act(_("The party is answered"), 15, 9, cases.answer_party),
    Act(_("A second lead is checked"), 15, 14, partial(leads.check, story="period")),
    Act(_("The decision"), 14, 9, cases.decide),
    Act(_("The decision is served"), 13, 9, cases.serve),
    Act(_("Points are proposed"), 13, 15, credit.propose),
    Act(_("The decision is published"), 12, 9, credit.publish),
    Act(_("A second case is filed"), 12, 14, cases.file_second),
    Act(_("Inspections are made"), 11, 9, inspections.visit),
    Act(_("Feedback on the consultation"), 10, 9, consultations.report_back),
    Act(_("Points are confirmed"), 9, 9, credit.hear),
    Act(_("More alerts are judged"), 9, 14, alerts.refer_two),
    Act(_("The province has the record"), 8, 9, credit.receive_answer),
    Act(
        _("More leads are given out"),
        8,
        14,
        lambda scene: leads.examine_and_assign(scene, "security", "media"),
    ),
    Act(_("A complaint is not accepted"), 7, 9, complaints.refuse_second),
    Act(_("The fine is paid"), 6, 9, cases.take_payment),
    Act(_("A third lead is checked"), 6, 14, partial(leads.check, story="security")),
    Act(_("A lead without a violation"), 5, 9, leads.conclude_one),
    Act(_("The second party is notified"), 3, 9, cases.work_on_second),
    Act(_("A letter that another body handed on"), 3, 10, window.receive_transfer),
    Act(_("An entry while the line was down"), 2, 10, window.receive_offline),
    Act(_("A letter of complaint"), 2, 15, complaints.receive_third),
    Act(_("A third case is proposed"), 2, 16, partial(cases.propose, story="security")),
    Act(_("A tip-off"), 2, 17, complaints.receive_tip_off_with_name),
    Act(_("An anonymous tip-off"), 1, 9, complaints.receive_anonymous),
    Act(_("A second consultation is proposed"), 1, 10, consultations.propose_next),
    Act(_("A new lead"), 1, 11, partial(alerts.refer, story="late bid")),
    Act(_("The newest complaint"), 1, 17, complaints.receive_today),
)
ACTS = tuple(sorted((*_ACTS, *handling.ACTS, *registration.ACTS), key=lambda act: (-act.back, act.hour)))
FINALE = (
    Act(_("Today's alerts are taken up"), 0, 0, alerts.begin_today),
    Act(_("Openings of today"), 0, 0, information.open_today),
    Act(_("Objections are watched"), 0, 0, registration.watch_objections),
    Act(_("Papers are scanned"), 0, 0, information.scan_papers),
    Act(_("Bids are compared"), 0, 0, comparison.compare_bids),
    Act(_("Projects under control"), 0, 0, information.take_control),
    Act(_("The report for the analysis meeting"), 0, 0, information.brief),
)
"""Played after the rules have looked at today's dossiers, at the real time."""
