/** Every way in which a secret might be written, as bytes that a search reads as Latin-1. */
export function spellings(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [
    bytes.toString('latin1'),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
    Buffer.from(secret, 'utf16le').toString('latin1'),
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
  ];
}
