/** Messages about certificates that no known authority signed. */
const UNTRUSTED = /self-signed certificate|unable to (?:get (?:local )?issuer|verify the first) certificate/;

/** OpenSSL's messages about an answer that is not TLS. */
const NOT_TLS = /wrong version number|packet length too long|http request/;

/** Explains the TLS errors that settings can fix. Returns `undefined` for other errors. */
export function explainTlsError(message: string): string | undefined {
  const [untrusted] = UNTRUSTED.exec(message) ?? [];
  if (untrusted !== undefined) {
    return `The certificate is not trusted: ${untrusted}. For your own authority, set NODE_EXTRA_CA_CERTS in the environment, not in .env.`;
  }
  return NOT_TLS.test(message) ? 'The port does not use TLS from the start.' : undefined;
}
