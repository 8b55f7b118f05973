import { Injectable } from '@nestjs/common';
import {
  type CreateTokenDto,
  type ProbeApiDto,
  type ProbeCheck,
  type ProbeCheckDto,
  type ProbeDto,
  type ProbeResult,
} from '@latchkey/auth-models';
import { AuditService } from '../../../audit/trail/audit.service.js';
import { ApplicationError } from '../../../common/application-error.js';
import { type Principal } from '../../../common/request/principal.js';
import { Config } from '../../../platform/config/config.js';
import { Writes } from '../../../platform/database/writes.js';
import { ActorReader } from '../../actor-reader.js';
import { ApiTokensService } from '../../../tokens/issue/api-tokens.service.js';
import { RevocationsService } from '../../../tokens/revoke/revocations.service.js';
import { ApiListService } from '../api-list.service.js';
import { parseTarget, type ProbeTarget } from './probe-target.js';
import { type ProbeResponse, sendProbe } from './send-probe.js';

/** Probes that run at the same time. */
const PROBES_MAX = 4;

/** Lifetime of the tokens, in seconds, if the server is killed before it revokes them. */
const LIFETIME = 60;

/** Uses of each token. A gateway may verify the token of one request several times. */
const USES_MAX = 5;

const EXPECTED: Readonly<Record<ProbeCheck, string>> = {
  no_token: '401',
  permission: 'not 401, 403 or 5xx',
  no_permission: '403',
};

/** Tests a protected API with requests to it: without a token, and with tokens of the actor that work for a minute. */
@Injectable()
export class ApiProbeService {
  /** Ids of the users whose probes run. */
  private readonly running = new Set<string>();

  constructor(
    private readonly apis: ApiListService,
    private readonly actors: ActorReader,
    private readonly audit: AuditService,
    private readonly writes: Writes,
    private readonly tokens: ApiTokensService,
    private readonly revocations: RevocationsService,
    private readonly config: Config,
  ) {}

  /**
   * Sends the requests one after the other. A server that accepts requests without a token gets no token.
   *
   * @param ownPort port on which Latchkey received the request.
   * @throws ApplicationError `not_found`, `api_built_in`, `validation_failed`, `throttled`, or an error of
   *   {@link ApiTokensService.create}.
   */
  async probe(
    name: string,
    { url, permission }: ProbeApiDto,
    actor: Principal,
    ownPort: number | undefined,
  ): Promise<ProbeDto> {
    const api = await this.apis.get(name);
    if (api.isBuiltIn) {
      throw new ApplicationError('api_built_in');
    }
    if (!api.permissions.some((one) => one.name === permission)) {
      const message = `permission must be a permission of the API ${name}`;
      throw new ApplicationError('validation_failed', {
        errors: [{ pointer: '/permission', code: 'unknown_permission', message }],
      });
    }
    const target = parseTarget(url, this.config.probeHosts, ownPort);
    if (this.running.has(actor.id) || this.running.size >= PROBES_MAX) {
      throw new ApplicationError('throttled', {
        retryAfterSeconds: 10,
        detail: 'Another probe is running. Try again in 10 s.',
      });
    }
    this.running.add(actor.id);
    try {
      await this.record(name, target, permission, actor);
      return { checks: await this.check(target, name, permission, actor) };
    } finally {
      this.running.delete(actor.id);
    }
  }

  /** Records the probe before its first request, so that no request leaves the server without an entry. */
  private record(name: string, { url }: ProbeTarget, permission: string, actor: Principal): Promise<void> {
    return this.writes.transaction(async (tx) => {
      await this.actors.lockAndRefresh(actor, tx);
      await this.audit.record(
        {
          action: 'api_probed',
          actor,
          origin: actor.origin,
          subject: { kind: 'api', id: null, name },
          after: { url: `${url.origin}${url.pathname}`, permission },
        },
        tx,
      );
    }, 'none');
  }

