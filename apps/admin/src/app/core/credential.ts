/** Base64 of the UTF-8 bytes of a text; `btoa` alone takes Latin letters only. */
export function base64(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

/** The form in which a log-in takes a name and password, and every other request a user and token: RFC 7617. */
export function credential(user: string, secret: string): string {
  return base64(`${user}:${secret}`);
}
