import { type IncomingHttpHeaders } from 'node:http';
import { FIELDS } from '../../common/request/header-fields.js';
import { STARTS_LIKE_TOKEN } from '../../platform/crypto/secrets.js';
import { decodePair } from './decode-pair.js';

/** A token, possibly damaged. */
const LIKE_BEARER = /^bearer +[a-z]\w{4,9}_/i;
const LIKE_BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;
/** One less than the base64 digits of the shortest pair of name and token with the default prefix. */
const PAIR_DIGITS = 58;

const NO_TOKEN =
  'No credentials were sent. Log in with POST /auth/login, and send the token in X-Auth-Token.';
const TOKEN_FORM =
  'The credentials are malformed or incomplete. X-Auth-Token takes base64(user:token). Authorization: Bearer takes the token.';
const UNKNOWN_SCHEME =
  'Authorization takes Bearer and the token. Other schemes are not accepted. X-Auth-Token takes base64(user:token).';
const BASIC_ELSEWHERE =
  'Authorization: Basic is for POST /auth/login only. Log in there, and send the token in X-Auth-Token.';
const NO_BASIC =
  'No name and password were sent. Send Authorization: Basic base64(name:password), not a body.';
const NOT_BASIC = 'This route accepts Authorization: Basic base64(name:password), and no other scheme.';
const BASIC_FORM = 'Authorization: Basic takes base64(name:password) in UTF-8, without control characters.';
const LINE_BREAK = 'The encoded text ends with a line break, which echo adds. Use printf instead.';

/**
 * Returns what is wrong with the syntax of token credentials; `undefined` if it looks right. The hint depends
 * on the syntax only, so it reveals nothing about existing users and tokens.
 */
export function tokenHint({
  [FIELDS.xAuthToken]: given,
  authorization,
}: IncomingHttpHeaders): string | undefined {
  if (given !== undefined) {
    return xAuthTokenHint(String(given));
  }
  if (authorization === undefined) {
    return NO_TOKEN;
  }
  if (/^basic\b/i.test(authorization)) {
    return BASIC_ELSEWHERE;
  }
  if (!/^bearer\b/i.test(authorization)) {
    return UNKNOWN_SCHEME;
  }
  return LIKE_BEARER.test(authorization) ? undefined : TOKEN_FORM;
}

/** Returns what is wrong with the syntax of Basic credentials; `undefined` if it looks right. */
export function basicHint(authorization = ''): string | undefined {
  const [, encoded] = /^basic\b *(.*)$/i.exec(authorization) ?? [];
  if (encoded === undefined) {
    return authorization === '' ? NO_BASIC : NOT_BASIC;
  }
  if (decodePair(encoded)) {
    return undefined;
  }
  return endsWithLineBreak(encoded) ? LINE_BREAK : BASIC_FORM;
}

function xAuthTokenHint(given: string): string | undefined {
  if (decodePair(given)) {
    return undefined;
  }
  if (endsWithLineBreak(given)) {
    return LINE_BREAK;
  }
  // Possibly damaged credentials get the same response as all other invalid ones.
  const mayBeDamaged =
    LIKE_BASE64.test(given) && given.length >= PAIR_DIGITS && !STARTS_LIKE_TOKEN.test(given);
  return mayBeDamaged ? undefined : TOKEN_FORM;
}

/** Whether a text is a base64 pair, apart from a trailing line break. */
function endsWithLineBreak(text: string): boolean {
  const decoded = LIKE_BASE64.test(text) ? Buffer.from(text, 'base64').toString('utf8') : '';
  return /[\r\n]$/.test(decoded) && decodePair(Buffer.from(decoded.trimEnd()).toString('base64')) !== null;
}
