"""Duplicate and repeat detection (C02): project, party, text and file, with reasons; links that never merge."""

import pytest
from django.contrib.contenttypes.models import ContentType

from wulian.casework.intake import services
from wulian.casework.intake.likeness import likeness, marks_of
from wulian.casework.intake.models import Complaint, MatterLink, TextMark, TipOff
from wulian.casework.intake.similar import similar_matters
from wulian.casework.intake.tests import factories as make
from wulian.core.accounts.choices import Role
from wulian.core.audit.models import AuditEvent
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.files.models import StoredFile
from wulian.force.officers.models import RecusalDeclaration
from wulian.force.officers.tests.factories import OfficerFactory

LETTER = (
    "2026年9月8日上午九点，府河南岸道路改造工程在市公共资源交易中心开标，湖北楚源建设等三家公司的投标报价依次相差千分之四，"
    "三份投标文件的技术方案第五章连错别字都一样，项目经理名单里出现同一个联系电话。"
)
REWORDED = (
    LETTER.replace("上午九点，", "")
    .replace("连错别字都一样", "连错别字也完全一样")
    .replace("依次相差", "相差")
)
OTHER = "随县环潭镇灌溉渠系改造项目的施工单位把主体工程整体转给另一家没有资质的队伍，现场管理人员都不是中标单位的职工。"


def test_a_reworded_letter_is_near_and_another_letter_is_not():
    assert likeness(LETTER, REWORDED) > 0.8
    assert likeness(LETTER, OTHER) < 0.1
    assert set(marks_of(LETTER)) & set(marks_of(REWORDED))
    assert not set(marks_of(LETTER)) & set(marks_of(OTHER))


def test_marks_are_the_same_on_every_machine_and_do_not_see_punctuation():
    assert (
        marks_of("一二三四五六七八九十甲乙丙丁戊己庚辛")[0]
        == marks_of("一二三四，五六七八九十。甲乙丙丁 戊己庚辛！")[0]
    )
    assert marks_of("太短") == []


