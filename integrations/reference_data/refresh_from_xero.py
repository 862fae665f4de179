"""Brings an organisation's reference data up to date: by schedule, after connecting, and by the button."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tzlocal.windows_tz import win_tz

from freightbridge.background_work.enqueue_work import enqueue_work, has_work
from freightbridge.background_work.work_kinds import Again, Work
from freightbridge.clock import read_clock
from freightbridge.tenancy.scope import tenant_scope
from integrations.accounting_log.write_entry import connection_entry, write_entries
from integrations.connection.connection_work import ASSESS_SHIPMENTS, SYNC_CUSTOMERS
from integrations.connection.read_from_xero import ReadPostponedError, XeroReader, reading_turn
from integrations.job_states import LogResult
from integrations.lanes.claim_lane import LaneLostError, held_scope
from integrations.models import XeroConnection
from integrations.reference_data.read_contacts import read_contacts
from integrations.reference_data.record_readers import WHOLE_LISTS
from integrations.reference_data.store_records import store_whole_list
from integrations.xero_gateway.answered_moments import date_of

EVERY = timedelta(hours=12)
# Xero writes Windows' names of time zones in capitals without spaces: NEWZEALANDSTANDARDTIME.
ZONES = {name.replace(" ", "").upper(): zone for name, zone in win_tz.items()}


def refresh_reference_data(work: Work) -> Again | None:
    """Background work on a connection. Nothing to do while it is not connected."""
    try:
        with reading_turn(tenant_id=work.tenant_id, connection_id=work.subject_id) as reader:
            _refresh(reader)
    except ReadPostponedError as error:
        _remember_failure(work, str(error))
        return Again(at=error.retry_at) if error.retry_at else None
    except LaneLostError:
        return Again(at=read_clock())
    with tenant_scope(work.tenant_id):
        return Again(at=read_clock() + EVERY)


def refresh_gave_up(work: Work, reason: str) -> None:
    _remember_failure(work, reason)


def _refresh(reader: XeroReader) -> None:
    (organisation,) = reader.read("Organisation")
    lists = [(kind, read, reader.read(resource)) for kind, resource, read in WHOLE_LISTS]
    read_contacts(reader)
    with held_scope(reader.held) as now:
        connection = XeroConnection.objects.get(pk=reader.held.connection_id)
        _keep_organisation(connection, organisation, now=now)
        for kind, read, elements in lists:
            store_whole_list(connection, kind, (record for element in elements for record in read(element)))
        counts = ", ".join(f"{len(elements)} {kind.label.lower()}" for kind, _, elements in lists)
        text = f"Read from Xero: {counts}."
        write_entries([connection_entry(connection, result=LogResult.DONE, event="refreshed", text=text, now=now)])
        enqueue_work(ASSESS_SHIPMENTS, [connection.pk], now=now)
        if not has_work(SYNC_CUSTOMERS, connection.pk):
            enqueue_work(SYNC_CUSTOMERS, [connection.pk], now=now)


def _keep_organisation(connection: XeroConnection, organisation: dict[str, Any], *, now: datetime) -> None:
    """developer.xero.com/documentation/api/accounting/organisation."""
    connection.name = organisation["Name"]
    connection.short_code = organisation.get("ShortCode", "")
    connection.country = organisation.get("CountryCode", "")
    connection.base_currency = organisation["BaseCurrency"]
    connection.time_zone = _zone(organisation.get("Timezone", ""))
    connection.is_demo_company = bool(organisation.get("IsDemoCompany"))
    connection.period_lock_date = date_of(organisation.get("PeriodLockDate"))
    connection.year_lock_date = date_of(organisation.get("EndOfYearLockDate"))
    connection.reference_data_at, connection.reference_data_error = now, ""
    connection.save(
        update_fields=[
            "name", "short_code", "country", "base_currency", "time_zone", "is_demo_company", "period_lock_date",
            "year_lock_date", "reference_data_at", "reference_data_error",
        ]
    )  # fmt: skip


def _zone(name: str) -> str:
    zone = ZONES.get(name.upper(), "UTC")
    try:
        ZoneInfo(zone)
    except ZoneInfoNotFoundError:
        return "UTC"
    return zone


def _remember_failure(work: Work, reason: str) -> None:
    with tenant_scope(work.tenant_id):
        XeroConnection.objects.filter(pk=work.subject_id).update(reference_data_error=reason)
