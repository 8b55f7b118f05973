import { type IncomingHttpHeaders } from 'node:http';
import { decodePair } from './decode-pair.js';

/** A token's value, whole or damaged. */
const LIKE_BEARER = /^bearer +lk_/i;
const LIKE_BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;
/** Base64 digits of the shortest pair of a name and a token, less one. */
const PAIR_DIGITS = 50;

const NO_TOKEN = 'No credentials were sent: log in with POST /auth/login and send its token in X-Auth-Token.';
const TOKEN_FORM = 'X-Auth-Token takes base64(user:token); Authorization: Bearer takes the token alone.';
const BASIC_ELSEWHERE =
  'Authorization: Basic is for POST /auth/login alone: log in there, and send its token in X-Auth-Token.';
const NO_BASIC =
  'No name and password were sent: this takes them as Authorization: Basic base64(name:password), and not in the body.';
const BASIC_FORM =
  'Authorization: Basic takes base64(name:password), in UTF-8 and without control characters.';
const LINE_END =
  'What was encoded in base64 ends with a line end, which echo adds; encode it without, as printf does.';

/**
 * What is wrong with the form of a request that should carry a token; `undefined` if that looks right. It goes by the form
 * alone, so that it tells nothing of who and what there is, and a token that is damaged is told apart from none.
 */
export function tokenHint({ 'x-auth-token': given, authorization }: IncomingHttpHeaders): string | undefined {
  if (given !== undefined) {
    return xAuthTokenHint(String(given));
  }
  if (authorization === undefined) {
    return NO_TOKEN;
  }
  if (/^basic\b/i.test(authorization)) {
    return BASIC_ELSEWHERE;
  }
  return LIKE_BEARER.test(authorization) ? undefined : TOKEN_FORM;
}

/** What is wrong with the form of a request that should carry a name and a password; `undefined` if that looks right. */
export function basicHint(authorization: string | undefined): string | undefined {
  const [, encoded] = /^basic\b *(.*)$/i.exec(authorization ?? '') ?? [];
  if (encoded === undefined) {
    return NO_BASIC;
  }
  if (decodePair(encoded)) {
    return undefined;
  }
  return endsWithLineEnd(encoded) ? LINE_END : BASIC_FORM;
}

function xAuthTokenHint(given: string): string | undefined {
  if (decodePair(given)) {
    return undefined;
  }
  if (endsWithLineEnd(given)) {
    return LINE_END;
  }
  // What may be a damaged credential is answered like any other that is good for nothing.
  const mayBeDamaged = LIKE_BASE64.test(given) && given.length >= PAIR_DIGITS && !given.startsWith('lk_');
  return mayBeDamaged ? undefined : TOKEN_FORM;
}

/** Whether a text is a pair in base64 but for a line end behind it. */
function endsWithLineEnd(text: string): boolean {
  const decoded = LIKE_BASE64.test(text) ? Buffer.from(text, 'base64').toString('utf8') : '';
  return /[\r\n]$/.test(decoded) && decodePair(Buffer.from(decoded.trimEnd()).toString('base64')) !== null;
}
