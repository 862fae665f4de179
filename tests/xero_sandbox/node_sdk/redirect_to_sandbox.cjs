// Loaded before the SDK: whatever goes to one of Xero's hosts goes to the sandbox, under Xero's own host name.
const http = require('node:http');
const https = require('node:https');

const sandbox = new URL(process.env.SANDBOX_URL);
const toXero = https.request;

https.request = function request(...given) {
  const callback = typeof given.at(-1) === 'function' ? given.pop() : undefined;
  const address = typeof given[0] === 'string' || given[0] instanceof URL ? new URL(given.shift()) : undefined;
  const options = { ...given[0] };
  const host = address ? address.hostname : options.hostname || options.host;
  if (!host.endsWith('.xero.com')) {
    return address ? toXero(address, options, callback) : toXero(options, callback);
  }
  return http.request(
    {
      ...options,
      protocol: 'http:',
      hostname: sandbox.hostname,
      host: sandbox.hostname,
      port: sandbox.port,
      path: address ? address.pathname + address.search : options.path,
      headers: { ...options.headers, Host: host },
      agent: undefined,
    },
    callback,
  );
};
