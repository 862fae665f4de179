"""What customers owe by what Xero last said: open invoices by customer, currency and age (N9)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Case, Count, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from invoices.domain.age_buckets import Bucket, bucket_number
from invoices.models import Invoice
from invoices.models.invoice import DUE_DAY, InvoiceKind, InvoiceStatus

OPEN_MONEY = ("unpaid", "part-paid")
# In the place of an age: what customers have in their favour.
CREDIT = -1
# Until payments are read for the first time Xero has told no amount: nothing is paid yet, so it is all due.
DUE_AMOUNT = Coalesce("xero_document__amount_due", "total")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivableGroup:
    """`bucket`: its place in the list, or CREDIT."""

    currency: str
    customer_code: str
    customer_name: str
    bucket: int
    invoices: int
    due: Decimal


def due_between(invoices: QuerySet[Invoice], *, from_date: date | None, to_date: date | None) -> QuerySet[Invoice]:
    """Without a due date it counts as due when it was issued."""
    dated = invoices.annotate(due_day=DUE_DAY)
    if from_date is not None:
        dated = dated.filter(due_day__gte=from_date)
    return dated if to_date is None else dated.filter(due_day__lte=to_date)


def receivable_groups(buckets: list[Bucket]) -> list[ReceivableGroup]:
    """One query, however many invoices are open."""
    owed = Invoice.objects.filter(
        kind__in=[InvoiceKind.SALES_INVOICE, InvoiceKind.SALES_CREDIT_NOTE],
        status=InvoiceStatus.APPROVED,
        xero_document__state="in xero",
        xero_document__money_state__in=OPEN_MONEY,
    ).annotate(due_day=DUE_DAY)
    rows = owed.annotate(
        bucket=Case(
            When(kind=InvoiceKind.SALES_CREDIT_NOTE, then=Value(CREDIT)), default=bucket_number(buckets, "due_day")
        )
    )
    names = ("currency", "customer__code", "customer__name", "bucket")
    sums = rows.order_by().values_list(*names).annotate(invoices=Count("id"), due=Sum(DUE_AMOUNT, default=Decimal(0)))
    return [
        ReceivableGroup(
            currency=currency, customer_code=code, customer_name=name, bucket=bucket, invoices=invoices, due=due
        )
        for currency, code, name, bucket, invoices, due in sums
    ]
