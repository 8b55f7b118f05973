/** How every token begins. */
const PREFIX = 'lk_';
/** A token, or as much of one as its last four characters can be told of. */
const TOKEN = /lk_[^\s'"]*?([0-9A-Za-z]{4})(?![0-9A-Za-z])/;

/** A text that has no place in a URL, where histories and logs would keep it. */
export interface PastedSecret {
  /** The characters that its token is known by; `null` if it is too short to have them. */
  readonly lastFour: string | null;
}

/** Looks for a token in what was typed or pasted, bare or as the value of `X-Auth-Token`; `null` if there is none. */
export function pastedSecret(text: string): PastedSecret | null {
  const plain = text.includes(PREFIX) ? text : decoded(text);
  if (!plain.includes(PREFIX)) {
    return null;
  }
  return { lastFour: TOKEN.exec(plain)?.[1] ?? null };
}

/** What base64 in a text stands for, if there is any. */
function decoded(text: string): string {
  const [base64 = ''] = /[\w+/-]{16,}/.exec(text) ?? [];
  try {
    return atob(base64.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    // Not base64 after all.
    return '';
  }
}
