import { TOKEN_PATTERN, TOKEN_PREFIX_DEFAULT } from '@latchkey/auth-models/lists';

/** A token with any prefix, or the beginning of one with the default prefix. */
const START = new RegExp(`${TOKEN_PREFIX_DEFAULT}|${TOKEN_PATTERN.source}`);
/** Prefix of a token, and enough of the rest to have its last four characters. */
const TOKEN = /([A-Za-z][A-Za-z0-9_]{4,9}_)[^\s'"]*?([0-9A-Za-z]{4})(?![0-9A-Za-z])/;

/** The preview of a token as the console shows it, which is no secret. */
const PREVIEW = /^[A-Za-z][A-Za-z0-9_]*_(?:…|\.\.\.)[0-9A-Za-z]{0,4}$/;

/** Whether a text is the preview of a token. */
export function isPreview(text: string): boolean {
  return PREVIEW.test(text.trim());
}

/** A pasted token, which must not get into a URL, because histories and logs would store it. */
export interface PastedSecret {
  /** Its last four characters; `null` if it is too short. */
  readonly lastFour: string | null;
  /** Its prefix and last four characters, as lists show it. */
  readonly preview: string | null;
}

/** Finds a token in an input, bare or as an `X-Auth-Token` value; `null` if there is none. */
export function pastedSecret(text: string): PastedSecret | null {
  if (isPreview(text)) {
    return null;
  }
  const plain = START.test(text) ? text : decoded(text);
  if (!START.test(plain)) {
    return null;
  }
  const [, prefix, lastFour] = TOKEN.exec(plain) ?? [];
  return lastFour === undefined
    ? { lastFour: null, preview: null }
    : { lastFour, preview: `${prefix}…${lastFour}` };
}

/** Decodes base64 in a text, if there is any. */
function decoded(text: string): string {
  const [base64 = ''] = /[\w+/-]{16,}/.exec(text) ?? [];
  try {
    return atob(base64.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    // Not base64.
    return '';
  }
}