@pytest.mark.django_db
class TestSimilar:
    def test_the_same_text_about_another_project_is_found_with_its_reason(self, people):
        first = make.complaint(facts=LETTER)
        second = make.tip_off(facts=REWORDED, project_text="另一个名称", respondent_name="某公司")
        (found,) = similar_matters(second, people.clerk)
        assert found.matter == first and list(found.grounds) == ["text"]
        assert "%" in found.words()[0]

    def test_project_and_party_are_named_and_a_stranger_is_not_found(self, people):
        first = make.complaint(facts=LETTER)
        make.complaint(facts=OTHER, project_text="环潭灌区", respondent_name="湖北水工集团")
        second = make.complaint(facts="开标记录与公示的得分不一致，请求核对评标报告全文。")
        (found,) = similar_matters(second, people.clerk)
        assert found.matter == first and set(found.grounds) == {"project", "party"}

    def test_the_same_file_is_found_by_its_digest(self, people):
        first, second = (
            make.complaint(facts=LETTER),
            make.tip_off(facts=OTHER, project_text="环潭", respondent_name=""),
        )
        for place, matter in enumerate((first, second)):
            StoredFile.objects.create(
                content_type=ContentType.objects.get_for_model(matter), object_id=matter.pk, title="转账截图.jpg",
                kind="image/jpeg", size=10, sm3="ab" * 32, working=f"2026/{place}", working_size=10, working_sm3="cd" * 32,
            )  # fmt: skip
        (found,) = similar_matters(second, people.clerk)
        assert found.matter == first and "转账截图.jpg" in found.grounds["file"]

    def test_the_likeliest_comes_first(self, people):
        weak = make.complaint(facts="开标记录与公示的得分不一致，请求核对评标报告全文。")
        strong = make.complaint(facts=LETTER)
        asked = make.complaint(facts=REWORDED)
        assert [one.matter for one in similar_matters(asked, people.clerk)] == [strong, weak]

    def test_what_the_conflict_screen_hides_is_not_found_either(self, people):
        make.complaint(facts=LETTER)
        asked = make.complaint(facts=REWORDED, respondent_name="另一单位")
        assert len(similar_matters(asked, people.clerk)) == 1
        officer = OfficerFactory(user=people.clerk, authority=people.housing)
        RecusalDeclaration.objects.create(
            officer=officer, party_name=make.RESPONDENT, relation="relative", valid_from="2026-01-01",
            declared_by=people.clerk,
        )  # fmt: skip
        assert similar_matters(asked, type(people.clerk).objects.get(pk=people.clerk.pk)) == []

    def test_a_clerk_reads_of_a_matter_of_another_desk_but_cannot_open_it(self, people, user_factory):
        make.dispatched(make.complaint(facts=LETTER), people.clerk, people.dispatcher)
        asked, colleague = make.complaint(facts=REWORDED), user_factory(Role.CLERK)
        assert [one.may_open for one in similar_matters(asked, colleague)] == [False]
        assert [one.may_open for one in similar_matters(asked, people.clerk)] == [True]

    def test_an_officer_compares_only_what_their_authority_has(self, people):
        make.complaint(facts=LETTER)
        asked = make.dispatched(make.complaint(facts=REWORDED), people.clerk, people.dispatcher)
        assert similar_matters(asked, people.officer) == []
        assert len(similar_matters(asked, people.dispatcher)) == 1

    def test_administrators_find_nothing(self, people):
        make.complaint(facts=LETTER)
        assert similar_matters(make.complaint(facts=LETTER), people.admin) == []

    def test_a_link_keeps_both_matters_and_is_shown_on_both(self, people):
        first, second = make.complaint(facts=LETTER), make.tip_off(facts=REWORDED)
        link = services.link_matters(
            actor=people.clerk, matter=second, other=first, kind="repeat", reason="同一人两次来信"
        )
        assert (link.later, link.earlier) == (second, first) and link.grounds
        assert Complaint.objects.count() == TipOff.objects.count() == 1
        for asked, other in ((first, second), (second, first)):
            (found,) = similar_matters(asked, people.dispatcher)
            assert found.matter == other and found.link == link
        assert AuditEvent.objects.filter(verb="intake.linked").count() == 2

    def test_a_pair_is_linked_once_in_either_direction(self, people):
        first, second = make.complaint(), make.complaint()
        given = {"actor": people.clerk, "kind": "repeat", "reason": "同一事项"}
        services.link_matters(matter=second, other=first, **given)
        with pytest.raises(Refusal):
            services.link_matters(matter=first, other=second, **given)
        assert MatterLink.objects.count() == 1

    @pytest.mark.parametrize(
        ("changes", "field"), [({"reason": " "}, "reason"), ({"kind": "opened"}, "kind")]
    )
    def test_a_link_needs_a_reason_and_a_kind_of_the_list(self, people, changes, field):
        first, second = make.complaint(), make.complaint()
        given = {
            "actor": people.clerk,
            "matter": second,
            "other": first,
            "kind": "repeat",
            "reason": "同一事项",
        }
        with pytest.raises(Refusal) as refused:
            services.link_matters(**{**given, **changes})
        assert refused.value.field == field

    def test_nobody_links_a_matter_to_itself_nor_to_one_that_is_kept_from_them(self, people):
        first = make.complaint()
        given = {"matter": first, "kind": "repeat", "reason": "同一事项"}
        with pytest.raises(Refusal):
            services.link_matters(actor=people.clerk, other=first, **given)
        with pytest.raises(Forbidden):
            services.link_matters(actor=people.discipline, other=make.complaint(), **given)
        accused = make.complaint(respondent_name="随州市住房和城市更新局")
        own = make.dispatched(make.complaint(), people.clerk, people.dispatcher)
        with pytest.raises(Forbidden):
            services.link_matters(actor=people.officer, other=accused, **{**given, "matter": own})

    def test_every_matter_that_comes_in_has_its_marks(self, people):
        matter = make.tip_off(facts=LETTER)
        kind = ContentType.objects.get_for_model(matter)
        assert TextMark.objects.filter(content_type=kind, object_id=matter.pk).count() == len(
            marks_of(LETTER)
        )
