import { isIP } from 'node:net';

/** Server that passkeys belong to (WebAuthn, section 5.4.2). */
export interface RelyingParty {
  /** Host name. */
  readonly id: string;
  /** Origin of the pages that may use the passkeys. */
  readonly origin: string;
}

/**
 * Returns the relying party of a public URL. Browsers accept neither addresses nor unencrypted pages, except
 * on `localhost`, which stands for the loopback address here as well.
 *
 * @returns `undefined` if passkeys cannot work with this URL.
 */
export function relyingPartyOf(publicUrl: string): RelyingParty | undefined {
  const url = new URL(publicUrl);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (/^(127\.|::1$)/.test(host) && isIP(host) !== 0) {
    url.hostname = 'localhost';
  }
  const { protocol, hostname: id, origin } = url;
  const isLocal = id === 'localhost' || id.endsWith('.localhost');
  const isName = !id.startsWith('[') && isIP(id) === 0;
  return isName && (isLocal || protocol === 'https:') ? { id, origin } : undefined;
}
