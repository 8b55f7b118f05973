import { randomUUID } from 'node:crypto';
import { STATUS_CODES, type ServerResponse } from 'node:http';
import { type Socket } from 'node:net';
import { type ErrorCode } from '@latchkey/auth-models';
import { ApplicationError } from '../../common/application-error.js';
import { CONSTANT_HEADERS } from './constant-headers.js';
import { PROBLEM_STATUS, toProblem } from '../problems/problem-catalog.js';
import { JSON_REPRESENTATION } from '../negotiation/representations.js';

const CODES: Partial<Record<string, ErrorCode>> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
};

/** Responds to malformed HTTP with a problem, and closes the connection. */
export function sendClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  // In the middle of another response, the client would take this for the rest of it.
  if (error.code === 'ECONNRESET' || !socket.writable || isSendingResponse(socket)) {
    socket.destroy();
    return;
  }
  const traceId = randomUUID();
  const problem = toProblem(new ApplicationError(CODES[error.code ?? ''] ?? 'malformed_request'), traceId);
  const body = JSON.stringify(problem);
  const headers = {
    ...CONSTANT_HEADERS,
    'x-request-id': traceId,
    'content-type': JSON_REPRESENTATION.problemContentType,
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  };
  const status = PROBLEM_STATUS[problem.code];
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${head.join('')}\r\n${body}`);
}

function isSendingResponse(socket: Socket): boolean {
  // Undocumented, but Node's own handler of such errors uses it as well.
  return (socket as Socket & { _httpMessage?: ServerResponse | null })._httpMessage?.headersSent === true;
}