  private async check(
    target: ProbeTarget,
    api: string,
    permission: string,
    actor: Principal,
  ): Promise<ProbeCheckDto[]> {
    const first = toCheck('no_token', await sendProbe(target));
    if (!first.passed) {
      return [first, unsent('permission', 'not_sent'), unsent('no_permission', 'not_sent')];
    }
    const second = actor.permissions.has(permission)
      ? toCheck('permission', await this.sendWithToken(target, api, [permission], actor))
      : unsent('permission', 'not_held');
    return [first, second, toCheck('no_permission', await this.sendWithToken(target, api, [], actor))];
  }

  /** Sends a request with a new token of the actor, and revokes the token. */
  private async sendWithToken(
    target: ProbeTarget,
    api: string,
    permissions: string[],
    actor: Principal,
  ): Promise<ProbeResponse> {
    const dto: CreateTokenDto = {
      permissions,
      expiresIn: LIFETIME,
      maxUses: USES_MAX,
      note: `probe of ${api}`,
    };
    const { id, token } = await this.tokens.create(actor.name, dto, actor);
    try {
      return await sendProbe(target, Buffer.from(`${actor.name}:${token}`).toString('base64'));
    } finally {
      await this.revocations.revoke(id, {}, actor).catch(rejectUnlessGone);
    }
  }
}

/** Ignores that a token has reached its uses, or was revoked meanwhile. */
function rejectUnlessGone(error: unknown): void {
  if (!(error instanceof ApplicationError && error.code === 'not_found')) {
    throw error;
  }
}

function toCheck(check: ProbeCheck, response: ProbeResponse): ProbeCheckDto {
  const result = resultOf(check, response);
  const { status } = response;
  return {
    check,
    expected: EXPECTED[check],
    ...(status !== undefined && { status }),
    passed: result === 'passed',
    result,
    ...(result === 'passed' ? status === 404 && { hint: NO_PATH } : { hint: hintOf(result, response) }),
  };
}

function unsent(check: ProbeCheck, result: 'not_sent' | 'not_held'): ProbeCheckDto {
  return { check, expected: EXPECTED[check], passed: false, result, hint: HINTS[result] };
}

function resultOf(check: ProbeCheck, response: ProbeResponse): ProbeResult {
  if (response.status === undefined) {
    return response.failure;
  }
  const { status, error } = response;
  if (status >= 500) {
    return 'unavailable';
  }
  if (status >= 300 && status < 400) {
    return 'redirected';
  }
  if (check === 'permission') {
    return status === 401 || status === 403 ? 'rejected' : 'passed';
  }
  // A 403 for another reason, such as an address, does not prove that the permission is required.
  const isExpected =
    check === 'no_token'
      ? status === 401
      : status === 403 && (error ?? 'insufficient_scope') === 'insufficient_scope';
  if (isExpected) {
    return 'passed';
  }
  return status < 400 || status === 404 ? 'unprotected' : 'unexpected';
}

/** Hint for a check that passed although the path may be wrong. */
const NO_PATH = 'The API returned 404, so the path may be mistyped. Use a path that exists.';

const HINTS: Readonly<Record<Exclude<ProbeResult, 'passed'>, string>> = {
  unprotected:
    'The API accepted this request. Check that the configuration is loaded, and that the path requires the permission.',
  redirected:
    'The API redirected the request, and probes follow no redirects. Enter the URL that it redirects to.',
  unexpected: 'The API rejected the request for another reason. Check the URL and the configuration.',
  rejected: 'The API rejected a token that has the permission. Check which permission the path requires.',
  unavailable:
    'The gateway or the API failed. Check that the gateway can reach Latchkey and the API, and read its log.',
  refused: 'Nothing is listening at this address. Check the port, and that the gateway is running.',
  timeout: 'There was no response within 3 s. Check that the gateway can reach Latchkey and the API.',
  failed: 'The connection failed. Check the scheme, the certificate and the host name.',
  not_held:
    'You do not have this permission, so this check was skipped. With PATCH /users/{name}, give yourself a role that grants it, and repeat the probe.',
  not_sent: 'Not sent, because the request without a token was not rejected with 401.',
};

function hintOf(result: Exclude<ProbeResult, 'passed'>, response: ProbeResponse): string {
  const error = response.status === undefined ? undefined : response.error;
  return error === undefined ? HINTS[result] : `${HINTS[result]} Latchkey's reason: ${error}.`;
}
