import { isTokenSecret } from '../../platform/crypto/secrets.js';
import { parseTokenText } from '../credentials/token-credentials.js';

/** End of a token: the last underscore of its prefix, and the 33 characters after it. */
const END_OF_TOKEN = /_[0-9A-Za-z]{33}/g;
/** Characters of a prefix before its last underscore. */
const PREFIX_MIN = 5;
const PREFIX_MAX = 10;
/** Value of `X-Auth-Token`, which has at least 54 characters before the padding. */
const PAIR = /[0-9A-Za-z+/_-]{54,}={0,2}/g;
const PAIR_MAX_LENGTH = 200;

/**
 * Returns the secrets of the tokens, and of the values for `X-Auth-Token`, in a text. Only those with a valid
 * checksum count, so that lookalikes do not fill a report.
 */
export function tokensIn(text: string): string[] {
  const found = new Set<string>();
  for (const { 0: end, index } of text.matchAll(END_OF_TOKEN)) {
    const secret = parseReported(text.slice(Math.max(0, index - PREFIX_MAX), index) + end);
    if (secret !== undefined) {
      found.add(secret);
    }
  }
  for (const [pair] of text.matchAll(PAIR)) {
    const secret = pair.length <= PAIR_MAX_LENGTH ? parseTokenText(pair)?.secret : undefined;
    if (secret !== undefined) {
      found.add(secret);
    }
  }
  return [...found];
}

/**
 * Returns the secret of a token, of a value for `X-Auth-Token`, or of a text that ends with a token;
 * `undefined` for other texts. The prefix of a token can follow other letters, so the checksum decides where
 * it begins.
 */
export function parseReported(text: string): string | undefined {
  const secret = parseTokenText(text)?.secret;
  if (secret !== undefined) {
    return secret;
  }
  const digits = text.lastIndexOf('_');
  for (let length = PREFIX_MIN; length <= Math.min(PREFIX_MAX, digits); length += 1) {
    const token = text.slice(digits - length);
    if (isTokenSecret(token)) {
      return token;
    }
  }
  return undefined;
}
