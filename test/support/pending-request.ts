import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A connection that is open before the request on it is sent. */
export class PendingRequest {
  private text = '';
  /** Why the connection broke, if it did. */
  failure: Error | undefined;

  private constructor(private readonly socket: Socket) {
    socket.setEncoding('utf8').on('data', (chunk: string) => (this.text += chunk));
    socket.on('error', (error) => (this.failure = error));
  }

  /** Connects, and sees that the server has taken the connection. */
  static async open(baseUrl: string): Promise<PendingRequest> {
    const { hostname, port } = new URL(baseUrl);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    const request = new PendingRequest(socket);
    request.send(['GET /health/live HTTP/1.1']);
    await request.answer();
    request.text = '';
    return request;
  }

  /** Sends a request, and leaves the connection open. */
  send(lines: readonly string[], body = ''): void {
    this.socket.write([...lines, 'Host: latchkey.test', '', body].join('\r\n'));
  }

  /** Sends what a body still lacks. */
  sendRest(rest: string): void {
    this.socket.write(rest);
  }

  /** Resolves with the status when a whole answer has come, or with 0 when the connection ends without one. */
  async answer(): Promise<number> {
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

  /** The answer as it came. */
  get received(): string {
    return this.text;
  }

  /** Resolves when the server has closed the connection. */
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
