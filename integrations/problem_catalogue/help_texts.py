"""For the help page of each code: what lies behind it, and what to do, step by step."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HelpText:
    meaning: str
    steps: tuple[str, ...]


GOES_ON = "What was stopped by this goes on by itself once it is mended."
TRY_AGAIN = "Open the document and press Send again."

HELP: dict[str, HelpText] = {
    "FB-101": HelpText(
        "FreightBridge may only write into an organisation in Xero once somebody there has allowed it.",
        (
            "Open the connection and press Connect to Xero.",
            "Sign in there, choose the organisation and allow access.",
        ),
    ),
    "FB-102": HelpText(
        "Xero ends an authorisation when somebody disconnects FreightBridge there, when the person who allowed it "
        "leaves the organisation, or when it was not used for 60 days.",
        ("Open the connection and press Reconnect.", "Choose the same organisation as before.", GOES_ON),
    ),
    "FB-103": HelpText(
        "Xero was down, slow or busy when we called it. Nothing is lost and nothing is sent twice: where an answer is "
        "missing we first look whether the document is there.",
        ("Wait: the next try stands beside the document.", "If it lasts for hours, look at status.xero.com."),
    ),
    "FB-201": HelpText(
        "The sending rules hold a document whose customer has no contact in Xero, so that no second contact comes into "
        "being by mistake.",
        (
            "Match the customer with a contact, or write its code into the contact's Account Number in Xero.",
            "An admin may let FreightBridge create unknown customers instead, in the sending rules.",
            GOES_ON,
        ),
    ),
    "FB-202": HelpText(
        "Xero takes no new document for an archived contact.",
        ("Restore the contact in Xero, or match the customer with another one.", GOES_ON),
    ),
    "FB-203": HelpText(
        "The account number names the contact, and here it names more than one; we do not guess which is meant.",
        ("Match the customer with the right contact.", "Clear the account number of the others in Xero.", GOES_ON),
    ),
    "FB-204": HelpText(
        "Xero creates no contact without a name.",
        ("Open the customer and enter its name.", "Send the shipment again."),
    ),
    "FB-205": HelpText(
        "Names of contacts are unique in Xero. One of this name exists, but its account number is not this customer's.",
        (
            "If they are the same, match the customer with that contact.",
            "If not, change one of the names.",
            GOES_ON,
        ),
    ),
    "FB-206": HelpText(
        "A contact goes to Xero with the customer's details, and Xero checks that an e-mail address looks like one.",
        ("Open the customer and correct the address, or clear it.", TRY_AGAIN),
    ),
    "FB-301": HelpText(
        "Each line of an invoice stands on a ledger account; the mapping says which one, by the charge code.",
        ("Choose the account for the charge code.", GOES_ON),
    ),
    "FB-302": HelpText(
        "The account was archived or deleted in Xero after it was chosen here.",
        ("Choose another account, or restore it in Xero and press Refresh from Xero.", GOES_ON),
    ),
    "FB-303": HelpText(
        "Sales go to revenue accounts, costs to expense or asset accounts; system and bank accounts take no lines.",
        ("Choose an account of the right class for the charge code.", GOES_ON),
    ),
    "FB-304": HelpText(
        "Each tax code here becomes one of Xero's tax rates; for this one nobody has said which.",
        ("Choose the tax rate for the tax code.", GOES_ON),
    ),
    "FB-305": HelpText(
        "The tax rate was deleted in Xero after it was chosen here.",
        ("Choose another rate for the tax code.", GOES_ON),
    ),
    "FB-306": HelpText(
        "A tax rate in Xero says for which classes of accounts it may be used; this account is of another class.",
        ("Choose another rate for the tax code, or another account for the charge code.", GOES_ON),
    ),
    "FB-307": HelpText(
        "The invoice was calculated with one percentage and Xero would calculate with another, so the totals would "
        "differ.",
        ("Choose a rate of the same percentage.", "If the tax has changed, change the percentage of our tax code."),
    ),
    "FB-308": HelpText(
        "The charge code names an item, and Xero knows no item of this code.",
        ("Choose another item, or create it in Xero and press Refresh from Xero.", GOES_ON),
    ),
    "FB-309": HelpText(
        "A mapping line may name a tax rate of its own. This one is deleted in Xero, or Xero does not allow it on the "
        "line's account.",
        ("Open the line and choose another rate, or none, so that the tax code decides.", GOES_ON),
    ),
    "FB-310": HelpText(
        "A tracking rule puts every line it fits under a category and an option. Xero has no such option, or has "
        "archived it.",
        ("Choose an option that Xero has, or restore it there and press Refresh from Xero.", GOES_ON),
    ),
    "FB-311": HelpText(
        "Somebody entered the item in Xero after we last read the list, so creating it was refused.",
        ("Press Refresh from Xero on the page of items.", GOES_ON),
    ),
    "FB-401": HelpText(
        "An invoice needs a customer, a currency, dates, and charges with an amount; something of this is not there "
        "yet. The sentence beside the code says what.",
        ("Open the shipment and fill in the field that is marked.", "It becomes Ready by itself."),
    ),
    "FB-402": HelpText(
        "An organisation in Xero only takes the currencies that it has subscribed to.",
        (
            "Add the currency in Xero: Settings, Currencies.",
            "Press Refresh from Xero on the page of currencies.",
            GOES_ON,
        ),
    ),
    "FB-403": HelpText(
        "The books of that day are closed in Xero, and no document may be dated before the lock date.",
        ("Give the document a later date, or have the lock date moved in Xero.", "Then press Refresh from Xero."),
    ),
    "FB-405": HelpText(
        "Rebates exceed the charges. Xero takes that as a credit note only.",
        ("Raise a credit note for the difference, or bill the rebate together with other charges.",),
    ),
    "FB-407": HelpText(
        "The number holds signs that Xero does not take, or too many of them.",
        ("Correct the number of the supplier's invoice, among the charges of the shipment.", TRY_AGAIN),
    ),
    "FB-409": HelpText(
        "Rates of exchange are counted against the base currency; with two different ones every amount would be wrong.",
        (
            "Check that the right organisation is connected.",
            "If it is, choose a billing entity that counts in its currency.",
        ),
    ),
    "FB-410": HelpText(
        "Numbers are given here, one after the other, and each stands once in Xero. Somebody there, or another system, "
        "has used numbers that our series would come to, so it gives none until that is settled.",
        (
            "Open the number series and press the button that lets it begin behind the highest number in Xero.",
            "Or give it a prefix of its own, so that the two never meet.",
            GOES_ON,
        ),
    ),
    "FB-501": HelpText(
        "Xero refused the document for a reason that we have no words of our own for. Its own words stand below ours.",
        ("Read Xero's words and mend what they name.", TRY_AGAIN, "If it stays unclear, press Copy for support."),
    ),
    "FB-502": HelpText(
        "Somebody has used this number in Xero for another document; ours is not there yet.",
        (
            "Look in Xero whether the other one is the same invoice entered by hand.",
            "If so, take ours back or mark the shipment as do not send; if not, have the other one renumbered.",
            TRY_AGAIN,
        ),
    ),
    "FB-503": HelpText(
        "The sending rules say how far a document goes: draft, awaiting approval or approved. Xero did not take this "
        "one in the status asked for.",
        ("Choose another status in the sending rules.", TRY_AGAIN),
    ),
    "FB-504": HelpText(
        "After sending we compare what Xero holds with what we sent. Here they differ, so it was not approved.",
        ("Compare the figures on the document's page.", "Mend the mapping or the charge that makes the difference."),
    ),
    "FB-505": HelpText(
        "Some plans of Xero's allow only so many approved invoices a month.",
        ("Send drafts meanwhile: change the sending rules.", "Or have the plan changed in Xero."),
    ),
    "FB-506": HelpText(
        "Xero changes no document that was paid, voided or deleted.",
        ("Raise a credit note for the difference, or a new invoice.",),
    ),
    "FB-507": HelpText(
        "A person in Xero took the draft away while it was on its way. We do not bring it back unasked.",
        ("Find out in Xero who did it and why.", TRY_AGAIN),
    ),
    "FB-508": HelpText(
        "A document that money stands against cannot be voided in Xero.",
        ("Remove the payments and credits from it in Xero.", "Then try again here."),
    ),
    "FB-509": HelpText(
        "We look for our own mark in Xero before we send anything a second time, and found it more than once.",
        ("Compare the documents in Xero.", "Void what is too much.", TRY_AGAIN),
    ),
    "FB-510": HelpText(
        "A call that Xero answered too late has left a second document, and somebody has approved or paid it since.",
        (
            "Compare the two in Xero and void the one that is wrong.",
            "Settle the difference under Reconciliation.",
        ),
    ),
    "FB-511": HelpText(
        "The document is in a file that was made for Xero's own import. Sent as well, it would stand there twice.",
        (
            "Look in Xero whether the file was imported.",
            "If it was not, open the document and press Send anyway; if it was, find it under Already in Xero.",
        ),
    ),
    "FB-512": HelpText(
        "The document was removed in Xero, or another organisation is connected now than the one it was sent to.",
        (
            "Look in Xero whether it is there, and whether the right organisation is connected.",
            "Give the document up here if it is gone for good; else try again.",
        ),
    ),
    "FB-513": HelpText(
        "A payment or another credit has come in between, so less is owed than we wanted to set against it.",
        (
            "Press Check payments now on the connection, and look what is still owed.",
            "Set the rest of the credit against another invoice in Xero.",
        ),
    ),
    "FB-601": HelpText(
        "The document itself is not affected: only its PDF is missing, and making it is tried again.",
        ("Wait a few minutes.", "If it stays, open the document and copy the reason for support."),
    ),
    "FB-602": HelpText(
        "We tried as often as makes sense. Nothing is lost; a person has to look at it.",
        ("Press Copy for support and write to us.", "Support finds every try by the support code."),
    ),
    "FB-603": HelpText(
        "Each document carries a link back to it. Xero takes only links that work on the web; ours is set wrong.",
        ("Press Copy for support and write to us: PUBLIC_BASE_URL of the installation must be corrected.", TRY_AGAIN),
    ),
}
