import { randomUUID } from 'node:crypto';
import { type Headers } from './api-client.js';

/** Event of the revocation feed. */
export interface FeedEvent {
  readonly name: string;
  readonly id: string | undefined;
  readonly data: Record<string, unknown>;
}

/** Connection to the revocation feed that keeps all events. */
export class FeedClient {
  readonly events: FeedEvent[] = [];
  readonly verifier: string;
  isClosed = false;
  /** Error of an event that could not be parsed. */
  private failure: Error | undefined;
  private readonly waiting = new Set<() => void>();

  private constructor(
    private readonly response: Response,
    private readonly abort: AbortController,
    verifier: string,
  ) {
    this.verifier = verifier;
    void this.read().finally(() => {
      this.isClosed = true;
      this.wake();
    });
  }

  /** Connects. @throws Error if the server does not send a feed. */
  static async open(
    baseUrl: string,
    headers: Headers,
    { verifier = randomUUID(), query = '' }: { verifier?: string; query?: string } = {},
  ): Promise<FeedClient> {
    const abort = new AbortController();
    const response = await fetch(`${baseUrl}/auth/revocations?verifier=${verifier}&name=test${query}`, {
      headers,
      signal: abort.signal,
    });
    if (response.status !== 200) {
      throw new Error(`${response.status}: ${await response.text()}`);
    }
    return new FeedClient(response, abort, verifier);
  }

  get contentType(): string | null {
    return this.response.headers.get('content-type');
  }

  /** Id of the last event that has one. */
  get lastEventId(): string {
    return this.events.findLast(({ id }) => id !== undefined)?.id ?? '';
  }

  /**
   * Waits for an event, also one that has already arrived.
   *
   * @throws Error if the feed ends first, or if an event is malformed.
   */
  async event(matches: (event: FeedEvent) => boolean): Promise<FeedEvent> {
    for (;;) {
      const found = this.events.find(matches);
      if (found) {
        return found;
      }
      if (this.isClosed) {
        throw this.failure ?? new Error('The server has ended the feed');
      }
      await new Promise<void>((resolve) => this.waiting.add(resolve));
    }
  }

  /** Waits until the server ends the feed. @throws Error if an event was malformed. */
  async closed(): Promise<void> {
    while (!this.isClosed) {
      await new Promise<void>((resolve) => this.waiting.add(resolve));
    }
    if (this.failure) {
      throw this.failure;
    }
  }

  close(): void {
    this.abort.abort();
  }

  private async read(): Promise<void> {
    let text = '';
    const decoder = new TextDecoder();
    try {
      for await (const chunk of this.response.body as unknown as AsyncIterable<Uint8Array>) {
        text += decoder.decode(chunk, { stream: true });
        const blocks = text.split('\n\n');
        text = blocks.pop() ?? '';
        blocks.filter((block) => !block.startsWith(':')).forEach((block) => this.events.push(parse(block)));
        this.wake();
      }
    } catch (error) {
      // Otherwise, the connection has ended.
      if (error instanceof MalformedEvent) {
        this.failure = error;
      }
    }
  }

  private wake(): void {
    this.waiting.forEach((resolve) => resolve());
    this.waiting.clear();
  }
}

class MalformedEvent extends Error {}

/** @throws MalformedEvent if the data is not JSON. */
function parse(block: string): FeedEvent {
  const fields = new Map(
    block.split('\n').map((line): [string, string] => {
      const [name = '', ...value] = line.split(': ');
      return [name, value.join(': ')];
    }),
  );
  try {
    const data = JSON.parse(fields.get('data') ?? '{}') as Record<string, unknown>;
    return { name: fields.get('event') ?? '', id: fields.get('id'), data };
  } catch (error) {
    throw new MalformedEvent(`The server sent a malformed event: ${block}`, { cause: error });
  }
}
