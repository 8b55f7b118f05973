import { type Readable } from 'node:stream';
import { type CursorPageDto } from '@latchkey/auth-models';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { addressWith } from './address-with.js';
import { refusePaging, rowRepresentationOf, sendRows, type SendableRows } from './send-list.js';

/** A page of a list that is read on by cursor. */
export interface CursorPage<T> extends CursorPageDto<T> {
  /** Parameters that lead to the next page; absent on the last one. */
  readonly next?: Readonly<Record<string, string>>;
}

/** A list that can be sent page after page by cursor, or as a whole row by row. */
export interface SendableCursorList<T extends object> extends SendableRows<T> {
  /** The page that is asked for. */
  page(): Promise<CursorPage<T>>;
}

/**
 * Answers with a page of a list, and links the next one (RFC 8288); or, in a type of rows, with all of it as a stream.
 *
 * @throws ApplicationError `invalid_parameter` if a stream is asked for by the page.
 */
export async function sendCursorList<T extends object>(
  query: { cursor?: string; size?: number },
  list: SendableCursorList<T>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<CursorPageDto<T> | Readable> {
  const representation = rowRepresentationOf(request);
  if (representation) {
    refusePaging(query, ['cursor', 'size'], representation);
    return sendRows(list, representation, request, reply);
  }
  const { items, size, next } = await list.page();
  if (next) {
    reply.header('link', `<${addressWith(request.url, next)}>; rel="next"`);
  }
  return { items, size };
}
