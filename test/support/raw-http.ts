import { connect, type Socket } from 'node:net';
import { checkResponse } from './check-response.js';
import { once } from 'node:events';

/** Parsed HTTP/1.1 response. */
export interface RawResponse {
  status: number;
  /** Header fields by lower-case name. Repeated fields are joined with commas. */
  headers: Record<string, string>;
  body: string;
}

const TIMEOUT_MILLISECONDS = 30_000;

/**
 * Sends bytes that no HTTP client would send and reads until the server closes the connection.
 *
 * @param check checks the response; a proxy can return responses that are not the server's.
 */
export function sendBytes(
  baseUrl: string,
  bytes: string,
  check: (bytes: string, response: RawResponse) => void = checkOwn,
): Promise<RawResponse> {
  const { hostname, port } = new URL(baseUrl);
  return new Promise<RawResponse>((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(Number(port), hostname, () => socket.write(bytes, 'latin1'));
    socket.setTimeout(TIMEOUT_MILLISECONDS, () =>
      socket.destroy(new Error(`No response in time to ${bytes.slice(0, 100)}`)),
    );
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('end', () => socket.end());
    socket.on('close', () => resolve(parse(Buffer.concat(chunks).toString('utf8'))));
  }).then((response) => {
    check(bytes, response);
    return response;
  });
}

/** Sends a request line and header fields unchanged, including repeated fields. */
export function sendLines(baseUrl: string, lines: readonly string[], body = ''): Promise<RawResponse> {
  return sendBytes(baseUrl, [...lines, 'Host: latchkey.test', 'Connection: close', '', body].join('\r\n'));
}

/** Checks the response, unless the server closed the connection without one. */
function checkOwn(bytes: string, { status, headers, body }: RawResponse): void {
  if (status > 0) {
    const path = bytes.split(' ', 2)[1] ?? '';
    checkResponse({ path, status, field: (name) => headers[name], text: body });
  }
}

function parse(text: string): RawResponse {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [statusLine = '', ...fields] = head.split('\r\n');
  const headers: Record<string, string> = {};
  for (const field of fields) {
    const colon = field.indexOf(':');
    const name = field.slice(0, colon).toLowerCase();
    const value = field.slice(colon + 1).trim();
    headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
  }
  return { status: Number(statusLine.split(' ')[1]), headers, body: rest.join('\r\n\r\n') };
}

/** Connection that a test opens before it sends a request. */
export class PendingRequest {
  private text = '';
  /** Error of the connection, if any. */
  failure: Error | undefined;

  private constructor(private readonly socket: Socket) {
    socket.setEncoding('utf8').on('data', (chunk: string) => (this.text += chunk));
    socket.on('error', (error) => (this.failure = error));
  }

  /** Opens a connection and waits until the server has accepted it. */
  static async open(baseUrl: string): Promise<PendingRequest> {
    const { hostname, port } = new URL(baseUrl);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    const request = new PendingRequest(socket);
    request.send(['GET /health/live HTTP/1.1']);
    await request.waitForStatus();
    request.text = '';
    return request;
  }

  /** Sends a request and leaves the connection open. */
  send(lines: readonly string[], body = ''): void {
    this.socket.write([...lines, 'Host: latchkey.test', '', body].join('\r\n'));
  }

  /** Sends the rest of a body. */
  sendRest(rest: string): void {
    this.socket.write(rest);
  }

  /** Waits for a complete response and returns its status, or 0 if the connection closes first. */
  async waitForStatus(): Promise<number> {
    while (!this.isWhole()) {
      if (this.socket.closed || this.socket.readableEnded) {
        return 0;
      }
      await Promise.race([
        once(this.socket, 'data'),
        once(this.socket, 'close'),
        once(this.socket, 'end'),
      ]).catch(() => undefined);
    }
    return Number(this.text.split(' ', 2)[1]);
  }

  /** Received text. */
  get received(): string {
    return this.text;
  }

  /** Waits until the server has closed the connection. */
  async closed(): Promise<void> {
    if (!this.socket.closed) {
      await once(this.socket, 'close').catch(() => undefined);
    }
  }

  close(): void {
    this.socket.destroy();
  }

  private isWhole(): boolean {
    const [head, body] = this.text.split('\r\n\r\n', 2);
    const length = /content-length: (\d+)/i.exec(head ?? '')?.[1];
    return body !== undefined && Buffer.byteLength(body) >= Number(length ?? 0);
  }
}
