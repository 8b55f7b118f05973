import { pastedSecret } from '../filters/pasted-secret';

/** A trace id in the body of an error, or in the header of a response. */
const LABELLED = /(?:"?traceId"?|X-Request-Id)\s*[:=]\s*"?([^\s",}]+)/i;
const TOKEN_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Returns the trace id in a pasted text, which can be a whole error or a line of its header. */
export function traceIdIn(text: string): string {
  return LABELLED.exec(text)?.[1] ?? text.trim();
}

export interface TokenQuery {
  readonly tokenId?: string;
  readonly tokenPreview?: string;
}

/**
 * Returns the parameters for the id, the preview or the secret of a token. Of a secret they contain the
 * preview only.
 */
export function tokenQuery(text: string): TokenQuery {
  if (TOKEN_ID.test(text)) {
    return { tokenId: text };
  }
  const secret = pastedSecret(text);
  const tokenPreview = secret ? secret.preview : text.replace('...', '…');
  return tokenPreview === null ? {} : { tokenPreview };
}
