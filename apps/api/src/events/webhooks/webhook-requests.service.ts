import { Agent as HttpAgent, request as requestHttp, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { isIPv6, type LookupFunction } from 'node:net';
import { Injectable } from '@nestjs/common';
import { VERSION } from '../../common/version.js';
import { Config } from '../../platform/config/config.js';
import { traced, type TracedWork } from '../../platform/telemetry/telemetry.js';
import { HostNames } from './host-names.service.js';
import {
  addressProblem,
  fixedAddresses,
  hostNameOf,
  isListedName,
  webhookUrlProblem,
} from './receiver-rules.js';
import { describeRequestError, ReceiverError } from './request-error.js';

/** Time of a whole request: DNS, connection, TLS, and the response. */
export const REQUEST_MILLISECONDS = 10_000;

/** Bytes of a response that the server reads before it closes the connection. */
const BODY_BYTES_MAX = 4_096;
const HEADER_BYTES_MAX = 16_384;

/** Time to wait for the body once the status is known, so that receivers do not see a broken connection. */
const BODY_MILLISECONDS = 1_000;

/** Interim responses, such as 103, before the final one. Node reads any number. */
const INTERIM_RESPONSES_MAX = 10;

/** Maximum number of addresses of a name to attempt. */
const ADDRESSES_MAX = 8;

/** Outcome of a request. It was successful if there is no `error`. */
export interface WebhookOutcome {
  /** Status of the response, if there was one. */
  readonly status?: number;
  /** Reason why it failed: one line of at most 200 characters, without any part of the body. */
  readonly error?: string;
  /** Seconds to wait, if the receiver sent `Retry-After`. */
  readonly retryAfter?: number;
  readonly milliseconds: number;
}

/** The URL is not an attribute, because it is often a secret. */
const WEBHOOK: TracedWork<WebhookOutcome> = {
  name: 'send a webhook',
  isCall: true,
  isRoot: true,
  attributes: { 'http.request.method': 'POST' },
  describe: ({ status, error }) => ({
    isError: error !== undefined,
    attributes: { ...(status !== undefined && { 'http.response.status_code': status }) },
  }),
};

/**
 * Sends requests to receivers of webhooks. It never follows redirects, ignores proxies in the environment,
 * and uses each connection once, so that the address of every request is checked.
 */
@Injectable()
export class WebhookRequests {
  private readonly agents = {
    'http:': new HttpAgent({ keepAlive: false }),
    // A resumed session would skip the check of the certificate.
    'https:': new HttpsAgent({ keepAlive: false, maxCachedSessions: 0, rejectUnauthorized: true }),
  };

  constructor(
    private readonly config: Config,
    private readonly names: HostNames,
  ) {}

  /** Posts JSON. Never rejects: the outcome has the error. Aborting the signal stops the request. */
  post(
    url: string,
    headers: Readonly<Record<string, string>>,
    body: string,
    signal?: AbortSignal,
  ): Promise<WebhookOutcome> {
    // Without `tracestate`, which may contain data of the client.
    return traced(WEBHOOK, ({ traceparent }) =>
      this.postInTime(url, traceparent === undefined ? headers : { ...headers, traceparent }, body, signal),
    );
  }

  private async postInTime(
    url: string,
    headers: Readonly<Record<string, string>>,
    body: string,
    signal?: AbortSignal,
  ): Promise<WebhookOutcome> {
    const start = performance.now();
    const limit = new AbortController();
    const abort = () => limit.abort(new ReceiverError('The server stopped before the receiver responded.'));
    const timer = setTimeout(
      () => limit.abort(new ReceiverError('The receiver did not respond within 10 seconds.')),
      REQUEST_MILLISECONDS,
    );
    signal?.addEventListener('abort', abort, { once: true });
    if (signal?.aborted) {
      abort();
    }
    try {
      return { ...(await this.send(url, headers, body, limit.signal)), milliseconds: since(start) };
    } catch (error) {
      const cause: unknown = limit.signal.aborted ? limit.signal.reason : error;
      return { error: describeRequestError(cause), milliseconds: since(start) };
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    }
  }

  private async send(
    text: string,
    headers: Readonly<Record<string, string>>,
    body: string,
    signal: AbortSignal,
  ): Promise<Omit<WebhookOutcome, 'milliseconds'>> {
    // The settings may have changed since the target was created.
    const problem = webhookUrlProblem(text, this.config);
    if (problem !== undefined) {
      throw new ReceiverError(problem);
    }
    const url = new URL(text);
    const addresses = await untilAborted(this.allowedAddresses(url, signal), signal);
    const response = await this.request(url, addresses, headers, body, signal);
    const status = response.statusCode ?? 0;
    await drain(response, signal);
    const retryAfter = readRetryAfter(response.headers['retry-after'], Date.now());
    return {
      status,
      ...(retryAfter !== undefined && { retryAfter }),
      ...((status < 200 || status > 299) && { error: describeStatus(status) }),
    };
  }

  /** Resolves the host once and returns the allowed addresses. Throws if there are none. */
  private async allowedAddresses(url: URL, signal: AbortSignal): Promise<string[]> {
    const name = hostNameOf(url);
    const addresses =
      fixedAddresses(url) ??
      (isListedName(name, this.config)
        ? await this.names.resolveListed(name)
        : await this.names.resolve(name, signal));
    const problems = addresses.map((address) => addressProblem(url, address, this.config));
    const allowed = addresses.filter((_, index) => problems[index] === undefined);
    if (allowed.length === 0) {
      throw new ReceiverError(problems[0] ?? `${name} has no addresses.`);
    }
    return allowed.slice(0, ADDRESSES_MAX);
  }

  private request(
    url: URL,
    addresses: readonly string[],
    headers: Readonly<Record<string, string>>,
    body: string,
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    const send = url.protocol === 'http:' ? requestHttp : requestHttps;
    return new Promise((resolve, reject) => {
      const request = send(url, {
        method: 'POST',
        agent: this.agents[url.protocol as keyof typeof this.agents],
        // Node only calls it for names, so addresses in URLs are checked before.
        lookup: lookupOf(addresses),
        maxHeaderSize: HEADER_BYTES_MAX,
        signal,
        headers: {
          ...headers,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'user-agent': `Latchkey/${VERSION}`,
        },
      });
      let interim = 0;
      request.on('information', () => {
        interim += 1;
        if (interim > INTERIM_RESPONSES_MAX) {
          request.destroy(new ReceiverError('The receiver sent too many interim responses.'));
        }
      });
      request.on('upgrade', (_, socket) => {
        socket.destroy();
        reject(new ReceiverError('The receiver responded with 101.'));
      });
      request.on('response', resolve);
      request.on('error', reject);
      request.end(body);
    });
  }
}

/** Reads the beginning of a body, then closes the connection. Nothing of the body is kept. */
async function drain(response: IncomingMessage, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    let bytes = 0;
    const timer = setTimeout(resolve, BODY_MILLISECONDS);
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    signal.addEventListener('abort', done, { once: true });
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > BODY_BYTES_MAX) {
        done();
      }
    });
    response.on('close', done);
    // Without a listener, a broken body would end the process.
    response.on('error', done);
  });
  response.destroy();
}

function lookupOf(addresses: readonly string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
  return (_, { all: wantsAll }, callback) => {
    const [first] = all;
    if (wantsAll || !first) {
      callback(null, all);
    } else {
      callback(null, first.address, first.family);
    }
  };
}

/** Waits for a promise that may not support signals. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) {
      abort();
    }
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** Parses `Retry-After`: seconds or an HTTP date (RFC 9110, section 10.2.3). */
function readRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) {
    return undefined;
  }
  const seconds = /^\d{1,10}$/.test(value) ? Number(value) : Math.ceil((Date.parse(value) - now) / 1_000);
  return Number.isNaN(seconds) ? undefined : Math.max(seconds, 0);
}

function describeStatus(status: number): string {
  return status >= 300 && status < 400
    ? `The receiver responded with ${status}. Latchkey does not follow redirects; use the final URL.`
    : `The receiver responded with ${status}.`;
}

function since(start: number): number {
  return Math.round(performance.now() - start);
}
