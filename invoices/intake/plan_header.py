"""What the rows of a shipment change about the shipment itself. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from invoices.intake.cell_reading import Value
from invoices.intake.column_match import Combine, MatchRules
from invoices.intake.freight_fields import PARTIES, REFERENCE_FIELDS, SHIPMENT_FIELDS
from invoices.intake.header_row import folded
from invoices.intake.known_freight import StandingShipment
from invoices.intake.merge_fields import UNCOMPARED, combine_of, contradictions, merge_fields, shown
from invoices.intake.parsed_rows import Remark
from invoices.intake.resolve_codes import Resolver
from invoices.intake.row_groups import KeyedRow, RowGroup


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderPlan:
    """`currency`: the one that the shipment's charges are in, after the writes. `changed_rows`: by their numbers."""

    writes: Mapping[str, Value]
    currency: str
    remarks: Mapping[int, list[Remark]]
    changed_rows: frozenset[int]


def plan_header(group: RowGroup, before: StandingShipment, resolver: Resolver, rules: MatchRules) -> HeaderPlan:
    """Unknown codes are told to the resolver."""
    remarks = contradictions([keyed.row for keyed in group.rows], rules)
    news = _news(group, before, rules)
    _drop_overflows(news, group, before, remarks, rules)
    _drop_currency(news, group, before, remarks)
    writes = {name: value for name, value in news.items() if name not in PARTIES and name not in UNCOMPARED}
    writes.update(_parties(group, before, news, resolver, rules))
    _tell_of_nameless(group, rules, remarks)
    currency = writes.get("currency", before.fields.get("currency", ""))
    return HeaderPlan(
        writes=writes, currency=str(currency), remarks=remarks, changed_rows=_changed_rows(group, before, writes)
    )


def _news(group: RowGroup, before: StandingShipment, rules: MatchRules) -> dict[str, Value]:
    """What the rows say together now, where it is neither what they said last time nor what stands already."""
    if all(_says_the_same(keyed, before) for keyed in group.rows):
        return {}
    in_file = {keyed.key: keyed.row.fields for keyed in group.rows}
    said: dict[str, Value] = {}
    news = merge_fields(in_file.values(), rules)
    if before.rows:
        said = merge_fields((content.fields for content in before.rows.values()), rules)
        together = {**{key: content.fields for key, content in before.rows.items()}, **in_file}
        of_all = merge_fields(together.values(), rules)
        now = {name: news[name] if combine_of(name, rules) is Combine.FIRST else of_all[name] for name in news}
        news = {name: value for name, value in now.items() if value != said.get(name)}
    if not before.fields:
        return news
    for name in REFERENCE_FIELDS:
        if name in news:
            news[name] = _with_those_of_others(news[name], said.get(name, ()), before.fields.get(name, ()))
    return {name: value for name, value in news.items() if value != before.fields.get(name)}


def _with_those_of_others(now: Value, said: Value, standing: Value) -> Value:
    """References that a person added stay; those that the file took back go."""
    kept = [reference for reference in _tuple(standing) if reference not in _tuple(said)]
    return tuple(dict.fromkeys((*_tuple(now), *kept)))


def _tuple(value: Value) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def _says_the_same(keyed: KeyedRow, before: StandingShipment) -> bool:
    stored = before.rows.get(keyed.key)
    return stored is not None and stored.fields == keyed.row.fields


def _drop_overflows(
    news: dict[str, Value],
    group: RowGroup,
    before: StandingShipment,
    remarks: dict[int, list[Remark]],
    rules: MatchRules,
) -> None:
    """Each amount fits, their sum may not."""
    if len(group.rows) == 1 and not before.rows:
        return
    for name, value in list(news.items()):
        if isinstance(value, Decimal) and abs(value) >= Decimal(10) ** SHIPMENT_FIELDS[name].whole_digits:
            del news[name]
            column, text = rules.column_of(name), "The sum over the rows of the shipment is too large."
            _tell(remarks, group, Remark(column=column, value=shown(value), text=text, is_error=True))


def _drop_currency(
    news: dict[str, Value], group: RowGroup, before: StandingShipment, remarks: dict[int, list[Remark]]
) -> None:
    """Another currency would change what charges are worth that this file does not bring."""
    standing = before.fields.get("currency")
    in_file = {key for keyed in group.rows for key in keyed.charges}
    is_bound = before.has_other_charges or any(
        charge.invoice or key not in in_file for key, charge in before.charges.items()
    )
    if "currency" in news and standing and is_bound:
        text = f"The shipment has charges in {standing} already, so its currency stays."
        _tell(remarks, group, Remark(column="", value=shown(news.pop("currency")), text=text, is_error=True))


def _parties(
    group: RowGroup, before: StandingShipment, news: Mapping[str, Value], resolver: Resolver, rules: MatchRules
) -> dict[str, Value]:
    """A customer who was not known last time is found now without the file having changed."""
    writes: dict[str, Value] = {}
    for field in PARTIES:
        for keyed in group.rows:
            code = keyed.row.fields.get(field)
            if code is None:
                continue
            found = resolver.party(str(code), row=keyed.row.number, column=rules.column_of(field))
            is_wanted = field in news or field not in before.fields
            is_other = folded(str(before.fields.get(field, ""))) != folded(found or "")
            if found and is_wanted and is_other:
                writes.setdefault(field, found)
    return writes


def _tell_of_nameless(group: RowGroup, rules: MatchRules, remarks: dict[int, list[Remark]]) -> None:
    """A name alone is nobody: two customers may be called the same."""
    for code_field, name_field in PARTIES.items():
        named = [keyed.row for keyed in group.rows if name_field in keyed.row.fields]
        if named and not any(code_field in keyed.row.fields for keyed in group.rows):
            text = "A name without a code, so it cannot be told who is meant. Fill in the code."
            value = shown(named[0].fields[name_field])
            remark = Remark(column=rules.column_of(name_field), value=value, text=text, is_error=True)
            remarks.setdefault(named[0].number, []).append(remark)


def _changed_rows(group: RowGroup, before: StandingShipment, writes: Mapping[str, Value]) -> frozenset[int]:
    """Those that say something else than last time about what is written; else the first: its customer is known now."""
    changed = [
        keyed.row.number
        for keyed in group.rows
        if any(_differs(keyed, before, name) for name in writes if name in keyed.row.fields)
    ]
    return frozenset(changed or ([group.rows[0].row.number] if writes else []))


def _differs(keyed: KeyedRow, before: StandingShipment, name: str) -> bool:
    stored = before.rows.get(keyed.key)
    return stored is None or stored.fields.get(name) != keyed.row.fields[name]


def _tell(remarks: dict[int, list[Remark]], group: RowGroup, remark: Remark) -> None:
    remarks.setdefault(group.rows[0].row.number, []).append(remark)
