"""Codes in a file become customers, charge codes and tax codes: known ones, new ones, or none, which is told. Pure."""

from dataclasses import dataclass, field

from invoices.intake.header_row import folded
from invoices.intake.known_freight import Known
from invoices.intake.parsed_rows import Remark


@dataclass(slots=True, kw_only=True)
class Resolver:
    """Answers with the code as it stands, or will stand once what is new is made. `remarks` by row number."""

    known: Known
    new_parties: dict[str, None] = field(default_factory=dict)
    new_codes: dict[str, None] = field(default_factory=dict)
    remarks: dict[int, list[Remark]] = field(default_factory=dict)

    def party(self, code: str, *, row: int, column: str) -> str | None:
        """None: nobody is known by it, and no row of the file has a name for it."""
        key, mention = folded(code), self.known.file.parties[folded(code)]
        if key in self.known.party_codes:
            if mention.row_number == row and mention.name and mention.name != self.known.party_names[key]:
                name = self.known.party_names[key]
                self.tell(row, Remark(column=column, value=code, text=f"Known here as “{name}”; the name was kept."))
            return self.known.party_codes[key]
        if not mention.name:
            text = "Nobody is known by this code, and the file has no name for it. Add the customer, or its name here."
            self.tell(row, Remark(column=column, value=code, text=text, is_error=True))
            return None
        self.new_parties[key] = None
        if mention.row_number == row:
            kind = "supplier" if mention.is_supplier else "customer"
            self.tell(row, Remark(column=column, value=code, text=f"A new {kind}: {mention.name}."))
        return mention.code

    def charge_code(self, code: str, *, row: int, column: str) -> str | None:
        """None: there is no such code, and the match did not declare it."""
        key = folded(code)
        if key in self.known.charge_codes:
            return self.known.charge_codes[key]
        mention = self.known.file.codes.get(key)
        if mention is None:
            text = f"There is no charge code “{code}”. The charge cannot be invoiced until it has one."
            self.tell(row, Remark(column=column, value=code, text=text, is_error=True))
            return None
        self.new_codes[key] = None
        if mention.row_number == row:
            text = f"A new charge code: {mention.code} {mention.name}. It needs a tax code before it can be invoiced."
            self.tell(row, Remark(column=column, value=code, text=text, is_warning=True))
        return mention.code

    def tax_code(self, code: str, *, row: int, column: str) -> str | None:
        found = self.known.tax_codes.get(folded(code))
        if found is None:
            text = f"There is no tax code “{code}”, so the one of the charge code counts."
            self.tell(row, Remark(column=column, value=code, text=text, is_error=True))
        return found

    def tell(self, row: int, remark: Remark) -> None:
        told = self.remarks.setdefault(row, [])
        if remark not in told:
            told.append(remark)
