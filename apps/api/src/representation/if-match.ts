import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader, ApiResponse } from '@nestjs/swagger';
import { ApplicationError } from '../common/application-error.js';
import { requestOf } from '../common/http-context.js';
import { type VersionCondition } from '../common/version-condition.js';

/** A strong entity tag (RFC 9110, section 8.8.3) of ours: a version. */
const VERSION_TAG = /^"(\d{1,15})"$/;
const ENTITY_TAG = /^(W\/)?"[\x21\x23-\x7e\x80-\xff]*"$/;

const MALFORMED = 'If-Match takes what ETag said, with its quotes, such as "3".';

/** Injects the {@link VersionCondition} that `If-Match` states, if it is there. */
export const IfMatch = createParamDecorator((_: unknown, context: ExecutionContext) =>
  parseIfMatch(requestOf(context).headers['if-match']),
);

/** Documents that a route heeds `If-Match`. */
export const ApiIfMatch = ({ required }: { required: boolean }): MethodDecorator =>
  applyDecorators(
    ApiHeader({
      name: 'If-Match',
      required: false,
      description: required
        ? 'The ETag of the version that is meant; needed unless the body has `version`.'
        : 'The ETag of the version that is meant; without it any version is.',
      schema: { type: 'string', example: '"0"' },
    }),
    ...(required ? [ApiResponse({ status: 428 })] : []),
  );

/**
 * Reads `If-Match` (RFC 9110, section 13.1.1): an asterisk or entity tags. Weak and foreign ones match no version.
 *
 * @throws ApplicationError `malformed_request`.
 */
export function parseIfMatch(header: string | undefined): VersionCondition | undefined {
  if (header === undefined) {
    return undefined;
  }
  if (header.trim() === '*') {
    return { versions: undefined, refusal: 'precondition_failed' };
  }
  const tags = header.split(',').map((tag) => tag.trim());
  if (!tags.every((tag) => ENTITY_TAG.test(tag))) {
    throw new ApplicationError('malformed_request', {
      detail: MALFORMED,
      errors: [{ pointer: '/If-Match', code: 'not_entity_tags', message: MALFORMED }],
    });
  }
  const versions = tags.flatMap((tag) => VERSION_TAG.exec(tag)?.[1] ?? []).map(Number);
  return { versions, refusal: 'precondition_failed' };
}

/**
 * The version that a change means, by the header or else by the body. If neither says, `checkVersion` refuses it as
 * `precondition_required`: later than an object that is not there, which is 404 whatever version is meant.
 */
export function demandVersion(
  ifMatch: VersionCondition | undefined,
  version: number | undefined,
): VersionCondition {
  if (ifMatch) {
    return ifMatch;
  }
  return version === undefined
    ? { versions: [], refusal: 'precondition_required' }
    : { versions: [version], refusal: 'conflict' };
}

/** The entity tag of a version. */
export function entityTag({ version }: { version: number }): string {
  return `"${version}"`;
}
