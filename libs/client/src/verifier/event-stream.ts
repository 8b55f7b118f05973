/** Event of a stream. */
export interface StreamEvent {
  readonly type: string;
  readonly data: string;
  /** Id of this event; `undefined` if it has none. */
  readonly id: string | undefined;
}

/** Longest line and longest data of an event, in characters. The events of Latchkey have less than 200. */
const LENGTH_MAX = 16_384;

/**
 * Parser of server-sent events (HTML Living Standard, section 9.2.6). Calls back synchronously, in the order
 * of the stream.
 */
export class EventStreamParser {
  private readonly decoder = new TextDecoder();
  private rest = '';
  private type = '';
  private data: string | undefined;
  private id: string | undefined;

  constructor(private readonly onEvent: (event: StreamEvent) => void) {}

  /** @throws RangeError if a line or an event is too long. */
  push(chunk: Uint8Array): void {
    const lines = (this.rest + this.decoder.decode(chunk, { stream: true })).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) {
      this.readLine(line.endsWith('\r') ? line.slice(0, -1) : line);
    }
    this.limit(this.rest);
  }

  private readLine(line: string): void {
    this.limit(line);
    if (line === '') {
      this.dispatch();
      return;
    }
    const colon = line.indexOf(':');
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') {
      this.type = value;
    } else if (field === 'data') {
      this.data = this.data === undefined ? value : `${this.data}\n${value}`;
      this.limit(this.data);
    } else if (field === 'id' && !value.includes('\0')) {
      this.id = value;
    }
  }

  private dispatch(): void {
    const { type, data, id } = this;
    this.type = '';
    this.data = undefined;
    this.id = undefined;
    if (data !== undefined) {
      this.onEvent({ type, data, id });
    }
  }

  private limit(text: string): void {
    if (text.length > LENGTH_MAX) {
      throw new RangeError(
        `The event stream has a line or an event with more than ${LENGTH_MAX} characters.`,
      );
    }
  }
}
