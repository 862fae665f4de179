"""Messages as carriers and a freight system send them, each in a style of its own; every name and number is made up."""

from textwrap import dedent


def edifact(body: str, *, kind: str = "INVOIC:D:96A:UN", test: str = "", syntax: str = "UNOC:3") -> str:
    """An interchange with one message; `body` between UNH and UNT, a segment a line."""
    segments = [line.strip() for line in dedent(body).strip().splitlines()]
    message = [f"UNH+1+{kind}'", *segments, f"UNT+{len(segments) + 2}+1'"]
    envelope = f"UNB+{syntax}+BLUELINE:ZZ+ACME:ZZ+260304:0911+77{f'++++++{test}' if test else ''}'"
    return "\n".join([envelope, *message, "UNZ+1+77'"])


# An ocean carrier, D.96A: one B/L, its charges on lines, a bunker surcharge for all, 10 % of tax on all.
OCEAN = edifact("""
    BGM+380+BL-90017+9'
    DTM+137:20260304:102'
    FTX+AAI+++Payable within 30 days'
    RFF+BM:BLUE123456789'
    RFF+BN:BK-5501'
    NAD+SU+BLUELINE::ZZ++Blue Line Shipping'
    RFF+VA:51004085616'
    NAD+BY+ACME::ZZ++Acme Freight'
    CUX+2:AUD:4'
    ALC+C++++BAF:::Bunker adjustment'
    MOA+8:150,5:AUD'
    LIN+1++OFR:ZZZ'
    IMD+F++:::Ocean freight'
    MOA+203:2200:AUD'
    LIN+2++THC:ZZZ'
    IMD+F++:::Terminal handling'
    QTY+47:2:NMB'
    PRI+AAA:175'
    UNS+S'
    CNT+2:2'
    MOA+79:2550:AUD'
    MOA+125:2700.50:AUD'
    MOA+124:270.05:AUD'
    MOA+77:2970.55:AUD'
    TAX+7+GST+++:::10+S'
""")

# An express carrier, D.01B: separators of its own, two bills, a line for each waybill, charges on lines within them.
EXPRESS = """UNA:*.! |
UNB*UNOC:3*SWIFTAIR:ZZ*ACME:ZZ*20260305:1200*900|UNH*A1*INVOIC:D:01B:UN|BGM*380*SW-501*9|DTM*137:20260305:102|
NAD*SE*SWIFTAIR::ZZ**O!'Hara Swift!* Air|CUX*2:AUD:4|
LIN*1**EXP:ZZZ|RFF*AWB:125-11112222|MOA*203:80.00|TAX*7*GST***:::0|
ALC*C****FUE:::Fuel|MOA*23:8.40|
LIN*2**EXP:ZZZ|RFF*AWB:125-33334444|MOA*203:40.10|TAX*7*GST***:::0|
UNS*S|MOA*77:128.50|UNT*18*A1|
UNH*A2*INVOIC:D:01B:UN|BGM*381*SW-C9*9|DTM*137:20260305:102|NAD*SE*SWIFTAIR::ZZ**O!'Hara Swift!* Air|CUX*2:AUD:4|
LIN*1**EXP:ZZZ|RFF*AWB:125-33334444|MOA*203:15.00|UNS*S|MOA*77:15.00|UNT*11*A2|UNZ*2*900|"""

# A feeder in its own words: decimals with a comma, charges as allowances alone, a container as the only reference.
FEEDER = edifact(
    """
    BGM+780+2026/118+9'
    DTM+3:260306:101'
    NAD+CA++Fördé Feeder'
    EQD+CN+MSKU1234565'
    CUX+2:EUR:4'
    ALC+C++++FRT:::Vorlauf'
    MOA+23:312,40'
    ALC+A++++DIS:::Rabatt'
    MOA+204:12,40'
    UNS+S'
    MOA+86:300'
    """,
    kind="INVOIC:D:99B:UN",
)


