"""/Organisation and its Actions. Source: developer.xero.com/documentation/api/accounting/organisation."""

from typing import Any

from integrations.xero_sandbox.accounting_api.api_call import ApiCall
from integrations.xero_sandbox.accounting_api.envelopes import enveloped
from integrations.xero_sandbox.books.organisation_records import Organisation
from integrations.xero_sandbox.wire.http_messages import Answer
from integrations.xero_sandbox.wire.wire_dates import without_offset

Json = dict[str, Any]
ACTIONS = (
    "CreateApprovedInvoice", "CreateDraftPurchaseOrder", "CreateApprovedBill", "AttachFilesIntoInvoice",
    "CreateDraftInvoice", "CreateRepeatingInvoice", "CreateRepeatingBill", "CreateSentQuote",
    "CreateInvoicePayment", "CreateApprovedPurchaseOrder", "CreateDraftQuote", "CreateDraftBill",
)  # fmt: skip


def get_organisation(call: ApiCall) -> Answer:
    return enveloped(call, "Organisations", [_as_json(call.books.organisation)])


def get_actions(call: ApiCall) -> Answer:
    """What the connecting person may do; the sandbox's people may do everything their plan allows."""
    allowed = {"UseMulticurrency": call.books.organisation.has_multicurrency}
    allowed |= dict.fromkeys(ACTIONS, True)
    actions = [{"Name": name, "Status": "ALLOWED" if may else "NOT-ALLOWED"} for name, may in allowed.items()]
    return enveloped(call, "Actions", actions)


def _as_json(organisation: Organisation) -> Json:
    day, month = organisation.financial_year_end
    street, city, region, postal_code = organisation.street
    country_code, number = organisation.phone
    return {
        "Name": organisation.name,
        "LegalName": organisation.legal_name,
        "PaysTax": True,
        "Version": organisation.version,
        "OrganisationType": "COMPANY",
        "BaseCurrency": organisation.base_currency,
        "CountryCode": organisation.country_code,
        "IsDemoCompany": organisation.is_demo_company,
        "OrganisationStatus": "ACTIVE",
        "TaxNumber": organisation.tax_number,
        "FinancialYearEndDay": day,
        "FinancialYearEndMonth": month,
        "SalesTaxBasis": organisation.sales_tax_basis,
        "SalesTaxPeriod": organisation.sales_tax_period,
        "DefaultSalesTax": "Remember previous",
        "DefaultPurchasesTax": "Remember previous",
        **_lock_dates(organisation),
        "CreatedDateUTC": without_offset(organisation.created_at),
        "OrganisationEntityType": "COMPANY",
        "Timezone": organisation.timezone,
        "ShortCode": organisation.short_code,
        "OrganisationID": organisation.organisation_id,
        "Edition": "BUSINESS",
        "Class": organisation.plan_class,
        "Addresses": [
            {
                "AddressType": "STREET",
                "AddressLine1": street,
                "City": city,
                "Region": region,
                "PostalCode": postal_code,
                "Country": "",
                "AttentionTo": "",
            }
        ],
        "Phones": [{"PhoneType": "OFFICE", "PhoneNumber": number, "PhoneCountryCode": country_code}],
        "ExternalLinks": [],
        "PaymentTerms": _payment_terms(organisation),
    }


def _lock_dates(organisation: Organisation) -> Json:
    dates = {
        "PeriodLockDate": organisation.period_lock_date,
        "EndOfYearLockDate": organisation.end_of_year_lock_date,
    }
    return {name: without_offset(day) for name, day in dates.items() if day}


def _payment_terms(organisation: Organisation) -> Json:
    terms = {"Bills": organisation.bill_terms, "Sales": organisation.sales_terms}
    return {name: {"Day": term[0], "Type": term[1]} for name, term in terms.items() if term}
