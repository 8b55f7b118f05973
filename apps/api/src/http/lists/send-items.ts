import { Readable } from 'node:stream';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { ROW_REPRESENTATIONS } from './list-rows.js';
import { sendRows } from './send-list.js';

/** Answers with a short list as a whole, or, in a type of rows, row by row. */
export function sendItems<T extends object>(
  items: T[],
  columns: readonly (keyof T & string)[],
  request: FastifyRequest,
  reply: FastifyReply,
): { items: T[] } | Readable {
  const representation = ROW_REPRESENTATIONS.find((offered) => offered === request.representation);
  return representation
    ? sendRows({ columns, all: () => Readable.from([items]) }, representation, request, reply)
    : { items };
}
