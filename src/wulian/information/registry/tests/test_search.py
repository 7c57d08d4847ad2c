"""Search finds two-character Chinese words, and only what the reader may see; the same on both databases."""

from __future__ import annotations

import pytest
from django.urls import reverse

from wulian.core.accounts.choices import Role
from wulian.information.registry.models import SearchEntry
from wulian.information.registry.services.search import index_dossiers
from wulian.information.registry.tests.factories import enter, reservoir
from wulian.information.registry.tokens import index_tokens, query_tokens

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    (project,) = enter(reservoir())
    index_dossiers([project.pk])
    return project


@pytest.mark.parametrize(
    "words", ["水库", "黑屋湾", "除险加固", "屋湾", "2506-421321-04-01-200001", "随县 水库", "一标段"]
)
def test_every_word_of_two_characters_or_more_is_found_wherever_it_stands(project, words):
    assert SearchEntry.objects.matching(words).filter(project=project).exists()


@pytest.mark.parametrize("words", ["地铁", "水库 地铁", "", "  ", "“”"])
def test_what_is_not_there_is_not_found(project, words):
    assert not SearchEntry.objects.matching(words).exists()


@pytest.mark.parametrize(
    "words", ["'", '"', "水库' OR '1'='1", "a & b | !c", "水库*", "NEAR(水库)", ":*", "\\"]
)
def test_words_are_never_read_as_a_query_language(project, words):
    list(SearchEntry.objects.matching(words))


def test_an_entry_follows_its_dossier(project):
    project.name = "随县先觉庙水库扩建工程"
    project.save()
    index_dossiers([project.pk])
    assert SearchEntry.objects.matching("先觉庙").count() == 1
    assert SearchEntry.objects.filter(project=project).count() == 1


def test_search_reveals_nothing_of_another_department(project, user_factory, client_for):
    url = f"{reverse('ui:search')}?q=黑屋湾"
    assert project.name in client_for(user_factory(Role.CASE_OFFICER, "water")).get(url).content.decode()
    assert (
        project.name not in client_for(user_factory(Role.CASE_OFFICER, "housing")).get(url).content.decode()
    )
    assert not SearchEntry.objects.visible_to(user_factory(Role.SYSTEM_ADMIN)).exists()


def test_index_words_hold_pairs_and_latin_words_once():
    assert index_tokens("水库水库 ABC-12") == "水库 库水 水 库 abc 12"
    assert query_tokens("水库 ABC") == ["水库", "abc"]
