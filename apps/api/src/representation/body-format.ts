import { ApplicationError } from '../common/application-error.js';
import { checkPlainJson } from './check-plain-json.js';

/** What a route's body is written in. */
export interface BodyFormat {
  /** Types of this format, as `Content-Type` names them. */
  readonly contentType: RegExp;
  readonly maxBytes: number;
  /** What to send instead of another type. */
  readonly hint: string;
  /** @throws ApplicationError `malformed_request` or `validation_failed`. */
  readonly parse: (bytes: Buffer) => unknown;
}

/** JSON, as nearly all routes read. */
export const JSON_BODY: BodyFormat = {
  contentType: /^application\/(json|merge-patch\+json)[ \t]*(;[ \t]*charset="?utf-8"?[ \t]*)?$/i,
  maxBytes: 102_400,
  hint: 'Send the body as JSON, uncompressed, with Content-Type: application/json.',
  parse: (bytes) => {
    const body = parseJson(bytes);
    checkPlainJson(body);
    return body;
  },
};

/**
 * A form (`application/x-www-form-urlencoded`), as OAuth's requests are. Each name may be there once, and as RFC 6749,
 * section 3.2, has it, one without a value counts as absent, and others are not looked at.
 */
export function formBody(names: readonly string[]): BodyFormat {
  return {
    contentType: /^application\/x-www-form-urlencoded[ \t]*(;[ \t]*charset="?utf-8"?[ \t]*)?$/i,
    maxBytes: 4_096,
    hint: 'Send the body as a form, uncompressed, with Content-Type: application/x-www-form-urlencoded.',
    parse: (bytes) => {
      const form = new URLSearchParams(decodeUtf8(bytes, 'a form'));
      const repeated = names.find((name) => form.getAll(name).length > 1);
      if (repeated !== undefined) {
        throw new ApplicationError('malformed_request', { detail: `Send ${repeated} once.` });
      }
      return Object.fromEntries(names.flatMap((name) => (form.get(name) ? [[name, form.get(name)]] : [])));
    },
  };
}

function parseJson(bytes: Buffer): unknown {
  const text = decodeUtf8(bytes, 'JSON');
  try {
    return JSON.parse(text);
  } catch {
    throw malformed('JSON');
  }
}

function decodeUtf8(bytes: Buffer, what: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw malformed(what);
  }
}

function malformed(what: string): ApplicationError {
  return new ApplicationError('malformed_request', { detail: `The body is not ${what} in UTF-8.` });
}