def x12(*sets: str, marks: str = "*>~", end: str = "\n", usage: str = "P") -> str:
    """An interchange of transaction sets, written with * and one segment a line. `marks`: its delimiters."""
    element, component, terminator = marks
    members = []
    for number, body in enumerate(sets, start=1):
        segments = [line.strip() for line in dedent(body).strip().splitlines()]
        members += [f"ST*210*{number:04}", *segments, f"SE*{len(segments) + 2}*{number:04}"]
    isa = "ISA*00*          *00*          *02*HLND           *ZZ*ACMEFREIGHT    *260307*0830*U*00401*000000123*0*"
    lines = [
        f"{isa}{usage}*", "GS*IM*HLND*ACMEFREIGHT*20260307*0830*55*X*004010", *members,
        f"GE*{len(sets)}*55", "IEA*1*000000123",
    ]  # fmt: skip
    first, *others = (line.replace("*", element) for line in lines)
    return "".join(f"{line}{terminator}{end}" for line in (first + component, *others))


# A less-than-truckload carrier: linehaul, fuel and a liftgate; the PRO number is the number of the bill.
LTL = """
    B3**118843217*BOL-7781*PP**20260306*48325**20260305*035*HLND
    C3*AUD
    N9*CN*118843217
    N9*BM*BOL-7781
    N9*PO*PO-12
    K1*DELIVERED IN FULL
    N1*SH*Acme Freight*93*ACME
    N1*CA*Highland Motor Freight*2*HLND
    N7**TRL5561
    LX*1
    L5*1*Ceramic tiles*70*N
    L0*1***820*G***4*PLT
    L1*1*45.00*CW*36900
    LX*2
    L1*2***7425****FUE****Fuel surcharge
    LX*3
    L1*3***4000****LFT****Liftgate
    L3*820*G***48325
"""
# A truckload carrier: one amount, no PRO but a load number, its name alone.
TRUCKLOAD = """
    B3**TL-9*LOAD-33*CC**20260307*125000****RDGR
    C3*USD
    N9*LO*LOAD-33
    N1*RE*Red Granite Trucking
    LX*1
    L5*1*Full truck
    L1*1*1250*FR*1250.00
    L3*****125000
"""
# A parcel carrier with an allowance and no currency.
PARCEL = """
    B3**PC-1**PP**20260307*900****PRCL
    N9*2I*1Z55512345
    LX*1
    L1*1***1000****400****Parcel
    LX*2
    L1*2***-100****DSC****Discount
    L3*****900
"""


UNIVERSAL = 'xmlns="http://www.cargowise.com/Schemas/Universal/2011/11" version="1.1"'


def charge_line(code: str, *, cost: str = "", sell: str = "", currency: str = "AUD", **others: str) -> str:
    """A ChargeLine of a job's costing."""
    sides = {"Cost": cost, "Sell": sell}
    amounts = "".join(
        f"<{side}OSAmount>{amount}</{side}OSAmount><{side}OSCurrency><Code>{currency}</Code></{side}OSCurrency>"
        for side, amount in sides.items()
        if amount
    )
    more = "".join(f"<{name}>{text}</{name}>" for name, text in others.items())
    return f"<ChargeLine><ChargeCode><Code>{code}</Code></ChargeCode>{amounts}{more}</ChargeLine>"


def job(number: str, lines: str, *, kind: str = "ForwardingShipment", more: str = "") -> str:
    """What stands in a Shipment."""
    return f"""
      <DataContext><DataSourceCollection><DataSource><Type>{kind}</Type><Key>{number}</Key></DataSource>
      </DataSourceCollection></DataContext>
      <TransportMode><Code>SEA</Code></TransportMode>
      <JobCosting><Currency><Code>AUD</Code></Currency>
      <ChargeLineCollection>{lines}</ChargeLineCollection></JobCosting>{more}"""


