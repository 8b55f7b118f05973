import { type PageDto } from '@latchkey/auth-models';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { type ListSlice } from '../../common/list-slice.js';
import { addressWith } from './address-with.js';

/** Makes a page of a list, and links the pages around it (RFC 8288). */
export function sendPage<T>(
  items: T[],
  total: number,
  { page, size }: ListSlice<string>,
  request: FastifyRequest,
  reply: FastifyReply,
): PageDto<T> {
  const last = Math.max(Math.ceil(total / size), 1);
  const pages = {
    first: 1,
    ...(page > 1 && { prev: Math.min(page - 1, last) }),
    ...(page < last && { next: page + 1 }),
    last,
  };
  const links = Object.entries(pages).map(
    ([rel, number]) => `<${addressWith(request.url, { page: number })}>; rel="${rel}"`,
  );
  reply.header('link', links.join(', '));
  return { items, page, size, total };
}
