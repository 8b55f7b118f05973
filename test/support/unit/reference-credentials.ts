// Independent implementations of the credential formats, which property tests compare with the server's.

/** Decoded `base64(name:secret)`. */
export interface ReferencePair {
  name: string;
  secret: string;
}

const STANDARD = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const URL_SAFE = STANDARD.replace('+/', '-_');

/** Digits of both base64 alphabets. */
export const BASE64_DIGITS = `${STANDARD}-_`;

/** Digits of a token's secret. */
export const BASE62_DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Decodes base64 (RFC 4648) strictly: one alphabet, correct padding or none, no stray bits. */
function referenceBase64(text: string): Buffer | null {
  const digits = text.replace(/=*$/, '');
  const padding = text.length - digits.length;
  const alphabet = [STANDARD, URL_SAFE].find((all) => [...digits].every((digit) => all.includes(digit)));
  const rest = (digits.length * 6) % 8;
  if (!alphabet || digits === '' || rest >= 6 || (padding > 0 && padding !== (4 - (digits.length % 4)) % 4)) {
    return null;
  }
  const bits = [...digits].map((digit) => alphabet.indexOf(digit).toString(2).padStart(6, '0')).join('');
  const whole = bits.slice(0, bits.length - rest);
  if (bits.slice(whole.length).includes('1')) {
    return null;
  }
  return Buffer.from((whole.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
}

/** Decodes `base64(name:secret)` as specified. Returns `null` for any other text. */
export function referencePair(text: string): ReferencePair | null {
  const bytes = referenceBase64(text);
  let pair: string;
  try {
    pair = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes ?? Buffer.of(0xff));
  } catch {
    return null;
  }
  const hasControl = [...pair].some((character) => {
    const code = character.codePointAt(0) ?? 0;
    return code < 0x20 || (code >= 0x7f && code <= 0x9f);
  });
  const [name = '', ...secret] = pair.split(':');
  return hasControl || secret.length === 0 || name === '' ? null : { name, secret: secret.join(':') };
}

/** Returns all base64 encodings of bytes: both alphabets, with and without padding. */
export function base64Variants(bytes: Uint8Array): string[] {
  const padded = Buffer.from(bytes).toString('base64');
  const variants = [padded, padded.replaceAll('+', '-').replaceAll('/', '_')];
  return [...variants, ...variants.map((variant) => variant.replace(/=+$/, ''))];
}

/**
 * Whether a text has the format of a token's secret: a prefix, 27 digits of base62, and the CRC-32 of both in
 * 6 digits.
 */
export function isReferenceSecret(text: string): boolean {
  const [, start, checksum] =
    /^([A-Za-z][A-Za-z0-9_]{4,9}_[0-9A-Za-z]{27})([0-9A-Za-z]{6})$/.exec(text) ?? [];
  return start !== undefined && checksum === referenceChecksum(start);
}

/** Returns the token secret that starts with these digits, so that failures are reproducible. */
export function referenceSecret(start: string): string {
  const text = `latchkey_${start.padEnd(27, '0')}`;
  return text + referenceChecksum(text);
}

/** Returns the CRC-32 of a text in six digits of base62. */
function referenceChecksum(text: string): string {
  let crc = 0xffffffff;
  for (const byte of Buffer.from(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) {
      crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    }
  }
  let rest = (crc ^ 0xffffffff) >>> 0;
  return Array.from({ length: 6 }, () => {
    const digit = BASE62_DIGITS.charAt(rest % 62);
    rest = Math.floor(rest / 62);
    return digit;
  })
    .reverse()
    .join('');
}