DETAILS = """
  <WayBillNumber>HBL-4411</WayBillNumber><WayBillType><Code>HWB</Code></WayBillType>
  <PortOfOrigin><Code>CNSHA</Code></PortOfOrigin><PortOfDestination><Code>AUSYD</Code></PortOfDestination>
  <ShipmentIncoTerm><Code>FOB</Code></ShipmentIncoTerm><GoodsDescription>Ceramic tiles</GoodsDescription>
  <TotalWeight>1240.5</TotalWeight><TotalWeightUnit><Code>KG</Code></TotalWeightUnit>
  <GoodsValue>18500.0000</GoodsValue><GoodsValueCurrency><Code>AUD</Code></GoodsValueCurrency>
  <ContainerCollection><Container><ContainerNumber>MSKU1234565</ContainerNumber></Container></ContainerCollection>
  <DateCollection><Date><Type>Departure</Type><Value>2026-03-04T00:00:00</Value></Date></DateCollection>
  <OrganizationAddressCollection>
    <OrganizationAddress><AddressType>ConsigneeDocumentaryAddress</AddressType>
      <OrganizationCode>BLUMOU</OrganizationCode><CompanyName>Blue Mountains Imports</CompanyName></OrganizationAddress>
    <OrganizationAddress><AddressType>Other</AddressType>
      <OrganizationCode>MSCSYD</OrganizationCode><CompanyName>MSC Sydney</CompanyName></OrganizationAddress>
  </OrganizationAddressCollection>
  <CustomizedFieldCollection><CustomizedField><Key>Colour</Key><Value>Blue</Value></CustomizedField>
  </CustomizedFieldCollection>"""
JOB_LINES = charge_line(
    "FRT", cost="1000.0000", sell="1450.0000", Description="Freight",
    Creditor="<Type>Organization</Type><Key>MSCSYD</Key>", Debtor="<Type>Organization</Type><Key>BLUMOU</Key>",
    CostAPInvoiceNumber="MSC-77", SellPostedTransactionNumber="00001234",
) + charge_line("DOC", sell="85.0000", Description="Documents", Debtor="<Key>BLUMOU</Key>")  # fmt: skip
SHIPMENT_XML = (
    f'<?xml version="1.0" encoding="utf-8"?><UniversalShipment {UNIVERSAL}><Shipment>'
    f"{job('S00012345', JOB_LINES, more=DETAILS)}</Shipment></UniversalShipment>"
)


def posting(code: str, amount: str, *, tax: str = "", key: str = "S00012345", rate: str = "") -> str:
    """A PostingJournal of a transaction."""
    taxed = f"<OSGSTVATAmount>{tax}</OSGSTVATAmount>" if tax else ""
    rated = f"<VATTaxID><TaxCode>X</TaxCode><TaxRate>{rate}</TaxRate></VATTaxID>" if rate else ""
    return (
        f"<PostingJournal><ChargeCode><Code>{code}</Code></ChargeCode><Description>{code} line</Description>"
        f"<Job><Type>Job</Type><Key>{key}</Key></Job><OSAmount>{amount}</OSAmount>"
        f"<OSCurrency><Code>AUD</Code></OSCurrency>{taxed}{rated}</PostingJournal>"
    )


def transaction(ledger: str, kind: str, number: str, journals: str, **totals: str) -> str:
    stated = "".join(f"<{name}>{amount}</{name}>" for name, amount in totals.items())
    return f"""<UniversalTransaction {UNIVERSAL}><TransactionInfo>
      <Ledger>{ledger}</Ledger><TransactionType>{kind}</TransactionType><Number>{number}</Number>
      <TransactionDate>2026-03-08T00:00:00</TransactionDate><IsCancelled>false</IsCancelled>
      <OrganizationAddress><AddressType>OFC</AddressType><OrganizationCode>MSCSYD</OrganizationCode>
        <CompanyName>MSC Sydney</CompanyName></OrganizationAddress>
      <OSCurrency><Code>AUD</Code></OSCurrency>{stated}
      <PostingJournalCollection>{journals}</PostingJournalCollection></TransactionInfo></UniversalTransaction>"""


# Payables are written below zero, as the ledger has them.
PAYABLE_XML = transaction(
    "AP", "INV", "MSC-901", posting("THC", "-300.00", tax="-30.00", rate="10") + posting("DOC", "-50.00", tax="-5.00"),
    OSExGSTVATAmount="-350.00", OSGSTVATAmount="-35.00", OSTotal="-385.00",
)  # fmt: skip
RECEIVABLE_XML = transaction("AR", "INV", "00001300", posting("STORAGE", "120.00", tax="12.00"), OSTotal="132.00")
INTERCHANGE_XML = (
    f"<UniversalInterchange {UNIVERSAL}><Header><SenderID>ACMESYD</SenderID><RecipientID>FB</RecipientID></Header>"
    f"<Body>{SHIPMENT_XML.partition('?>')[2]}{PAYABLE_XML}{RECEIVABLE_XML}</Body></UniversalInterchange>"
)
