import {
  applyDecorators,
  createParamDecorator,
  SetMetadata,
  UseInterceptors,
  type CallHandler,
  type ExecutionContext,
} from '@nestjs/common';
import { ApiHeader, ApiResponse } from '@nestjs/swagger';
import { type FastifyRequest } from 'fastify';
import { tap } from 'rxjs';
import { HEADERS } from '@latchkey/auth-models';
import { ApplicationError } from '../../common/application-error.js';
import { FIELDS } from '../../common/request/header-fields.js';
import { SAFE_METHODS } from '../../common/request/policy.js';
import { replyOf, requestOf } from '../../common/request/principal.js';
import { type VersionCondition } from '../../common/request/version-condition.js';

/** An ETag of Latchkey: the version as a strong entity tag (RFC 9110, section 8.8.3). */
const VERSION_TAG = /^"(\d{1,15})"$/;
const ENTITY_TAG = /^(W\/)?"[\x21\x23-\x7e\x80-\xff]*"$/;

/** Metadata key of {@link ApiIfMatch}. */
const IF_MATCH_KEY = 'latchkey:if-match';

const MALFORMED = 'If-Match must be the value of ETag with its quotes, such as "3".';

/** Injects the {@link VersionCondition} of `If-Match`; `undefined` without that header. */
export const IfMatch = createParamDecorator((_: unknown, context: ExecutionContext) =>
  parseIfMatch(requestOf(context).headers[FIELDS.ifMatch]),
);

/** Options of {@link ApiIfMatch}. */
interface IfMatchOptions {
  /** Whether a request without it needs `version` in the body. */
  required: boolean;
  /** The resource whose ETag it takes; that of the path by default. */
  of?: string;
}

/**
 * States and documents that a route evaluates `If-Match`. Other routes that write reject it; see
 * {@link rejectIfMatch}.
 */
export const ApiIfMatch = ({ required, of }: IfMatchOptions): MethodDecorator =>
  applyDecorators(
    SetMetadata(IF_MATCH_KEY, true),
    ApiHeader({
      name: HEADERS.ifMatch,
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

/** Whether a controller method has {@link ApiIfMatch}. */
export function evaluatesIfMatch(handler: object): boolean {
  return Reflect.hasMetadata(IF_MATCH_KEY, handler);
}

/**
 * Rejects a version in `If-Match` on a route that does not evaluate it: its resource has no ETag that could
 * match (RFC 9110, section 13.1.1). Ignoring the header would make a change that the client did not want.
 */
export function rejectIfMatch({ method, headers }: Pick<FastifyRequest, 'method' | 'headers'>): void {
  const header = headers[FIELDS.ifMatch];
  // The preconditions of safe methods are not evaluated.
  if (header === undefined || SAFE_METHODS.includes(method)) {
    return;
  }
  if (parseIfMatch(header)?.versions) {
    throw new ApplicationError('precondition_failed', {
      detail: 'This route has no ETag to compare. Send the request without If-Match.',
    });
  }
}

/**
 * Parses `If-Match` (RFC 9110, section 13.1.1): an asterisk or entity tags. Weak and foreign tags match no
 * version.
 */
function parseIfMatch(header: string | undefined): VersionCondition | undefined {
  if (header === undefined) {
    return undefined;
  }
  if (header.trim() === '*') {
    return { versions: undefined, rejection: 'precondition_failed' };
  }
  const tags = header.split(',').map((tag) => tag.trim());
  if (!tags.every((tag) => ENTITY_TAG.test(tag))) {
    throw new ApplicationError('malformed_request', {
      detail: MALFORMED,
      errors: [{ pointer: '/If-Match', code: 'not_entity_tags', message: MALFORMED }],
    });
  }
  const versions = tags.flatMap((tag) => VERSION_TAG.exec(tag)?.[1] ?? []).map(Number);
  return { versions, rejection: 'precondition_failed' };
}

/**
 * Returns the condition of a change that requires a version: that of the header, that of the body, or both.
 * If neither has one, `checkVersion` rejects the change as `precondition_required`, after a resource that
 * does not exist, which is 404.
 */
export function demandVersion(
  ifMatch: VersionCondition | undefined,
  version: number | undefined,
): VersionCondition {
  if (version === undefined) {
    return ifMatch ?? { versions: [], rejection: 'precondition_required' };
  }
  const ofBody: VersionCondition = { versions: [version], rejection: 'conflict' };
  return ifMatch ? { ...ifMatch, also: ofBody } : ofBody;
}

/** Sends the version of the returned resource as its ETag. */
export const ETag = (): MethodDecorator =>
  UseInterceptors({
    intercept: (context: ExecutionContext, next: CallHandler<{ version: number }>) =>
      next.handle().pipe(tap(({ version }) => void replyOf(context).header(FIELDS.etag, `"${version}"`))),
  });
