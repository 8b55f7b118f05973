import { type FastifyInstance, type FastifyRequest } from 'fastify';
import rawBody from 'raw-body';
import { ApplicationError } from '../common/application-error.js';
import { checkPlainJson } from './check-plain-json.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** `Content-Type` as it was sent. */
    givenContentType: string | undefined;
  }
}

/** Bytes in a request's body. */
export const BODY_MAX_BYTES = 102_400;

const JSON_TYPE = /^application\/(json|merge-patch\+json)[ \t]*(;[ \t]*charset="?utf-8"?[ \t]*)?$/i;

/**
 * Leaves every request's body alone until the guards have run; {@link readBody} reads it then. Fastify would parse it
 * first, so that a stranger would learn of a malformed body before being asked who they are.
 */
export function deferBodies(instance: FastifyInstance): void {
  instance.removeAllContentTypeParsers();
  instance.decorateRequest('givenContentType', undefined);
  instance.addHook('onRequest', (request, _reply, done) => {
    // Fastify refuses a type that it cannot read before any guard; without one it asks the parser below.
    const given = request.raw.headers['content-type'];
    if (given !== undefined) {
      request.givenContentType = given;
      delete request.raw.headers['content-type'];
    }
    done();
  });
  instance.addContentTypeParser('*', (_request, _payload, done) => done(null, undefined));
}

/**
 * Refuses a body that is announced to be too large, also where none is expected.
 *
 * @throws ApplicationError `payload_too_large`.
 */
export function refuseLargeBody({ headers }: FastifyRequest): void {
  if (Number(headers['content-length'] ?? 0) > BODY_MAX_BYTES) {
    throw tooLarge();
  }
}

/**
 * Reads a JSON body into `request.body`; an absent or empty one stays `undefined`.
 *
 * @throws ApplicationError `unsupported_media_type`, `payload_too_large`, `malformed_request` or `validation_failed`.
 */
export async function readBody(request: FastifyRequest): Promise<void> {
  const length = request.headers['content-length'];
  if ((length === undefined || length === '0') && request.headers['transfer-encoding'] === undefined) {
    return;
  }
  checkContentType(request);
  const bytes = await readBytes(request, length);
  if (bytes.length > 0) {
    request.body = parse(bytes);
    checkPlainJson(request.body);
  }
}

function checkContentType({ givenContentType, headers }: FastifyRequest): void {
  if (!JSON_TYPE.test(givenContentType ?? '') || (headers['content-encoding'] ?? 'identity') !== 'identity') {
    throw new ApplicationError('unsupported_media_type', {
      detail: 'Send the body as JSON, uncompressed, with Content-Type: application/json.',
    });
  }
}

async function readBytes(request: FastifyRequest, length: string | undefined): Promise<Buffer> {
  try {
    return await rawBody(request.raw, { length, limit: BODY_MAX_BYTES });
  } catch (error) {
    const isTooLarge = (error as { type?: string }).type === 'entity.too.large';
    throw isTooLarge
      ? tooLarge()
      : new ApplicationError('malformed_request', { detail: 'The body ended too early.', cause: error });
  }
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new ApplicationError('malformed_request', { detail: 'The body is not JSON in UTF-8.' });
  }
}

function tooLarge(): ApplicationError {
  return new ApplicationError('payload_too_large', {
    detail: `A body may have at most ${BODY_MAX_BYTES} bytes.`,
  });
}
