import { applyDecorators, createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import { ApiHeader, ApiResponse } from '@nestjs/swagger';
import { type FastifyRequest } from 'fastify';
import { ApplicationError } from '../../common/application-error.js';
import { requestOf } from '../../common/request/http-context.js';
import { type VersionCondition } from '../../common/request/version-condition.js';

/** A strong entity tag (RFC 9110, section 8.8.3) of ours: a version. */
const VERSION_TAG = /^"(\d{1,15})"$/;
const ENTITY_TAG = /^(W\/)?"[\x21\x23-\x7e\x80-\xff]*"$/;

/** Metadata key of {@link ApiIfMatch}. */
const IF_MATCH_KEY = 'latchkey:if-match';

/** Methods that change nothing, and whose preconditions are not evaluated. */
const SAFE_METHODS: readonly string[] = ['GET', 'HEAD'];

const MALFORMED = 'If-Match takes what ETag said, with its quotes, such as "3".';

/** The parts of a request that tell whether `If-Match` matters. */
type IfMatchRequest = Pick<FastifyRequest, 'method' | 'headers'>;

/** Injects the {@link VersionCondition} that `If-Match` states, if it is there. */
export const IfMatch = createParamDecorator((_: unknown, context: ExecutionContext) =>
  parseIfMatch(requestOf(context).headers['if-match']),
);

/** How a route evaluates `If-Match`. */
interface IfMatchOptions {
  /** Whether a request without it needs `version` in the body. */
  required: boolean;
  /** The resource whose ETag it takes; that of the path by default. */
  of?: string;
}

/** Documents that a route evaluates `If-Match`. Other routes that change something reject it; see {@link checkIfMatch}. */
export const ApiIfMatch = ({ required, of }: IfMatchOptions): MethodDecorator =>
  applyDecorators(
    SetMetadata(IF_MATCH_KEY, true),
    ApiHeader({
      name: 'If-Match',
      required: false,
      description:
        `The ETag of the expected version${of ? ` of ${of}` : ''}, or \`*\` for any version. ` +
        (required
          ? 'Required unless the body has `version`; where both are sent, both must match.'
          : 'Without it the server accepts any version.'),
      schema: { type: 'string', example: '"0"' },
    }),
    ...(required ? [ApiResponse({ status: 428 })] : []),
  );

/**
 * Rejects a version in `If-Match` where the route does not evaluate it itself: what it changes has no ETag, so none can
 * match (RFC 9110, section 13.1.1). Ignoring it would make a change that the client asked not to make.
 *
 * @throws ApplicationError `precondition_failed` or `malformed_request`.
 */
export function checkIfMatch(handler: object, { method, headers }: IfMatchRequest): void {
  const header = headers['if-match'];
  if (header === undefined || SAFE_METHODS.includes(method) || Reflect.hasMetadata(IF_MATCH_KEY, handler)) {
    return;
  }
  if (parseIfMatch(header)?.versions) {
    throw new ApplicationError('precondition_failed', {
      detail: 'This route has no ETag to compare. Send the request without If-Match.',
    });
  }
}

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
 * Returns the condition of a change that needs a version: that of the header, that of the body, or both. If neither has one,
 * `checkVersion` rejects it as `precondition_required`: later than an object that is not there, which is 404 whatever
 * version is meant.
 */
export function demandVersion(
  ifMatch: VersionCondition | undefined,
  version: number | undefined,
): VersionCondition {
  if (version === undefined) {
    return ifMatch ?? { versions: [], refusal: 'precondition_required' };
  }
  const ofBody: VersionCondition = { versions: [version], refusal: 'conflict' };
  return ifMatch ? { ...ifMatch, also: ofBody } : ofBody;
}

/** The entity tag of a version. */
export function entityTag({ version }: { version: number }): string {
  return `"${version}"`;
}
