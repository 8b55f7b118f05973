import { ApplicationError } from '../../common/application-error.js';
import { type BodyShape } from './body-shape.js';
import { checkPlainJson, memberPointer, tooManyValues, VALUES_MAX } from './check-input.js';
import { findDuplicateMember } from './duplicate-member.js';
import { unknownMember } from './member-failures.js';

export interface BodyFormat {
  /** Media types in lower case. */
  readonly mediaTypes: readonly string[];
  readonly maxBytes: number;
  /** Advice if the body is too large. */
  readonly tooLargeHint?: string;
  /** Error detail for other types. */
  readonly hint: string;
  /**
   * @param shape members and array items that the body may have.
   * @param mediaType media type of the body, one of {@link mediaTypes}.
   */
  readonly parse: (bytes: Buffer, shape: BodyShape, mediaType: string) => unknown;
}

export const JSON_BODY: BodyFormat = {
  mediaTypes: ['application/json', 'application/merge-patch+json'],
  maxBytes: 102_400,
  hint: 'Send the body as JSON, uncompressed, with Content-Type: application/json.',
  parse: parseJson,
};

/** JSON with room for the longest lists that a schema allows, such as 1,000 names. */
export const LARGE_JSON_BODY: BodyFormat = { ...JSON_BODY, maxBytes: 524_288 };

/** No body, or `{}`, which some clients send with every POST. */
export const NO_BODY: BodyFormat = {
  ...JSON_BODY,
  hint: 'This route accepts no body. Send the request without one.',
  parse: (bytes, shape) => {
    const names = Object.keys(parseJson(bytes, shape));
    if (names.length > 0) {
      throw new ApplicationError('validation_failed', {
        errors: names.map((name) => unknownMember(memberPointer('', name), name)),
        detail: 'This route accepts no body. Send the request without one.',
      });
    }
    return undefined;
  },
};

/**
 * Returns the format of an OAuth form (`application/x-www-form-urlencoded`). As RFC 6749, section 3.2,
 * requires, parameters without a value count as absent, unknown ones are ignored, and repeated ones are
 * rejected.
 */
export function formBody(names: readonly string[]): BodyFormat {
  return {
    mediaTypes: ['application/x-www-form-urlencoded'],
    maxBytes: 4_096,
    hint: 'Send the body as a form, uncompressed, with Content-Type: application/x-www-form-urlencoded.',
    parse: (bytes) => {
      const form = new URLSearchParams(decodeUtf8(bytes, 'a form'));
      if (form.size > VALUES_MAX) {
        throw tooManyValues();
      }
      const repeated = names.find((name) => form.getAll(name).length > 1);
      if (repeated !== undefined) {
        throw new ApplicationError('malformed_request', { detail: `Send ${repeated} once.` });
      }
      return Object.fromEntries(names.flatMap((name) => (form.get(name) ? [[name, form.get(name)]] : [])));
    },
  };
}

/** Parses JSON without limits on its content, for callers that can exhaust the server anyway. */
export function parseUnboundedJson(bytes: Buffer): unknown {
  return parseText(decodeUtf8(bytes, 'JSON'));
}

function parseJson(bytes: Buffer, shape: BodyShape): object {
  const text = decodeUtf8(bytes, 'JSON');
  const body = parseText(text);
  checkPlainJson(body, shape);
  const duplicate = findDuplicateMember(text);
  if (duplicate !== undefined) {
    throw new ApplicationError('malformed_request', {
      detail: 'The body has a duplicate member. Send each member once.',
      errors: [{ pointer: duplicate, code: 'duplicate_member', message: 'this member occurs twice' }],
    });
  }
  return body as object;
}

function parseText(text: string): unknown {
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
