"""What a click did that gave documents up, in the sentence that the person reads."""

from invoices.models import Invoice
from invoices.workflows.give_up_invoice import GivenUp
from invoices.workflows.mark_do_not_send import Marked

MOST_NAMED = 5


def given_up_words(invoice: Invoice, given_up: GivenUp) -> str:
    if given_up.is_change:
        return f"The change of {invoice} is given up; what Xero holds stays as it is."
    if given_up.is_asked:
        return f"{invoice} is being given up: Xero is asked first what it holds, and a draft there is deleted."
    return f"{invoice} is given up; its charges can be invoiced again."


def marked_words(marked: Marked, *, is_marked: bool) -> str:
    done = "marked as do not send" if is_marked else "can be sent again"
    sentences = [f"{_counted(marked.count, 'shipment')} {done}."]
    if marked.invoices.count:
        sentences.append(f"{_counted(marked.invoices.count, 'invoice')} given up.")
    if marked.invoices.stay:
        sentences.append(f"In Xero already, and skipped: {_some(marked.invoices.stay)}.")
    return " ".join(sentences)


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _some(numbers: tuple[str, ...]) -> str:
    rest = len(numbers) - MOST_NAMED
    return ", ".join(numbers[:MOST_NAMED]) + (f" and {rest} more" if rest > 0 else "")
