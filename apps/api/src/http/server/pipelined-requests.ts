import { type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Socket } from 'node:net';

/** Returned to Node's parser to stop it after the header of a request: `HPE_PAUSED` of llhttp. */
const PAUSED = 21;
const PAUSED_CODE = 'HPE_PAUSED';

/** The parts of a connection that Node does not document. Nothing that it documents stops its parser in the middle of a read. */
interface HttpSocket extends Socket {
  readonly parser: { onIncoming: TakeRequest; resume(): void } | null;
  /** The answer under way. */
  readonly _httpMessage: ServerResponse | null;
}

/** A request as the parser hands it over. */
interface ParsedRequest extends IncomingMessage {
  /** Whether it asks for another protocol, as CONNECT does. */
  upgrade: boolean;
}

type TakeRequest = (request: ParsedRequest, isKeptAlive: boolean) => number;

/** The error that Node's parser emits when it stops; the types of Fastify have another `rawPacket`. */
interface ParserError extends NodeJS.ErrnoException {
  readonly rawPacket?: Buffer;
  readonly bytesParsed?: number;
}

/** A request that waits for the answer to the one before. */
interface WaitingRequest {
  take(): number;
  /** The bytes that were read with it. */
  rest?: Buffer;
}

/**
 * Answers the requests of each connection one after the other: the next one waits, unread as far as possible, until the
 * client has taken the answer before it. Node works on all of them at once, and keeps the answers: 64 KiB of pipelined
 * requests took 1 GiB, and stopped everybody else for seconds.
 */
export class PipelinedRequests {
  private readonly waiting = new WeakMap<Socket, WaitingRequest>();
  /** Requests whose turn has come. One is taken in each turn of the event loop, so that they do not displace others. */
  private readonly due: (() => void)[] = [];

  /** Watches the connections of a server. */
  watch(server: Server): void {
    server.on('connection', (socket: Socket) => this.watchConnection(socket as HttpSocket));
  }

  /** Whether an error is the parser's stop at a request that waits; keeps what was read beyond it. */
  isPause(error: Error, socket: Socket): boolean {
    const { code, rawPacket, bytesParsed } = error as ParserError;
    const request = this.waiting.get(socket);
    if (!request || code !== PAUSED_CODE) {
      return false;
    }
    request.rest = request.rest
      ? Buffer.concat([request.rest, rawPacket ?? Buffer.alloc(0)])
      : rawPacket?.subarray(bytesParsed);
    return true;
  }

  private watchConnection(socket: HttpSocket): void {
    const { parser } = socket;
    const [parse] = socket.listeners('data') as ((bytes: Buffer) => void)[];
    if (!parser || !parse) {
      throw new Error('This version of Node parses requests differently. Use one that package.json names.');
    }
    const { onIncoming } = parser;
    let hasWaited = false;
    parser.onIncoming = (message, isKeptAlive) => {
      const answer = socket._httpMessage;
      if (!answer) {
        return onIncoming(message, isKeptAlive);
      }
      const request: WaitingRequest = { take: () => onIncoming(message, isKeptAlive) };
      this.waiting.set(socket, request);
      if (!hasWaited) {
        hasWaited = true;
        // Whoever reads the body of the request before resumes the connection.
        socket.on('resume', () => this.waiting.has(socket) && stopReading(socket));
      }
      stopReading(socket);
      if (message.upgrade) {
        // CONNECT or Upgrade. Otherwise Node hands the connection over for good, and nothing would ever close it.
        message.upgrade = false;
        answer.once('finish', () => socket.destroySoon());
        return PAUSED;
      }
      answer.once('finish', () => this.schedule(() => this.continue(socket, request, parse)));
      return PAUSED;
    };
  }

  private continue(socket: HttpSocket, request: WaitingRequest, parse: (bytes: Buffer) => void): void {
    const { parser } = socket;
    if (!parser || !socket.writable) {
      return;
    }
    this.waiting.delete(socket);
    if (request.take() !== 0) {
      // It asks for another protocol.
      socket.destroy();
      return;
    }
    parser.resume();
    if (request.rest) {
      parse(request.rest);
    }
    if (!this.waiting.has(socket)) {
      socket.resume();
    }
  }

  private schedule(next: () => void): void {
    this.due.push(next);
    if (this.due.length === 1) {
      setImmediate(() => this.takeNext());
    }
  }

  private takeNext(): void {
    this.due[0]?.();
    this.due.shift();
    if (this.due.length > 0) {
      setImmediate(() => this.takeNext());
    }
  }
}

function stopReading(socket: Socket): void {
  socket.pause();
  // A stream that is paused already says nothing, and Node stops reading when it does.
  socket.emit('pause');
}
