import { readFileSync } from 'node:fs';
import { jest } from '@jest/globals';
import { eventOf } from '../../../apps/api/src/auth/verifiers/event-log.js';
import { VerificationError } from '../../../libs/client/src/verifier/verification-error.js';
import {
  type Principal,
  Verifier,
  type VerifierOptions,
  type VerifyOptions,
} from '../../../libs/client/src/verifier/verifier.js';
import { responseOf, turns } from './fake-latchkey.js';

export type Json = Record<string, unknown>;
type Route = 'introspect' | 'feed' | 'reports';

/** Effects of a step. Members that are missing are empty lists. */
export interface Effects {
  readonly requests?: Json[];
  readonly verdicts?: Json[];
  readonly warnings?: string[];
}

/** Step of a vector, as `libs/conformance/README.md` describes it. */
export interface Step extends Effects {
  /** Performs the step this number of times, with `{n}` replaced by 1, 2 and so on. */
  readonly repeat?: number;
  readonly start?: true;
  readonly advance?: number;
  readonly moveWallClock?: number;
  readonly send?: (string | { id: string; event: string; data: object })[];
  readonly endFeed?: 'end' | 'break';
  readonly verify?: { token?: string; headers?: Record<string, string> } & VerifyOptions;
  readonly respond?: {
    to?: Route;
    answer?: string;
    with?: object;
    status?: number;
    headers?: Record<string, string>;
    json?: unknown;
    text?: string;
    unreachable?: true;
  };
  readonly close?: true;
}

/** Vector in a file of `libs/conformance/verifier`. */
export interface Vector {
  readonly name: string;
  readonly options?: Partial<Omit<VerifierOptions, 'url'>> & {
    freshFor?: number;
    entries?: number;
  };
  /** Steps of `common.json` that come first; none if it is null. */
  readonly from?: 'start' | 'fresh' | 'cached' | null;
  /** Whether it describes reports. Otherwise they are counted, and not listed. */
  readonly reports?: true;
  readonly steps: readonly Step[];
}

/** Folder of the vectors. */
export const VECTORS = new URL('../../../libs/conformance/verifier/', import.meta.url);

const common = JSON.parse(readFileSync(new URL('common.json', VECTORS), 'utf8')) as {
  readonly tokens: Readonly<Record<string, string>>;
  readonly answers: Readonly<Record<string, object>>;
  readonly beginnings: Readonly<Record<'start' | 'fresh' | 'cached', readonly Step[]>>;
};

const ROUTES: Readonly<Record<string, Route>> = {
  '/auth/introspect': 'introspect',
  '/auth/revocations': 'feed',
  '/auth/revocations/reports': 'reports',
};

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Request that has no response. */
interface Pending {
  readonly to: Route;
  settle(response: Response): void;
  fail(error: Error): void;
}

