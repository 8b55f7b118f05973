import { connect } from 'node:net';
import { checkResponse } from './check-response.js';

/** An answer, as it came over the wire. */
export interface RawAnswer {
  status: number;
  /** Header fields, names in lower case; repeated ones joined by a comma. */
  headers: Record<string, string>;
  body: string;
}

const TIMEOUT_MILLISECONDS = 5_000;

/**
 * Sends bytes that no HTTP client would send, and reads until the server closes the connection.
 *
 * @param check what the answer has to pass; somebody in between may send others than the server's.
 */
export function sendBytes(
  baseUrl: string,
  bytes: string,
  check: (bytes: string, answer: RawAnswer) => void = checkOwn,
): Promise<RawAnswer> {
  const { hostname, port } = new URL(baseUrl);
  return new Promise<RawAnswer>((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(Number(port), hostname, () => socket.write(bytes, 'latin1'));
    socket.setTimeout(TIMEOUT_MILLISECONDS, () =>
      socket.destroy(new Error(`No answer in time to ${bytes.slice(0, 100)}`)),
    );
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('end', () => socket.end());
    socket.on('close', () => resolve(parse(Buffer.concat(chunks).toString('utf8'))));
  }).then((answer) => {
    check(bytes, answer);
    return answer;
  });
}

/** Sends a request whose lines are given as they are: the request line first, then header fields, no two merged. */
export function sendLines(baseUrl: string, lines: readonly string[], body = ''): Promise<RawAnswer> {
  return sendBytes(baseUrl, [...lines, 'Host: latchkey.test', 'Connection: close', '', body].join('\r\n'));
}

/** A connection that is closed without a word is for the test to judge. */
function checkOwn(bytes: string, { status, headers, body }: RawAnswer): void {
  if (status > 0) {
    const path = bytes.split(' ', 2)[1] ?? '';
    checkResponse({ path, status, field: (name) => headers[name], text: body });
  }
}

function parse(text: string): RawAnswer {
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
