"""Canned paragraphs: every one has an article and its confidence, and is picked into the field."""

from typing import get_args

import pytest
from django import forms

from wulian.casework.intake.paragraphs import Paragraph, ParagraphArea, Place, paragraphs, paragraphs_for


def test_codes_are_unique_and_every_place_has_something_to_pick():
    codes = [item.code for item in paragraphs()]
    assert len(codes) == len(set(codes))
    for place in get_args(Place):
        assert paragraphs_for(place), place


def test_a_text_nobody_has_checked_says_so():
    by_confidence = {item.confidence: item.source for item in paragraphs()}
    assert by_confidence["M"].endswith("（来源待核）") and by_confidence["S"].endswith("（来源待核）")
    assert by_confidence["E"].endswith("（本系统参数）") and "待核" not in by_confidence["V"]


@pytest.mark.parametrize(
    "change", [{"places": ["kitchen"]}, {"confidence": "X"}, {"article": ""}, {"extra": 1}]
)
def test_a_bad_row_is_refused(change):
    good = paragraphs()[0].model_dump()
    assert Paragraph.model_validate(good)
    with pytest.raises(ValueError):
        Paragraph.model_validate({**good, **change})


def test_the_picker_stands_above_its_field_with_the_articles():
    class Form(forms.Form):
        reason = forms.CharField(widget=ParagraphArea("refuse"))

    html = str(Form()["reason"])
    assert 'data-paragraphs="id_reason"' in html and "第六十条" in html and "<textarea" in html
    assert "责令暂停" not in html, "only what may be used here"


def test_what_is_picked_brings_its_article_but_not_the_name_of_a_rule_we_made_ourselves():
    of_the_law, our_own = (
        next(item for item in paragraphs_for("message") if item.confidence == mark) for mark in "VE"
    )
    assert of_the_law.inserted == f"{of_the_law.text}（{of_the_law.article}）"
    assert our_own.inserted == our_own.text
