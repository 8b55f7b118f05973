import { createServer, request as send, type RequestListener, type Server } from 'node:http';
import { listen, readRequest, type SeenRequest } from './seen-request.js';

/** HTTP proxy between a gateway and Latchkey that records requests, and can respond instead of Latchkey. */
export class Wiretap {
  /** Recorded requests, oldest first. */
  questions: SeenRequest[] = [];
  private answer: RequestListener | undefined;

  private constructor(
    private readonly server: Server,
    readonly authority: string,
    private readonly target: string,
  ) {}

  static async before(target: string): Promise<Wiretap> {
    const server = createServer();
    const tap = new Wiretap(server, await listen(server), target);
    server.on('request', (request, response) => {
      readRequest(request).then(
        (question) => {
          tap.questions.push(question);
          (tap.answer ?? tap.passOn)(request, response);
        },
        // The body is shorter than its Content-Length.
        () => response.destroy(),
      );
    });
    return tap;
  }

  /** Responds instead of Latchkey during an action. */
  async whileAnswering<T>(answer: RequestListener, act: () => Promise<T>): Promise<T> {
    this.answer = answer;
    try {
      return await act();
    } finally {
      this.answer = undefined;
    }
  }

  /** Closes the server, after which connections are refused. */
  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private readonly passOn: RequestListener = ({ method, url, rawHeaders }, response) => {
    send(this.target + url, { method, headers: rawHeaders })
      .on('response', (answer) => {
        response.writeHead(answer.statusCode ?? 0, answer.rawHeaders);
        answer.pipe(response);
      })
      .on('error', () => response.destroy())
      .end();
  };
}
