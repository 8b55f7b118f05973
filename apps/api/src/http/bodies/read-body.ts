import { type IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { MIMEType } from 'node:util';
import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { ApplicationError } from '../../common/application-error.js';
import { FIELDS } from '../../common/request/header-fields.js';
import { type BodyFormat } from './body-format.js';
import { type BodyShape } from './body-shape.js';

/**
 * Maximum number of chunks of a body. Each takes Node about 400 bytes and several microseconds, even with one
 * byte of data.
 */
const CHUNKS_MAX = 1_000;
/**
 * Maximum bytes of an unread body that are discarded before its connection is closed, and the milliseconds
 * for that.
 */
const DISCARDED_MAX_BYTES = 4_194_304;
const DISCARDING_MILLISECONDS = 2_000;

declare module 'fastify' {
  interface FastifyRequest {
    /** `Content-Type` of the client. */
    givenContentType: string | undefined;
  }
}

/**
 * Leaves bodies unread until the guards have run. Otherwise Fastify would parse them first, and send
 * unauthenticated clients 400 or 415 instead of 401.
 */
export function deferBodies(instance: FastifyInstance): void {
  instance.removeAllContentTypeParsers();
  instance.decorateRequest('givenContentType', undefined);
  instance.addHook('onRequest', (request, _reply, done) => {
    // Fastify rejects an unknown type before any guard runs. Without one it calls the parser below.
    const given = request.raw.headers['content-type'];
    if (given !== undefined) {
      request.givenContentType = given;
      delete request.raw.headers['content-type'];
    }
    if (hasBody(request)) {
      closeAfterBody(request.raw);
    }
    done();
  });
  instance.addContentTypeParser('*', (_request, _payload, done) => done(null, undefined));
}

/**
 * Closes the connection of a request in stages (RFC 9112, section 9.6) if the response closes it before the
 * whole body has arrived. By default Node closes it at once. A client that is still sending then gets a
 * reset, which can discard the response: nginx returned 502 instead of 413, and counted a failure of the
 * server.
 */
function closeAfterBody(request: IncomingMessage): void {
  const { socket } = request;
  // Node calls this after a response that closes the connection. An earlier request may have replaced it as
  // well.
  socket.destroySoon = () => {
    if (request.complete) {
      Socket.prototype.destroySoon.call(socket);
    } else {
      discardRest(socket);
    }
  };
}

/** Ends a connection, and discards what the client sends until it ends the connection as well. */
function discardRest(socket: Socket): void {
  let discarded = 0;
  const close = () => socket.destroy();
  // Node's parser would start the next request.
  socket.removeAllListeners('data').on('data', (bytes: Buffer) => {
    discarded += bytes.length;
    if (discarded > DISCARDED_MAX_BYTES) {
      close();
    }
  });
  socket.on('end', close).resume().end();
  const timer = setTimeout(close, DISCARDING_MILLISECONDS);
  socket.once('close', () => clearTimeout(timer));
}

/** Whether a request has a body to read. That of GET and HEAD has no meaning (RFC 9110, section 9.3.1). */
export function hasBody({ method, headers }: FastifyRequest): boolean {
  const isAnnounced =
    Number(headers['content-length'] ?? 0) > 0 || headers['transfer-encoding'] !== undefined;
  return isAnnounced && method !== 'GET' && method !== 'HEAD';
}

/** Rejects a body whose `Content-Length` is too large, even if the route takes none. */
export function rejectLargeBody({ headers }: FastifyRequest, format: BodyFormat): void {
  if (Number(headers['content-length'] ?? 0) > format.maxBytes) {
    throw tooLarge(format);
  }
}

/** Reads a body into `request.body`, which stays `undefined` if the body is empty. */
export async function readBody(request: FastifyRequest, format: BodyFormat, shape: BodyShape): Promise<void> {
  // OAuth clients may authenticate in the body, which has then been read already.
  if (request.raw.readableEnded) {
    return;
  }
  const bytes = await readBytes(request, format);
  if (bytes.length > 0) {
    request.body = format.parse(bytes, shape, mediaTypeOf(request, format));
  }
}

function mediaTypeOf(request: FastifyRequest, format: BodyFormat): string {
  const mediaType = acceptedMediaType(request, format);
  if (mediaType === undefined) {
    throw new ApplicationError('unsupported_media_type', { detail: format.hint });
  }
  return mediaType;
}

/** Returns the media type of a body; `undefined` if the format does not have it, or the body is encoded. */
export function acceptedMediaType(
  { givenContentType, headers }: FastifyRequest,
  { mediaTypes }: BodyFormat,
): string | undefined {
  const mediaType = parseMediaType(givenContentType ?? '');
  const isEncoded = (headers[FIELDS.contentEncoding] ?? 'identity') !== 'identity';
  return mediaType !== undefined && mediaTypes.includes(mediaType) && !isEncoded ? mediaType : undefined;
}

/**
 * Returns the media type in UTF-8, regardless of parameters other than `charset` (RFC 9110, section 8.3.1).
 */
function parseMediaType(contentType: string): string | undefined {
  try {
    const { essence, params } = new MIMEType(contentType);
    return (params.get('charset') ?? 'utf-8').toLowerCase() === 'utf-8' ? essence : undefined;
  } catch {
    return undefined;
  }
}

function readBytes({ raw }: FastifyRequest, format: BodyFormat): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const onData = (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > format.maxBytes || chunks.length > CHUNKS_MAX) {
        // The rest stays unread: the response closes the connection.
        raw.pause();
        settle(() => reject(tooLarge(format)));
      }
    };
    const onEnd = () => settle(() => resolve(Buffer.concat(chunks)));
    const onError = (cause?: Error) =>
      settle(() =>
        reject(new ApplicationError('malformed_request', { detail: 'The body is incomplete.', cause })),
      );
    const settle = (end: () => void) => {
      raw.off('data', onData).off('end', onEnd).off('error', onError).off('close', onError);
      end();
    };
    raw.on('data', onData).on('end', onEnd).on('error', onError).on('close', onError);
  });
}

function tooLarge({ maxBytes, tooLargeHint }: BodyFormat): ApplicationError {
  return new ApplicationError('payload_too_large', {
    detail: `A body may have at most ${maxBytes} bytes, in at most ${CHUNKS_MAX} chunks.${tooLargeHint === undefined ? '' : ` ${tooLargeHint}`}`,
  });
}
