import { Readable } from 'node:stream';
import { type PageDto } from '@latchkey/auth-models';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { ApplicationError } from '../../common/application-error.js';
import { type ListSlice } from '../../common/list-slice.js';
import { principalOf } from '../../common/request/principal.js';
import { ROW_REPRESENTATIONS, type Row, type RowRepresentation } from './list-rows.js';
import { sendPage } from './send-page.js';

/** A member, or a member's member such as `actor.name`. */
type Column<Member extends string> = Member | `${Member}.${string}`;

/** A list that can be sent as a whole, row by row. */
export interface SendableRows<T extends object> {
  /** The members of `T` that are columns of a CSV file, in their order. */
  readonly columns: readonly Column<keyof T & string>[];
  /** All that matches, in parts, in a stable order. */
  all(): AsyncIterable<readonly T[]>;
}

/** A list that can be sent as a page, or as a whole row by row. */
export interface SendableList<T extends object> extends SendableRows<T> {
  /** The page that is asked for. */
  page(): Promise<{ items: T[]; total: number; slice: ListSlice<string> }>;
}

/**
 * Answers with a page of a list, or, in a type of rows, with all of it as a stream.
 *
 * @throws ApplicationError `invalid_parameter` if a stream is asked for by the page.
 */
export async function sendList<T extends object>(
  query: { page?: number; size?: number },
  list: SendableList<T>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<PageDto<T> | Readable> {
  const representation = rowRepresentationOf(request);
  if (!representation) {
    const { items, total, slice } = await list.page();
    return sendPage(items, total, slice, request, reply);
  }
  refusePaging(query, ['page', 'size'], representation);
  return sendRows(list, representation, request, reply);
}

/** The type of rows that a request wants; `undefined` if it wants a page. */
export function rowRepresentationOf(request: FastifyRequest): RowRepresentation | undefined {
  return ROW_REPRESENTATIONS.find((offered) => offered === request.representation);
}

/**
 * Answers with the rows of a list as a stream. Before each part it confirms that the caller may still read them; if not,
 * the connection is aborted, so that nobody takes the rows for the whole list.
 */
export function sendRows<T extends object>(
  list: SendableRows<T>,
  representation: RowRepresentation,
  request: FastifyRequest,
  reply: FastifyReply,
): Readable {
  reply.type(representation.contentType);
  // The database is asked for more only as fast as the reader takes it.
  return Readable.from(chunks(), { objectMode: false });

  async function* chunks(): AsyncGenerator<string> {
    yield representation.head(list.columns);
    const demanded = principalOf(request)?.permissions ?? new Set();
    for await (const rows of list.all()) {
      await request.reauthorize?.();
      const held = principalOf(request)?.permissions;
      if ([...demanded].some((permission) => !held?.has(permission))) {
        throw new ApplicationError('forbidden');
      }
      yield representation.rows(rows as readonly Row[], list.columns);
    }
  }
}

/** @throws ApplicationError `invalid_parameter` if one of the parameters that ask for a page is there. */
export function refusePaging<Name extends string>(
  query: { [name in Name]?: unknown },
  names: readonly Name[],
  { mediaType }: RowRepresentation,
): void {
  const errors = names
    .filter((name) => query[name] !== undefined)
    .map((name) => ({
      pointer: `/${name}`,
      code: 'not_with_rows',
      message: `${name} has no meaning with ${mediaType}, which has the whole list`,
    }));
  if (errors.length > 0) {
    throw new ApplicationError('invalid_parameter', { errors });
  }
}
