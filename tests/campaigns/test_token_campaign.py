from collections.abc import Iterator

import pytest

from freightbridge.tenancy.models import Tenant
from tests.campaigns.token_campaign import CampaignReport, CampaignSize, TokenCampaign
from tests.virtual_database_clock import virtual_database_clock
from tests.xero_fixtures import HOSTS
from tests.xero_sandbox.company_client import Http
from tests.xero_sandbox.sandbox_process import SandboxProcess, start_process, stop_process

pytestmark = pytest.mark.django_db(transaction=True)
MOST_REFRESHES_PER_LIFE = 1.1


@pytest.fixture
def timeless_xero(settings: object) -> Iterator[SandboxProcess]:
    """Whose clock stands still until it is moved."""
    process, url = start_process("--limits", "off", "--clock", "virtual")
    for host in HOSTS:
        setattr(settings, f"XERO_{host}_BASE_URL", url)
    http = Http(url)
    yield SandboxProcess(http)
    http.pool.clear()
    stop_process(process)


def run(size: CampaignSize, tenant: Tenant, xero: SandboxProcess) -> CampaignReport:
    with virtual_database_clock(xero.now()) as clock:
        report = TokenCampaign(size, tenant, xero, clock).run()
    print(size, report, f"{report.refreshes_per_life:.3f} answered calls a life")  # noqa: T201 pytest shows it with -s
    return report


def assert_nothing_is_lost(report: CampaignReport) -> None:
    assert (report.lost_grants, report.dead_tokens) == (0, 0)
    assert report.refreshes_per_life <= MOST_REFRESHES_PER_LIFE
    assert report.calls > report.answered


def test_grants_survive_lost_answers_and_a_herd_of_workers(tenant: Tenant, timeless_xero: SandboxProcess) -> None:
    report = run(CampaignSize(workers=8, grants=8, hours=3), tenant, timeless_xero)

    assert_nothing_is_lost(report)
    assert report.lives > 20


@pytest.mark.campaign
@pytest.mark.timeout(3600)
def test_200_grants_survive_a_day_with_32_workers(tenant: Tenant, timeless_xero: SandboxProcess) -> None:
    assert_nothing_is_lost(run(CampaignSize(workers=32, grants=200, hours=24), tenant, timeless_xero))
