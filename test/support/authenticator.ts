import { createHmac } from 'node:crypto';
import { type NewTotpDto, type RecoveryCodesDto } from '@latchkey/auth-models';
import { type ApiClient, type Headers } from './api-client.js';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const STEP_MILLISECONDS = 30_000;

/**
 * Returns the code of an authenticator app at a time, by default now. It shares no code with the server (RFC
 * 6238).
 */
export function currentCode(secret: string, time = Date.now()): string {
  let bits = 0n;
  for (const digit of secret) {
    bits = bits * 32n + BigInt(BASE32.indexOf(digit));
  }
  const key = Buffer.from(bits.toString(16).padStart((secret.length * 5) / 4, '0'), 'hex');
  const counter = Buffer.alloc(8);
  counter.writeUInt32BE(Math.floor(time / STEP_MILLISECONDS), 4);
  const mac = createHmac('sha1', key).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) % 16;
  const digits = (mac.readUInt32BE(offset) % 0x8000_0000).toString();
  return digits.slice(-6).padStart(6, '0');
}

/** Authenticator app of a user, with recovery codes. */
export interface Authenticator {
  id: string;
  /** Secret, as the user enters it into an app. */
  secret: string;
  /** Code that confirmed it. */
  firstCode: string;
  /** Returns the code at a time, by default the one after the code that confirmed it. */
  code(time?: number): string;
  recoveryCodes: string[];
}

/** Adds a second factor to the user of a fresh session. */
export async function enrol(client: ApiClient, headers: Headers): Promise<Authenticator> {
  const send = async <Body>(path: string, body?: object) => {
    const response = await client.request<Body>('POST', `/me/second-factors/${path}`, { body, headers });
    if (response.status >= 300) {
      throw new Error(`The enrolment returned ${response.status}: ${response.text}`);
    }
    return response.body;
  };
  const { id, secret } = await send<NewTotpDto>('totp');
  const confirmedTime = Date.now();
  const code = currentCode(secret, confirmedTime);
  const { codes } = await send<RecoveryCodesDto>(`${id}/confirm`, { code });
  return {
    id,
    secret,
    firstCode: code,
    code: (time = confirmedTime + STEP_MILLISECONDS) => currentCode(secret, time),
    recoveryCodes: codes,
  };
}
