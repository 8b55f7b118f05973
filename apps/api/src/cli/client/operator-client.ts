import { once } from 'node:events';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { userInfo } from 'node:os';
import { type ProblemDto } from '@latchkey/auth-models';
import { canonicalUserName } from '@latchkey/auth-models/lists';
import { v7 as uuid } from 'uuid';
import { CommandError, toFailure } from '../command-error.js';
import { type ProgressLine, type ReportProgress } from '../progress.js';
import { readLines } from '../read-lines.js';

/** Maximum length of a line with progress or a result. */
const LINE_MAX_LENGTH = 1_048_576;

/** Start of the paths that only the command line can call. */
const OPERATOR_ROUTES = '/operator/';

const EFFECTIVE_BY = 'x-auth-effective-by';

/**
 * Error codes when no server listens, so the request was not sent. A killed server leaves its socket behind.
 */
export const NOT_LISTENING = new Set(['ENOENT', 'ECONNREFUSED']);

/** Error codes when the server closes the connection before the response is complete. */
const DISCONNECTED = new Set(['ECONNRESET', 'EPIPE']);

/** Result of a response without a body. */
interface TakenEffect {
  /** Time from which the change is in effect everywhere. */
  effectiveBy?: string;
}

type Outcome = { result?: unknown } | { problem: ProblemDto };

/** Calls the API over the socket of a server, or of the application in this process. */
export class OperatorClient {
  private readonly headers = {
    authorization: `Operator ${encodeURIComponent(accountName())}`,
    'content-type': 'application/json',
    // The same for all requests, so that the audit entries of one command share a trace id.
    'x-request-id': uuid(),
  };

  /** @param timeoutMilliseconds time limit of a request; none by default, because commands can be long. */
  constructor(
    private readonly socketPath: string,
    private readonly timeoutMilliseconds?: number,
  ) {}

  get<T>(path: string): Promise<T> {
    return this.send('GET', path);
  }

  post<T>(path: string, body: object = {}, report?: ReportProgress): Promise<T> {
    return this.send('POST', path, body, report);
  }

  delete(path: string): Promise<TakenEffect> {
    return this.send('DELETE', path);
  }

  private async send<T>(method: string, path: string, body?: object, report?: ReportProgress): Promise<T> {
    const outcome = await this.exchange(method, path, body, report);
    if (!('problem' in outcome)) {
      return outcome.result as T;
    }
    if (outcome.problem.code === 'not_found' && path.startsWith(OPERATOR_ROUTES)) {
      throw CommandError.of(
        'The running server and this program are different builds. Restart the server, or use the command line of its build.',
      );
    }
    throw new CommandError(toFailure(outcome.problem));
  }

  private async exchange(
    method: string,
    path: string,
    body: object | undefined,
    report: ReportProgress | undefined,
  ): Promise<Outcome> {
    const { socketPath, headers, timeoutMilliseconds: limit } = this;
    const signal = limit === undefined ? undefined : AbortSignal.timeout(limit);
    const sent = request({ socketPath, method, path, headers, agent: false, signal });
    sent.end(body && JSON.stringify(body));
    try {
      const response = await responseOf(sent);
      return await (report ? readProgress(response, report) : readOutcome(response));
    } catch (error) {
      throw toCommandError(error as NodeJS.ErrnoException);
    }
  }
}

async function responseOf(sent: ClientRequest): Promise<IncomingMessage> {
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  // The response reports the error of a connection that breaks now. Here it would end the process.
  sent.on('error', () => undefined);
  return response;
}

/** Converts the error of a connection. Returns all other errors unchanged. */
function toCommandError(error: NodeJS.ErrnoException): Error {
  if (NOT_LISTENING.has(error.code ?? '')) {
    return CommandError.of('The server is not reachable, and did not run this step. Run the command again.');
  }
  return DISCONNECTED.has(error.code ?? '') ? serverStopped() : error;
}

function serverStopped(): CommandError {
  return CommandError.of(
    'The server stopped before it responded. Check the audit trail to see whether it ran the command.',
  );
}

/**
 * Returns the path of a user.
 *
 * @throws CommandError `not_found` if no user can have the name.
 */
export function userPath(name: string): string {
  const canonical = canonicalUserName(name);
  if (canonical === null) {
    throw new CommandError({ code: 'not_found', message: 'There is no user with this name.' });
  }
  return `/users/${encodeURIComponent(canonical)}`;
}

async function readOutcome(response: IncomingMessage): Promise<Outcome> {
  const body = await text(response);
  const effectiveBy = response.headers[EFFECTIVE_BY];
  const result: unknown = body === '' ? { effectiveBy } : JSON.parse(body);
  return (response.statusCode ?? 0) < 400 ? { result } : { problem: result as ProblemDto };
}

async function readProgress(response: IncomingMessage, report: ReportProgress): Promise<Outcome> {
  if (response.statusCode !== 200) {
    return readOutcome(response);
  }
  for await (const line of readLines(response, LINE_MAX_LENGTH)) {
    const step = JSON.parse(line) as ProgressLine;
    if (!('progress' in step)) {
      return step;
    }
    report(step.progress);
  }
  throw serverStopped();
}

/** Returns the account of the operating system that runs this process. */
function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    // In a container the account may have an id but no name.
    return `uid ${process.getuid?.()}`;
  }
}
