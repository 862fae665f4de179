"""Customers by the API, through the page's own form and workflow."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404

from freightbridge.access.api_scopes import Scope
from freightbridge.rest.endpoints import Answer, Call, Endpoint
from freightbridge.rest.json_shapes import Member, Text
from freightbridge.rest.list_page import PAGING, list_of, list_page
from freightbridge.rest.problem_details import invalid_input
from freightbridge.ui.form_changes import form_changes
from freightbridge.ui.keyset import Order
from freightbridge.ui.page_address import page_address
from integrations.api.accounting_schemas import whole_address
from invoices.api.form_errors import form_errors
from invoices.api.freight_schemas import CUSTOMER, as_form_data
from invoices.models import Customer
from invoices.web.freight_forms import CustomerForm
from invoices.workflows.save_customer import save_customer

IN_ORDER = Order(("id",), falls=False)
PLAIN = [name for name in CUSTOMER.members if name not in {"id", "tax_code", "page"}]


def list_customers(call: Call) -> Answer:
    code = call.query["code"]
    rows = Customer.objects.filter(code=code) if code is not None else Customer.objects.all()
    rows = rows.select_related("tax_code")

    def shown(customers: Sequence[Customer]) -> list[dict[str, Any]]:
        return [_told(call, customer) for customer in customers]

    return list_page(call, rows, order=IN_ORDER, path="/api/v1/customers", shown=shown)


def create_customer(call: Call) -> Answer:
    return _save(call, Customer())


def read_customer(call: Call, public_id: UUID) -> Answer:
    return Answer(body=_told(call, get_object_or_404(Customer, public_id=public_id)))


def replace_customer(call: Call, public_id: UUID) -> Answer:
    return _save(call, get_object_or_404(Customer.objects.select_for_update(), public_id=public_id))


def _save(call: Call, customer: Customer) -> Answer:
    form = CustomerForm(as_form_data(call.body), instance=customer)
    if not form.is_valid():
        raise invalid_input(list(form_errors(form)))
    save_customer(customer, changes=form_changes(form), tenant=call.tenant, by=call.by, now=call.now)
    return Answer(body=_told(call, customer), location=f"customers/{customer.public_id}")


def _told(call: Call, customer: Customer) -> dict[str, Any]:
    return {
        "id": str(customer.public_id),
        **{name: getattr(customer, name) for name in PLAIN},
        "tax_code": customer.tax_code.code if customer.tax_code else "",
        "page": whole_address(page_address(call.tenant, "customer", customer.public_id)),
    }


CUSTOMER_ENDPOINTS = (
    Endpoint(
        method="GET", path="customers", name="list_customers", summary="List customers", scope=Scope.READ_FREIGHT,
        do=list_customers, answers=list_of(CUSTOMER), is_list=True,
        query={"code": Member(shape=Text(longest=50), about="The one with this code."), **PAGING},
    ),
    Endpoint(
        method="POST", path="customers", name="create_customer", summary="Enter a customer", body=CUSTOMER,
        scope=Scope.WRITE_FREIGHT, do=create_customer, answers=CUSTOMER, status=HTTPStatus.CREATED,
    ),
    Endpoint(
        method="GET", path="customers/<uuid:public_id>", name="read_customer", summary="Read a customer",
        scope=Scope.READ_FREIGHT, do=read_customer, answers=CUSTOMER,
    ),
    Endpoint(
        method="PUT", path="customers/<uuid:public_id>", name="replace_customer", summary="Change a customer",
        about="The body is the whole customer: what is left out is emptied.", body=CUSTOMER,
        scope=Scope.WRITE_FREIGHT, do=replace_customer, answers=CUSTOMER,
    ),
)  # fmt: skip
