import type { ErrorCode, ProblemDto, ProblemErrorDto } from '@latchkey/auth-models';
import { LatchkeyError } from './latchkey-error.js';

/** Expected body of a response: JSON, text, or none. */
export type Representation = 'json' | 'text' | 'none';

/** Response with its parsed body. */
export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** Bytes in a mebibyte. */
export const MEBIBYTE = 2 ** 20;
/** Longest body by default. The longest pages of Latchkey have a few mebibytes. */
const BYTES_MAX = 16 * MEBIBYTE;

/**
 * Reads the body of a response.
 *
 * @param signal signal of the request.
 * @param bytesMax longest body, which would otherwise fill the memory.
 * @throws LatchkeyError if the status is not successful, or the body is not as expected; the reason of the
 *   signal if it aborts.
 */
export async function readResponse<Body>(
  response: Response,
  representation: Representation,
  signal: AbortSignal,
  bytesMax = BYTES_MAX,
): Promise<Answer<Body>> {
  const { status, headers } = response;
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of chunksOf(response, signal)) {
    bytes += chunk.length;
    if (bytes > bytesMax) {
      throw tooLong(response, bytesMax);
    }
    text += decoder.decode(chunk, { stream: true });
  }
  text += decoder.decode();
  if (!response.ok) {
    throw rejection(response, text);
  }
  if (representation !== 'json' || status === 204) {
    return { status, headers, body: (representation === 'text' ? text : undefined) as Body };
  }
  const body = jsonIn(response, text);
  if (body === undefined) {
    throw unexpectedResponse(response);
  }
  return { status, headers, body: body as Body };
}

/**
 * Reads the body of a response in chunks. After a garbage collection, `fetch` in Node.js 20 and 22 may not
 * end the body of an aborted request, so this function ends it.
 *
 * @param signal signal of the request.
 * @throws the reason of the signal if it aborts, or an error of the connection.
 */
export async function* chunksOf({ body }: Response, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const reader = (body as ReadableStream<Uint8Array> | null)?.getReader();
  const cancel = () => void reader?.cancel().catch(() => undefined);
  signal.addEventListener('abort', cancel);
  try {
    signal.throwIfAborted();
    for (let chunk = await reader?.read(); chunk?.value; chunk = await reader?.read()) {
      yield chunk.value;
    }
    signal.throwIfAborted();
  } finally {
    signal.removeEventListener('abort', cancel);
    cancel();
  }
}

function rejection(response: Response, text: string): LatchkeyError {
  const retryAfter = secondsOf(response.headers.get('Retry-After'));
  const { status } = response;
  const body = jsonIn(response, text);
  if (isProblem(body)) {
    const { code, title, detail, traceId } = body;
    const errors = Array.isArray(body.errors) ? body.errors.filter(isProblemError) : [];
    return new LatchkeyError({ code, title, detail, status, traceId, errors, retryAfter });
  }
  const code = codeOfBodyless(response);
  if (code !== undefined) {
    const traceId = response.headers.get('X-Request-Id') ?? undefined;
    const detail = `Latchkey rejected the request with ${status} (${code}).`;
    return new LatchkeyError({ code, title: code, detail, status, traceId, retryAfter });
  }
  return unexpectedResponse(response, retryAfter);
}

/** Returns the error for a response that is not from Latchkey. */
export function unexpectedResponse({ status }: Response, retryAfter?: number): LatchkeyError {
  return new LatchkeyError({
    code: 'unexpected_response',
    title: 'Unexpected response',
    detail:
      status === 0 || (status >= 300 && status < 400)
        ? 'The server redirected the request, but the client does not follow redirects. Correct the URL.'
        : `The response with status ${status} is not from Latchkey. Check the URL, and the gateways in front of Latchkey.`,
    status,
    retryAfter,
  });
}

function tooLong({ status }: Response, bytesMax: number): LatchkeyError {
  return new LatchkeyError({
    code: 'unexpected_response',
    title: 'Unexpected response',
    detail: `The response is longer than ${bytesMax / MEBIBYTE} MiB. Request less, or check the URL, and the gateways in front of Latchkey.`,
    status,
  });
}

/** Whether a response has this media type, with any parameters. */
export function hasMediaType({ headers }: Response, mediaType: string): boolean {
  return headers.get('Content-Type')?.split(';')[0]?.trim().toLowerCase() === mediaType;
}

/**
 * Returns the parsed body; `undefined` if the media type or the text is not JSON. Error pages of gateways can
 * contain JSON too.
 */
function jsonIn(response: Response, text: string): unknown {
  if (!['application/json', 'application/problem+json'].some((type) => hasMediaType(response, type))) {
    return undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Gateways have problem details too, but without these members. */
function isProblem(body: unknown): body is ProblemDto {
  const { code, title, detail, traceId } = (body ?? {}) as Record<string, unknown>;
  return [code, title, detail, traceId].every((member) => typeof member === 'string');
}

function isProblemError(error: unknown): error is ProblemErrorDto {
  return typeof (error as Partial<ProblemErrorDto> | null)?.message === 'string';
}

/** Returns the code of an error of `/auth/verify`, which has no body. */
function codeOfBodyless({ status, headers }: Response): ErrorCode | undefined {
  const code = headers.get('X-Auth-Error');
  if (code !== null) {
    return code as ErrorCode;
  }
  const isChallenge = status === 401 && /\bXAuthToken\b/i.test(headers.get('WWW-Authenticate') ?? '');
  return isChallenge ? 'unauthenticated' : undefined;
}

/** Returns the seconds of `Retry-After`, which is a number or a date (RFC 9110, section 10.2.3). */
function secondsOf(header: string | null): number | undefined {
  if (header === null) {
    return undefined;
  }
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, Math.ceil(seconds));
}
