// The SDK's own way: consent, code, tokens with a verified id_token, tenants, documents, refresh, disconnect.
// Prints the consent address, reads the callback address from standard input, prints what it saw as JSON.
const readline = require('node:readline');
const { XeroClient } = require(process.env.XERO_NODE);

const scopes = 'openid profile email offline_access accounting.invoices accounting.contacts accounting.settings '
  + 'accounting.attachments';
const xero = new XeroClient({
  clientId: 'sandbox-client',
  clientSecret: 'sandbox-secret',
  redirectUris: ['http://localhost:8000/xero/callback'],
  scopes: scopes.split(' '),
  state: 'from-node',
});

const line = { description: 'Freight', quantity: 2, unitAmount: 10.5, accountCode: '200' };
const invoice = {
  type: 'ACCREC',
  contact: { name: 'Coral Coast Imports' },
  lineItems: [line],
  date: '2026-11-20',
  dueDate: '2026-12-20',
  status: 'AUTHORISED',
};

async function walk(callback) {
  const tokens = await xero.apiCallback(callback);
  const claims = tokens.claims();
  const [tenant] = await xero.updateTenants();
  const id = tenant.tenantId;
  const api = xero.accountingApi;
  const created = await api.createInvoices(id, { invoices: [invoice] }, false, 4, 'node-key');
  const replayed = await api.createInvoices(id, { invoices: [invoice] }, false, 4, 'node-key');
  const made = created.body.invoices[0];
  const listed = await api.getInvoices(id, new Date('2026-01-01'), 'Type=="ACCREC"', 'UpdatedDateUTC DESC', undefined,
    undefined, undefined, ['AUTHORISED'], 1);
  const fetched = await api.getInvoice(id, made.invoiceID);
  const contacts = await api.getContacts(id, undefined, 'AccountNumber=="CORAL02"');
  const quote = await api.createQuotes(id, { quotes: [{ contact: invoice.contact, date: '2026-11-20', lineItems: [line] }] });
  const attached = await api.createInvoiceAttachmentByFileName(id, made.invoiceID, 'a.pdf', Buffer.from('%PDF-1.4'), true);
  let refusal;
  try {
    await api.createInvoices(id, { invoices: [{ ...invoice, currencyCode: 'JPY' }] });
  } catch (error) {
    refusal = JSON.parse(error).response.body.Elements[0].ValidationErrors[0].Message;
  }
  const before = tokens.refresh_token;
  const refreshed = await xero.refreshToken();
  await xero.disconnect(tenant.id);
  return {
    claims: { iss: claims.iss, aud: claims.aud, email: claims.email, has_hash: Boolean(claims.at_hash) },
    tenant: tenant.tenantName,
    organisation: tenant.orgData.baseCurrency,
    total: made.total,
    sameTwice: replayed.body.invoices[0].invoiceID === made.invoiceID,
    listed: listed.body.invoices.length,
    date: fetched.body.invoices[0].date,
    contact: contacts.body.contacts[0].name,
    quote: quote.body.quotes[0].quoteNumber,
    attachment: attached.body.attachments[0].mimeType,
    refusal,
    rotated: refreshed.refresh_token !== before,
  };
}

async function main() {
  console.log(await xero.buildConsentUrl());
  const input = readline.createInterface({ input: process.stdin });
  const [callback] = await new Promise((resolve) => input.once('line', (text) => resolve([text])));
  input.close();
  console.log(JSON.stringify(await walk(callback)));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
