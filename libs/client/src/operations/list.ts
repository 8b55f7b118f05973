import type { Answer } from '../http/read-response.js';

/** Any page of a list. */
interface Page {
  items: unknown[];
}

/**
 * List of a server. `await` it for one page, or use `for await` for the items of all pages.
 *
 * Sends no request before that.
 */
export class List<P extends Page> implements PromiseLike<P>, AsyncIterable<P['items'][number]> {
  private first: Promise<Answer<P>> | undefined;

  /**
   * @param read reads the requested page, or the page with this query from a `Link` header.
   * @param after event whose followers are requested, in a list of events.
   */
  constructor(
    private readonly read: (next?: URLSearchParams) => Promise<Answer<P>>,
    private readonly after?: string,
  ) {}

  then<Result = P, Failure = never>(
    onPage?: ((page: P) => Result | PromiseLike<Result>) | null,
    onError?: ((error: unknown) => Failure | PromiseLike<Failure>) | null,
  ): Promise<Result | Failure> {
    this.first ??= this.read();
    return this.first.then(({ body }) => body).then(onPage, onError);
  }

  /** Reads all pages, from the requested one. Each request waits until the previous page is processed. */
  async *pages(): AsyncGenerator<P, void, undefined> {
    let next: URLSearchParams | undefined;
    let after = this.after ?? null;
    let isLast: boolean;
    do {
      const { body, headers }: Answer<P> = await this.read(next);
      yield body;
      next = nextQuery(headers.get('Link'));
      const following = next?.get('after') ?? null;
      // A list of later events always has a next page, for polling. A filter can leave any page empty.
      isLast = next === undefined || (body.items.length === 0 && following === after);
      after = following;
    } while (!isLast);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<P['items'][number], void, undefined> {
    for await (const { items } of this.pages()) {
      yield* items as Awaited<P['items'][number]>[];
    }
  }
}

/**
 * Returns the query of the link to the next page (RFC 8288). Its path depends on the gateway, and is that of
 * the list.
 */
function nextQuery(link: string | null): URLSearchParams | undefined {
  const [, address] = /<([^>]*)>;\s*rel="next"/.exec(link ?? '') ?? [];
  return address === undefined ? undefined : new URLSearchParams(address.replace(/^[^?]*/, ''));
}
