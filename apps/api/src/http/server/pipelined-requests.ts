import { type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Socket } from 'node:net';

/** Returned to Node's parser to stop it after the header of a request: `HPE_PAUSED` of llhttp. */
const PAUSED = 21;
const PAUSED_CODE = 'HPE_PAUSED';

/** Undocumented parts of a connection. Node documents no way to stop its parser in the middle of a read. */
interface HttpSocket extends Socket {
  readonly parser: { onIncoming: TakeRequest; resume(): void } | null;
  /** The response in progress. */
  readonly _httpMessage: ServerResponse | null;
}

/** A request as the parser passes it to the server. */
interface ParsedRequest extends IncomingMessage {
  /** Whether the client requests another protocol, by CONNECT or Upgrade. */
  upgrade: boolean;
}

type TakeRequest = (request: ParsedRequest, isKeptAlive: boolean) => number;

/** The error that Node's parser emits when it stops; the types of Fastify have another `rawPacket`. */
interface ParserError extends NodeJS.ErrnoException {
  readonly rawPacket?: Buffer;
  readonly bytesParsed?: number;
}

/** A parsed request that has not been started yet. */
interface WaitingRequest {
  take(): number;
  /** Bytes that were read with it and follow it. */
  rest?: Buffer;
}

/** Milliseconds of one turn of the event loop after which no further request is started in it. */
const TURN_MILLISECONDS = 5;

/**
 * Handles the requests of each connection one at a time: the next one starts once the client has received the response
 * before it. Node starts all of them at once and keeps the responses: 64 KiB of pipelined requests took 1 GiB, and
 * delayed all other clients for seconds.
 *
 * Requests that arrive together on many connections are spread over turns of the event loop. Otherwise 300 of them
 * blocked it for up to 160 ms.
 */
export class PipelinedRequests {
  private readonly waiting = new WeakMap<Socket, WaitingRequest>();
  /** First requests that arrived in a long turn, in their order. */
  private readonly late: (() => void)[] = [];
  /** Pipelined requests that may start. One starts in each turn, so that first requests go before them. */
  private readonly pipelined: (() => void)[] = [];
  private isScheduled = false;
  /** Start of the first request in this turn of the event loop; 0 if there was none. */
  private turnStart = 0;
  private readonly endTurn = () => {
    this.turnStart = 0;
  };

  /** Watches the connections of a server. */
  watch(server: Server): void {
    server.on('connection', (socket: Socket) => this.watchConnection(socket as HttpSocket));
  }

  /** Whether an error only reports that the parser is paused. If so, keeps the bytes that follow the waiting request. */
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
      const response = socket._httpMessage;
      if (!response && (message.upgrade || (this.late.length === 0 && !this.isTurnLong()))) {
        return onIncoming(message, isKeptAlive);
      }
      const request: WaitingRequest = { take: () => onIncoming(message, isKeptAlive) };
      this.waiting.set(socket, request);
      if (!hasWaited) {
        hasWaited = true;
        // Reading the body of the request before it resumes the connection.
        socket.on('resume', () => this.waiting.has(socket) && stopReading(socket));
      }
      stopReading(socket);
      const start = () => this.continue(socket, request, parse);
      if (!response) {
        this.schedule(this.late, start);
        return PAUSED;
      }
      if (message.upgrade) {
        // Otherwise Node detaches the connection, and nothing ever closes it.
        message.upgrade = false;
        response.once('finish', () => socket.destroySoon());
        return PAUSED;
      }
      response.once('finish', () => this.schedule(this.pipelined, start));
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
      // The client requests another protocol.
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

  private schedule(queue: (() => void)[], start: () => void): void {
    queue.push(start);
    if (!this.isScheduled) {
      this.isScheduled = true;
      setImmediate(() => this.startNext());
    }
  }

  private startNext(): void {
    if (this.late.length > 0 && !this.isTurnLong()) {
      this.late.shift()?.();
      // Promise callbacks and ticks of the request run first, so that its response counts toward the length of the turn.
      queueMicrotask(() => process.nextTick(() => this.startNext()));
      return;
    }
    if (this.late.length === 0) {
      this.pipelined.shift()?.();
    }
    this.isScheduled = this.late.length + this.pipelined.length > 0;
    if (this.isScheduled) {
      setImmediate(() => this.startNext());
    }
  }

  private isTurnLong(): boolean {
    if (this.turnStart === 0) {
      this.turnStart = performance.now();
      setImmediate(this.endTurn);
      return false;
    }
    return performance.now() - this.turnStart > TURN_MILLISECONDS;
  }
}

function stopReading(socket: Socket): void {
  socket.pause();
  // Node stops reading on this event, which a stream that is already paused does not emit.
  socket.emit('pause');
}
