/** Prefix of all tokens. */
const PREFIX = 'lk_';
/** A token, or enough of one to have its last four characters. */
const TOKEN = /lk_[^\s'"]*?([0-9A-Za-z]{4})(?![0-9A-Za-z])/;

/** A pasted token, which must not get into a URL, because histories and logs would store it. */
export interface PastedSecret {
  /** Its last four characters; `null` if it is too short. */
  readonly lastFour: string | null;
}

/** Finds a token in an input, bare or as an `X-Auth-Token` value; `null` if there is none. */
export function pastedSecret(text: string): PastedSecret | null {
  const plain = text.includes(PREFIX) ? text : decoded(text);
  if (!plain.includes(PREFIX)) {
    return null;
  }
  return { lastFour: TOKEN.exec(plain)?.[1] ?? null };
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