/** Fakes the clocks and timers of a test. */
export function fakeTime(): void {
  jest.useFakeTimers({ now: 1_700_000_000_000, doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
}

/** Verifier whose clocks and server a vector controls. Needs {@link fakeTime}. */
export class Bench {
  private verifier: Verifier | undefined;
  private readonly pending: Pending[] = [];
  private stream: ReadableStreamDefaultController<Uint8Array> | undefined;
  /** Id of the verifier, which its first request for a feed has. */
  private id: string | undefined;
  private questions = 0;
  private requests: Json[] = [];
  private verdicts: Json[] = [];
  private warnings: string[] = [];

  constructor(private readonly vector: Pick<Vector, 'options' | 'reports'>) {}

  /** Performs a step. Returns the effects since the last one. */
  async perform(step: Step): Promise<Required<Effects>> {
    this.act(step);
    await jest.advanceTimersByTimeAsync(step.advance ?? 0);
    await turns();
    const { requests, verdicts, warnings } = this;
    this.requests = [];
    this.verdicts = [];
    this.warnings = [];
    verdicts.sort((a, b) => Number(a.question) - Number(b.question));
    return this.withoutIds({ requests, verdicts, warnings });
  }

  private act({ start, moveWallClock, send, endFeed, verify, respond, close }: Step): void {
    if (start) {
      this.start();
    } else if (moveWallClock !== undefined) {
      jest.setSystemTime(Date.now() + moveWallClock);
    } else if (send) {
      this.send(send);
    } else if (endFeed) {
      if (endFeed === 'end') {
        this.stream?.close();
      } else {
        this.stream?.error(new TypeError('terminated'));
      }
      this.stream = undefined;
    } else if (verify) {
      this.verify(verify);
    } else if (respond) {
      this.respond(respond);
    } else if (close) {
      void this.verifier?.close();
    }
  }

  private start(): void {
    const { freshFor, entries, ...options } = this.vector.options ?? {};
    this.verifier = new Verifier({
      url: 'http://latchkey.test',
      token: 'own:token',
      name: 'sample',
      cache: { ...(freshFor !== undefined && { freshFor }), ...(entries !== undefined && { entries }) },
      ...options,
      onWarning: (error) => this.warnings.push((error as Error).message),
      fetch: (url, init) => this.receive(new URL(url), init ?? {}),
    });
  }

  private verify({ token, headers, ...options }: NonNullable<Step['verify']>): void {
    this.questions += 1;
    const question = this.questions;
    const credentials = headers ?? common.tokens[token ?? ''] ?? token ?? {};
    this.verifier?.verify(credentials, options).then(
      (accepted: Principal) => this.verdicts.push({ question, accepted }),
      (error: unknown) => {
        if (!(error instanceof VerificationError)) {
          throw error;
        }
        const { status, headers, body } = error.toResponse(this.vector.options?.publicUrl);
        this.verdicts.push({ question, rejected: { status, code: body.code, headers, body } });
      },
    );
  }

  private receive(url: URL, { headers, body, signal }: RequestInit): Promise<Response> {
    const to = ROUTES[url.pathname]!;
    const query = Object.fromEntries(url.searchParams);
    this.id ??= query.verifier;
    const fields = Object.fromEntries(new Headers(headers));
    if (to === 'reports' && !this.vector.reports) {
      return Promise.resolve(Response.json({ time: 0, process: 'other' }));
    }
    this.requests.push({
      to,
      headers: fields,
      ...(to === 'feed' && { query }),
      ...(to === 'introspect' && { body: Object.fromEntries(body as URLSearchParams) }),
      ...(to === 'reports' && { body: JSON.parse(body as string) as Json }),
    });
    return new Promise((settle, fail) => {
      const request = { to, settle, fail };
      this.pending.push(request);
      signal?.addEventListener('abort', () => {
        this.remove(request);
        fail(signal.reason as Error);
      });
    });
  }

  /** Replaces the id of the verifier, and new ids of requests. */
  private withoutIds(effects: Required<Effects>): Required<Effects> {
    const text = JSON.stringify(effects, (_, value: unknown) => {
      if (value === this.id) {
        return '<verifier>';
      }
      return typeof value === 'string' && UUID.test(value) ? '<new id>' : value;
    });
    return JSON.parse(text) as Required<Effects>;
  }

  private remove(request: Pending): void {
    const index = this.pending.indexOf(request);
    if (index >= 0) {
      this.pending.splice(index, 1);
    }
  }

  /** Returns the oldest request to a route that has no response. */
  private take(to: Route): Pending | undefined {
    const request = this.pending.find((each) => each.to === to);
    if (request) {
      this.remove(request);
    }
    return request;
  }

  /** Sends chunks of the stream, which first accepts a waiting request. */
  private send(chunks: NonNullable<Step['send']>): void {
    const request = this.take('feed');
    if (request) {
      const body = new ReadableStream<Uint8Array>({
        start: (stream) => void (this.stream = stream),
        cancel: () => void (this.stream = undefined),
      });
      request.settle(responseOf(200, body, { 'content-type': 'text/event-stream; charset=utf-8' }));
    }
    for (const chunk of chunks) {
      this.stream?.enqueue(new TextEncoder().encode(typeof chunk === 'string' ? chunk : textOf(chunk)));
    }
  }

  private respond(response: NonNullable<Step['respond']>): void {
    const { to = 'introspect', answer, with: changes, status = 200, headers, text, unreachable } = response;
    const request = this.take(to);
    if (!request) {
      throw new Error(`No request to ${to} waits for a response.`);
    }
    if (unreachable) {
      request.fail(new TypeError('fetch failed'));
    } else if (text !== undefined) {
      request.settle(responseOf(status, text, headers));
    } else {
      const json = answer === undefined ? (response.json ?? null) : { ...common.answers[answer], ...changes };
      request.settle(Response.json(json, { status, ...(headers && { headers }) }));
    }
  }
}

/** Plays a vector. Returns the effects, limited to the members that it expects, and the expected ones. */
export async function play(vector: Vector): Promise<[actual: unknown[], expected: unknown[]]> {
  const bench = new Bench(vector);
  const { from = 'fresh' } = vector;
  const steps = [...(from ? common.beginnings[from] : []), ...vector.steps];
  const actual: unknown[] = [];
  const expected: unknown[] = [];
  for (const step of steps.flatMap(repeated)) {
    const { requests = [], verdicts = [], warnings = [], ...action } = step;
    expected.push({ ...action, requests, verdicts, warnings });
    const effects = await bench.perform(step);
    actual.push({
      ...action,
      requests: limited(effects.requests, requests),
      verdicts: limited(effects.verdicts, verdicts),
      warnings: effects.warnings.map((text, index) => text.slice(0, warnings[index]?.length)),
    });
  }
  return [actual, expected];
}

function repeated({ repeat = 1, ...step }: Step): Step[] {
  const text = JSON.stringify(step);
  return Array.from({ length: repeat }, (_, n) => JSON.parse(text.replaceAll('{n}', String(n + 1))) as Step);
}

/** Limits an object to the members of another one. A missing member is null. */
function limited(actual: unknown, expected: unknown): unknown {
  if (Array.isArray(actual) && Array.isArray(expected)) {
    return actual.map((value, index) => limited(value, (expected as unknown[])[index]));
  }
  if (!isObject(actual) || !isObject(expected) || Array.isArray(expected)) {
    return actual ?? null;
  }
  // A list has a length.
  return Object.fromEntries(
    Object.keys(expected).map((name) => [name, limited(actual[name], expected[name])]),
  );
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null;
}

function textOf({ id, event, data }: { id: string; event: string; data: object }): string {
  const [process = '', sequence] = id.split('.');
  return eventOf(event, data, process, Number(sequence));
}
