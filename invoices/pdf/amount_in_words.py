"""
A total in English words, as banks and tax offices read it. Pure.

No library does it for every currency: num2words 0.5.14 knows the English names of 30, and neither the yen nor the
dirham is among them. So the names are CLDR's, by Babel, and only the names of the coins are kept here.
"""

from decimal import Decimal

from babel.numbers import get_currency_name, get_currency_precision

LOCALE = "en"
ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
SCALES = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (10**3, "thousand"), (100, "hundred"))
# One and many; a currency that is not here has its parts written as a fraction: 50/100.
CENT = ("cent", "cents")
CENTAVO = ("centavo", "centavos")
FILS = ("fils", "fils")
ORE = ("øre", "øre")
CENT_CURRENCIES = (
    "AUD", "BBD", "BMD", "BND", "BSD", "BZD", "CAD", "EUR", "FJD", "GYD", "HKD", "JMD", "KES", "LKR", "MUR", "NAD",
    "NZD", "SBD", "SGD", "TTD", "TWD", "USD", "XCD", "ZAR",
)  # fmt: skip
COINS = {
    **dict.fromkeys(CENT_CURRENCIES, CENT),
    **dict.fromkeys(["ARS", "BRL", "COP", "GTQ", "MXN", "PHP"], CENTAVO),
    **dict.fromkeys(["AED", "BHD", "IQD", "JOD", "KWD"], FILS),
    **dict.fromkeys(["DKK", "NOK"], ORE),
    **dict.fromkeys(["INR", "NPR", "PKR"], ("paisa", "paise")),
    "BGN": ("stotinka", "stotinki"),
    "CHF": ("centime", "centimes"), "CNY": ("fen", "fen"), "CZK": ("heller", "hellers"),
    "EGP": ("piastre", "piastres"), "GBP": ("penny", "pence"), "GHS": ("pesewa", "pesewas"), "IDR": ("sen", "sen"),
    "ILS": ("agora", "agorot"), "MAD": CENT, "MYR": ("sen", "sen"), "NGN": ("kobo", "kobo"), "OMR": ("baisa", "baisa"),
    "PEN": ("céntimo", "céntimos"), "PGK": ("toea", "toea"), "PLN": ("grosz", "groszy"), "QAR": ("dirham", "dirhams"),
    "RON": ("ban", "bani"), "SAR": ("halala", "halalas"), "SEK": ORE, "THB": ("satang", "satang"),
    "TND": ("millime", "millimes"), "TRY": ("kuruş", "kuruş"), "UAH": ("kopiyka", "kopiyky"),
}  # fmt: skip


def amount_in_words(amount: Decimal, currency: str) -> str:
    """1234.50 in USD: One thousand two hundred thirty-four US dollars and 50 cents. Up to four decimals."""
    whole, rest = divmod(abs(amount), 1)
    name = get_currency_name(currency, count=1 if whole == 1 else 2, locale=LOCALE)
    words = f"{'minus ' if amount < 0 else ''}{in_words(int(whole))} {name}{_coins(rest, currency)}"
    return words[0].upper() + words[1:]


def in_words(number: int) -> str:
    """A number from 0 on, in the American way: one thousand two hundred thirty-four."""
    if number < len(ONES):
        return ONES[number]
    for scale, name in SCALES:
        if number >= scale:
            count, rest = divmod(number, scale)
            return f"{in_words(count)} {name}" + (f" {in_words(rest)}" if rest else "")
    tens, ones = divmod(number, 10)
    return TENS[tens] + (f"-{ONES[ones]}" if ones else "")


def _coins(rest: Decimal, currency: str) -> str:
    """Nothing where there are none; a currency without coins, or in parts of them, is written as a fraction."""
    if not rest:
        return ""
    parts = 10 ** get_currency_precision(currency)
    count = rest * parts
    if currency not in COINS or count % 1:
        return f" and {(rest * 100).normalize():02f}/100"
    one, many = COINS[currency]
    return f" and {int(count)} {one if count == 1 else many}"
