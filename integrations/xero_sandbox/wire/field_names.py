"""The property names of Xero's OpenAPI file (xero_accounting.yaml) that a client may send, in Xero's own case.

Xero takes any case on the way in; whatever came is known under these names afterwards.
"""

NAMES = """
AccountCode AccountID AccountName AccountNumber AccountsPayableTaxType AccountsReceivableTaxType Accounts Account
AddToWatchlist AddressLine1 AddressLine2 AddressLine3 AddressLine4 AddressType Addresses AllocationID Allocations
Amount AppliedAmount AttachmentID Attachments AttentionTo Balances BankAccountDetails BankAccountNumber
BankAccountType BankAmount BatchPayments Bills BrandingTheme BrandingThemeID Changes City Class Code CompanyNumber
COGSAccountCode Contact ContactGroupID ContactGroups ContactID ContactNumber ContactPersons ContactStatus Contacts
ContentLength Country CreditNote CreditNoteID CreditNoteNumber CreditNotes Currencies Currency CurrencyCode
CurrencyRate Date DateString DateUTC Day DefaultCurrency Description Details Discount DiscountAmount DiscountRate
DueDate DueDateString EmailAddress EnablePaymentsToAccount EnteredTotal ExpectedPaymentDate ExpiryDate
ExpiryDateString FileName FirstName FullyPaidOnDate HasAccount HasAttachments HasErrors HasValidationErrors
HistoryRecords ID IncludeInEmails IncludeOnline InventoryAssetAccountCode Invoice InvoiceAddresses InvoiceID
InvoiceNumber Invoices IsCompound IsCustomer IsDeleted IsDiscounted IsNonRecoverable IsPurchased IsReconciled IsSold
IsSupplier IsTrackedAsInventory Item ItemCode ItemID Items LastName LegalName LineAmount LineAmountTypes LineItemID
LineItems LogoUrl MimeType Name Option Options OrganisationID Organisations Overpayment OverpaymentID Overpayments
Particulars PaymentID PaymentServices PaymentTerms PaymentType Payments PhoneAreaCode PhoneCountryCode PhoneNumber
PhoneType Phones PlannedPaymentDate PostalCode Prepayment PrepaymentID Prepayments PurchaseDescription
PurchaseDetails PurchasesDefaultAccountCode PurchasesDefaultLineAmountType PurchasesTrackingCategories Quantity
QuoteID QuoteNumber Quotes Rate Reference Region RemainingCredit RepeatingInvoiceID ReportTaxType ReportingCode
RoundingAmount Sales SalesDefaultAccountCode SalesDefaultLineAmountType SalesDetails SalesTrackingCategories
SentToContact ShowInExpenseClaims Status StatusAttributeString SubTotal Summary SystemAccount TaxAmount TaxComponents
TaxNumber TaxNumberType TaxRate TaxRates TaxType Terms Title Total TotalDiscount TotalTax Tracking TrackingCategories
TrackingCategoryID TrackingCategoryName TrackingCategoryOption TrackingOptionID Type UnitAmount UnitPrice
UpdatedDateUTC UpdatedDateUTCString Url ValidationErrors Warnings Website XeroNetworkKey
"""

CANONICAL = {name.lower(): name for name in NAMES.split()}
