import { createServer, request as send, type RequestListener, type Server } from 'node:http';
import { listen, readRequest, type SeenRequest } from './seen-request.js';

/** Stands between a proxy and Latchkey, hears what is asked, and may answer in Latchkey's place. */
export class Wiretap {
  /** What was asked, the oldest first. */
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
        // Whoever asks says less than it promised.
        () => response.destroy(),
      );
    });
    return tap;
  }

  /** Answers in Latchkey's place while something is done. */
  async whileAnswering<T>(answer: RequestListener, act: () => Promise<T>): Promise<T> {
    this.answer = answer;
    try {
      return await act();
    } finally {
      this.answer = undefined;
    }
  }

  /** Ends it: from then on connections are refused. */
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
