import { Readable } from 'node:stream';
import { type CursorPageDto, type PageDto } from '@latchkey/auth-models';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { ApplicationError } from '../../common/application-error.js';
import { FIELDS } from '../../common/request/header-fields.js';
import { principalOf } from '../../common/request/principal.js';
import { SERVICE_DESC } from '../server/constant-headers.js';
import { type Row, ROW_REPRESENTATIONS, type RowRepresentation } from './list-rows.js';
import { type ListSlice } from '../../platform/database/queries/list-queries.js';

/**
 * Maximum characters of the links to other pages. Each repeats the query, which may have almost 8 KiB, and
 * proxies and clients limit the size of a head, often to 16 KiB.
 */
const PAGE_LINKS_MAX = 8_192;

/** A member, or a nested member such as `actor.name`. */
type Column<Member extends string> = Member | `${Member}.${string}`;

/** A list that can be sent as rows. */
interface SendableRows<T extends object> {
  /** Columns of the CSV file. */
  readonly columns: readonly Column<keyof T & string>[];
  /** Returns all items in parts, in a stable order. */
  all(): AsyncIterable<readonly T[]>;
}

/** A list that can be sent as a page or as rows. */
export interface SendableList<T extends object> extends SendableRows<T> {
  /** Returns the requested page. */
  page(): Promise<{ items: T[]; total: number; slice: ListSlice<string> }>;
}

/**
 * Sends a page of a list, or all of it as a stream if the client accepts a row type.
 *
 * @throws ApplicationError `invalid_parameter` if the query has page parameters and the response is a stream.
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
  rejectPaging(query, ['page', 'size'], representation);
  return sendRows(list, representation, request, reply);
}

/** Returns the negotiated row type; `undefined` if the client gets a page. */
function rowRepresentationOf(request: FastifyRequest): RowRepresentation | undefined {
  return ROW_REPRESENTATIONS.find((offered) => offered === request.representation);
}

/**
 * Sends the rows of a list as a stream. Before each part it authorizes the request again. If that fails, it aborts the
 * connection, so that the client does not take the rows for the whole list.
 */
function sendRows<T extends object>(
  list: SendableRows<T>,
  representation: RowRepresentation,
  request: FastifyRequest,
  reply: FastifyReply,
): Readable {
  reply.type(representation.contentType);
  // Queries the database only as fast as the client reads.
  return Readable.from(chunks(), { objectMode: false });

  async function* chunks(): AsyncGenerator<string> {
    yield representation.head(list.columns);
    const required = principalOf(request)?.permissions ?? new Set();
    for await (const rows of list.all()) {
      await request.reauthorize?.();
      const held = principalOf(request)?.permissions;
      if ([...required].some((permission) => !held?.has(permission))) {
        throw new ApplicationError('forbidden');
      }
      yield representation.rows(rows as readonly Row[], list.columns);
    }
  }
}

/** @throws ApplicationError `invalid_parameter` if the query has one of the page parameters. */
function rejectPaging<Name extends string>(
  query: { [name in Name]?: unknown },
  names: readonly Name[],
  { mediaType }: RowRepresentation,
): void {
  const errors = names
    .filter((name) => query[name] !== undefined)
    .map((name) => ({
      pointer: `/${name}`,
      code: 'not_with_rows',
      message: `${name} cannot be used with ${mediaType}, which contains the whole list`,
    }));
  if (errors.length > 0) {
    throw new ApplicationError('invalid_parameter', { errors });
  }
}

/**
 * Returns a page of a list, and sets the links to the pages around it (RFC 8288). With a very long query it
 * omits links, but never the one to the next page.
 */
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
  const links = new Map(
    Object.entries(pages).map(([rel, number]) => [
      rel,
      `<${addressWith(request.url, { page: number })}>; rel="${rel}"`,
    ]),
  );
  for (const rel of ['first', 'last', 'prev']) {
    if ([...links.values()].join(', ').length > PAGE_LINKS_MAX) {
      links.delete(rel);
    }
  }
  reply.header(FIELDS.link, [...links.values(), SERVICE_DESC].join(', '));
  return { items, page, size, total };
}

/** A page of a list with a cursor. */
export interface CursorPage<T> extends CursorPageDto<T> {
  /** Parameters of the next page; absent on the last one. */
  readonly next?: Readonly<Record<string, string>>;
}

/** A list that can be sent as pages with a cursor, or as rows. */
export interface SendableCursorList<T extends object> extends SendableRows<T> {
  /** Returns the requested page. */
  page(): Promise<CursorPage<T>>;
}

/**
 * Sends a page of a list with a link to the next one (RFC 8288), or all of it as a stream if the client accepts a row type.
 *
 * @throws ApplicationError `invalid_parameter` if the query has page parameters and the response is a stream.
 */
export async function sendCursorList<T extends object>(
  query: { cursor?: string; size?: number },
  list: SendableCursorList<T>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<CursorPageDto<T> | Readable> {
  const representation = rowRepresentationOf(request);
  if (representation) {
    rejectPaging(query, ['cursor', 'size'], representation);
    return sendRows(list, representation, request, reply);
  }
  const { items, size, next } = await list.page();
  if (next) {
    reply.header(FIELDS.link, `<${addressWith(request.url, next)}>; rel="next", ${SERVICE_DESC}`);
  }
  return { items, size };
}

/** Sends a short list as a whole, or as rows if the client accepts a row type. */
export function sendItems<T extends object>(
  items: T[],
  columns: readonly (keyof T & string)[],
  request: FastifyRequest,
  reply: FastifyReply,
): { items: T[] } | Readable {
  const representation = rowRepresentationOf(request);
  return representation
    ? sendRows({ columns, all: () => Readable.from([items]) }, representation, request, reply)
    : { items };
}

/** Returns the URL relative to the server, with other values of some parameters. */
function addressWith(address: string, values: Readonly<Record<string, string | number>>): string {
  // The client chooses the host in an absolute URL (RFC 9112, section 3.2.2).
  const [path, query] = address.replace(/^https?:\/\/[^/?]*/i, '').split('?', 2);
  const parameters = new URLSearchParams(query);
  Object.entries(values).forEach(([name, value]) => parameters.set(name, String(value)));
  return `${path}?${parameters.toString()}`;
}
