"""A lot of 随州市住房和城市更新局's city on 29 September 2026, with its procuring entity and the intake's people."""

import pytest

from wulian.casework.intake.tests import factories as make
from wulian.casework.intake.tests.conftest import clock, people  # noqa: F401
from wulian.information.registry.models import Lot, Party


@pytest.fixture
def lot(clock):  # noqa: F811
    found = make.project(region="421300")
    found.owner = Party.objects.create(
        source_key="owner",
        name="随州市城市建设投资开发有限公司",
        uscc="91421300MA49QQ1P8X",
        kind="enterprise",
    )
    found.save()
    return Lot.objects.get(project=found)
