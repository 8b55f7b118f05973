import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Seconds for which a code is current. All authenticator apps support this, six digits and SHA-1. */
const STEP_SECONDS = 30;
const DIGITS = 6;
/** As long as an HMAC-SHA-1 (RFC 4226, section 4). */
const SECRET_BYTES = 20;
/** Steps by which the clock of an authenticator may differ (RFC 6238, section 5.2). */
const SKEW = 1;

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const FORM = new RegExp(`^[0-9]{${DIGITS}}$`);

export function createTotpSecret(): Buffer {
  return randomBytes(SECRET_BYTES);
}

/** Encodes a secret in Base32 (RFC 4648, section 6). The number of its bytes is a multiple of five. */
export function toBase32(secret: Buffer): string {
  const bits = [...secret].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{5}/g) ?? []).map((digit) => BASE32[Number.parseInt(digit, 2)]).join('');
}

/** Returns the URI that authenticator apps read from a QR code. */
export function totpUri(userName: string, secret: Buffer): string {
  return `otpauth://totp/Latchkey:${encodeURIComponent(userName)}?secret=${toBase32(secret)}&issuer=Latchkey`;
}

/** Returns the digits of a code: ASCII only, spaces removed. `undefined` if the text is not a code. */
export function parseTotp(text: string): string | undefined {
  const code = text.replaceAll(' ', '');
  return FORM.test(code) ? code : undefined;
}

/** Returns the time step of an instant in epoch milliseconds. */
export function stepAt(time: number): number {
  return Math.floor(time / 1_000 / STEP_SECONDS);
}

/** Returns the code of a time step (RFC 6238, with the truncation of RFC 4226, section 5.3). */
export function totpAt(secret: Buffer, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', secret).update(counter).digest();
  const number = mac.readUInt32BE((mac[mac.length - 1] as number) & 0xf) & 0x7fff_ffff;
  return String(number % 10 ** DIGITS).padStart(DIGITS, '0');
}

/**
 * Returns the time step of a code, if it is that of now, or of the step before or after.
 *
 * @param after last accepted step: a code of this step or an earlier one is not accepted again.
 */
export function findStep(secret: Buffer, code: string, now: number, after: number): number | undefined {
  const current = stepAt(now);
  const matching = [-SKEW, 0, SKEW]
    .map((offset) => current + offset)
    .filter((step) => timingSafeEqual(Buffer.from(totpAt(secret, step)), Buffer.from(code)));
  return matching.find((step) => step > after);
}
