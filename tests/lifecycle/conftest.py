"""People who open the company's pages."""

import pytest

from freightbridge.tenancy.models import Tenant
from tests.web.page_company import Visitor, visitor


@pytest.fixture
def admin(tenant: Tenant) -> Visitor:
    return visitor(tenant, "admin")


@pytest.fixture
def operator(tenant: Tenant) -> Visitor:
    return visitor(tenant, "operator")
