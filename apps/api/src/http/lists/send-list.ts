import { Readable } from 'node:stream';
import { applyDecorators, type CallHandler, type ExecutionContext, UseInterceptors } from '@nestjs/common';
import { type CursorPageDto, type PageDto } from '@latchkey/auth-models';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { mergeMap } from 'rxjs';
import { ApplicationError } from '../../common/application-error.js';
import { FIELDS } from '../../common/request/header-fields.js';
import { principalOf, replyOf, requestOf } from '../../common/request/principal.js';
import { RepresentedAs } from '../negotiation/route-representation.js';
import { SERVICE_DESC } from '../server/constant-headers.js';
import { type Row, ROW_REPRESENTATIONS, type RowRepresentation } from './list-rows.js';
import { type ListSlice } from '../../platform/database/queries/list-queries.js';

/**
 * Maximum characters of the links to other pages. Each repeats the query, which may have almost 8 KiB, and
 * proxies and clients limit the size of a head, often to 16 KiB.
 */
const PAGE_LINKS_MAX = 8_192;

/** Query parameters that select a page. */
const PAGE_PARAMETERS = ['page', 'cursor', 'size'];

/** A member, or a nested member such as `actor.name`. */
type Column<Member extends string> = Member | `${Member}.${string}`;

/** A page with its place in the list. */
interface NumberedPage<T> {
  items: T[];
  total: number;
  slice: ListSlice<string>;
}

/** A page of a list with a cursor. */
export interface CursorPage<T> extends CursorPageDto<T> {
  /** Parameters of the next page; absent on the last one. */
  readonly next?: Readonly<Record<string, string>>;
}

/** A list that the routes with {@link SendsList} return. */
export interface SendableList<T extends object, Page extends { items: T[] } = NumberedPage<T>> {
  /** Columns of the CSV file. */
  readonly columns: readonly Column<keyof T & string>[];
  /** Returns all items in parts, in a stable order. */
  all(): AsyncIterable<readonly T[]>;
  page(): Promise<Page>;
}

/** A short list without pages. */
export type WholeList<T extends object> = SendableList<T, { items: T[] }>;

export const wholeList = <T extends object>(
  items: T[],
  columns: readonly (keyof T & string)[],
): WholeList<T> => ({
  columns,
  all: () => Readable.from([items]),
  page: () => Promise.resolve({ items }),
});

/**
 * Sends the {@link SendableList} that a route returns: the requested page, or all of it as a stream if the
 * client accepts a row type.
 */
export const SendsList = (): MethodDecorator =>
  applyDecorators(RepresentedAs({ alsoAs: ROW_REPRESENTATIONS }), UseInterceptors({ intercept: sendList }));

type AnyPage = NumberedPage<object> | CursorPage<object> | { items: object[] };

function sendList(context: ExecutionContext, next: CallHandler<SendableList<object, AnyPage>>) {
  const request = requestOf(context);
  const reply = replyOf(context);
  const representation = ROW_REPRESENTATIONS.find((offered) => offered === request.representation);
  return next
    .handle()
    .pipe(
      mergeMap(async (list) =>
        representation
          ? sendRows(list, representation, request, reply)
          : sendPage(await list.page(), request, reply),
      ),
    );
}

/**
 * Sends the rows of a list as a stream. Before each part it authorizes the request again. If that fails, it
 * aborts the connection, so that the client does not take the rows for the whole list.
 */
function sendRows(
  list: Pick<SendableList<object>, 'columns' | 'all'>,
  representation: RowRepresentation,
  request: FastifyRequest,
  reply: FastifyReply,
): Readable {
  rejectPaging(request.query as object, representation);
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

function rejectPaging(query: object, { mediaType }: RowRepresentation): void {
  const errors = PAGE_PARAMETERS.filter((name) => name in query).map((name) => ({
    pointer: `/${name}`,
    code: 'not_with_rows',
    message: `${name} cannot be used with ${mediaType}, which contains the whole list`,
  }));
  if (errors.length > 0) {
    throw new ApplicationError('invalid_parameter', { errors });
  }
}

/** Returns the body of a page and sets the links to the pages around it (RFC 8288). */
function sendPage(page: AnyPage, request: FastifyRequest, reply: FastifyReply): object {
  if ('slice' in page) {
    const { items, total, slice } = page;
    reply.header(FIELDS.link, [...linksAround(total, slice, request.url), SERVICE_DESC].join(', '));
    return { items, page: slice.page, size: slice.size, total } satisfies PageDto<object>;
  }
  const { next, ...body } = page as CursorPage<object>;
  if (next) {
    reply.header(FIELDS.link, `${linkTo(request.url, 'next', next)}, ${SERVICE_DESC}`);
  }
  return body;
}

/**
 * Returns the links to other pages. With a very long query it omits some, but never the one to the next page.
 */
function linksAround(total: number, { page, size }: ListSlice<string>, url: string): string[] {
  const last = Math.max(Math.ceil(total / size), 1);
  const pages = {
    first: 1,
    ...(page > 1 && { prev: Math.min(page - 1, last) }),
    ...(page < last && { next: page + 1 }),
    last,
  };
  const links = new Map(
    Object.entries(pages).map(([rel, number]) => [rel, linkTo(url, rel, { page: String(number) })]),
  );
  for (const rel of ['first', 'last', 'prev']) {
    if ([...links.values()].join(', ').length > PAGE_LINKS_MAX) {
      links.delete(rel);
    }
  }
  return [...links.values()];
}

/** Returns the link to this URL, relative to the server, with other values of some parameters. */
function linkTo(url: string, rel: string, values: Readonly<Record<string, string>>): string {
  // The client chooses the host in an absolute URL (RFC 9112, section 3.2.2).
  const [path, query] = url.replace(/^https?:\/\/[^/?]*/i, '').split('?', 2);
  const parameters = new URLSearchParams(query);
  Object.entries(values).forEach(([name, value]) => parameters.set(name, value));
  return `<${path}?${parameters.toString()}>; rel="${rel}"`;
}
