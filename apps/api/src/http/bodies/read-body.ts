import { MIMEType } from 'node:util';
import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { ApplicationError } from '../../common/application-error.js';
import { type BodyFormat } from './body-format.js';

/** Chunks of a chunked body. Node takes about 400 bytes for each, and several microseconds, even if it holds one byte. */
const CHUNKS_MAX = 1_000;

declare module 'fastify' {
  interface FastifyRequest {
    /** `Content-Type` as it was sent. */
    givenContentType: string | undefined;
  }
}

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

/** Whether a request has a body that may mean something: that of GET and HEAD never does (RFC 9110, section 9.3.1). */
export function hasBody({ method, headers }: FastifyRequest): boolean {
  const isAnnounced =
    Number(headers['content-length'] ?? 0) > 0 || headers['transfer-encoding'] !== undefined;
  return isAnnounced && method !== 'GET' && method !== 'HEAD';
}

/**
 * Refuses a body that is announced to be too large, also where none is expected.
 *
 * @throws ApplicationError `payload_too_large`.
 */
export function refuseLargeBody({ headers }: FastifyRequest, { maxBytes }: BodyFormat): void {
  if (Number(headers['content-length'] ?? 0) > maxBytes) {
    throw tooLarge(maxBytes);
  }
}

/**
 * Reads a body into `request.body`; an empty one stays `undefined`.
 *
 * @throws ApplicationError `unsupported_media_type`, `payload_too_large`, `malformed_request` or `validation_failed`.
 */
export async function readBody(
  request: FastifyRequest,
  format: BodyFormat,
  valuesMax: number,
): Promise<void> {
  const bytes = await readBytes(request, format);
  if (bytes.length > 0) {
    checkContentType(request, format);
    request.body = format.parse(bytes, valuesMax);
  }
}

function checkContentType({ givenContentType, headers }: FastifyRequest, format: BodyFormat): void {
  const isRead = isOfType(givenContentType ?? '', format.mediaTypes);
  if (!isRead || (headers['content-encoding'] ?? 'identity') !== 'identity') {
    throw new ApplicationError('unsupported_media_type', { detail: format.hint });
  }
}

/** Parameters other than `charset` change nothing here (RFC 9110, section 8.3.1). */
function isOfType(contentType: string, mediaTypes: readonly string[]): boolean {
  try {
    const { essence, params } = new MIMEType(contentType);
    return mediaTypes.includes(essence) && (params.get('charset') ?? 'utf-8').toLowerCase() === 'utf-8';
  } catch {
    return false;
  }
}

function readBytes({ raw }: FastifyRequest, { maxBytes }: BodyFormat): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const onData = (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > maxBytes || chunks.length > CHUNKS_MAX) {
        // Not read on: the answer closes the connection.
        raw.pause();
        settle(() => reject(tooLarge(maxBytes)));
      }
    };
    const onEnd = () => settle(() => resolve(Buffer.concat(chunks)));
    const onError = (cause?: Error) =>
      settle(() =>
        reject(new ApplicationError('malformed_request', { detail: 'The body ended too early.', cause })),
      );
    const settle = (end: () => void) => {
      raw.off('data', onData).off('end', onEnd).off('error', onError).off('close', onError);
      end();
    };
    raw.on('data', onData).on('end', onEnd).on('error', onError).on('close', onError);
  });
}

function tooLarge(maxBytes: number): ApplicationError {
  return new ApplicationError('payload_too_large', {
    detail: `A body may have at most ${maxBytes} bytes, in at most ${CHUNKS_MAX} chunks.`,
  });
}
