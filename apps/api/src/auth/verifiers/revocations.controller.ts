import { type Readable } from 'node:stream';
import { Body, Controller, Get, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import {
  HEADERS,
  RevocationFeedQueryDto,
  VerifierReportDto,
  VerifierReportedDto,
} from '@latchkey/auth-models';
import { ApiHeader, ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { ApplicationError } from '../../common/application-error.js';
import { AllowSuperseded, RequirePermissions, Uncounted } from '../../common/request/policy.js';
import { CurrentPrincipal, type Principal } from '../../common/request/principal.js';
import { ApiToken } from '../../http/openapi/api-decorators.js';
import { RepresentedAs } from '../../http/negotiation/route-representation.js';
import { Replicas } from '../../platform/replicas/replicas.service.js';
import { parseTokenCredentials } from '../credentials/token-credentials.js';
import { TokenAuthentication } from '../verify/token-authentication.service.js';
import { type Recheck } from './feed-stream.js';
import { RevocationFeed } from './revocation-feed.service.js';
import { VerifierReports } from './verifier-reports.service.js';

/** Revocation feed for verifiers, and their reports. */
@Controller('auth/revocations')
@ApiTags('auth')
@ApiToken()
@RequirePermissions('tokens:introspect')
export class RevocationsController {
  constructor(
    private readonly feed: RevocationFeed,
    private readonly reports: VerifierReports,
    private readonly authentication: TokenAuthentication,
    private readonly replicas: Replicas,
  ) {}

  /**
   * Sends the ids of users whose tokens have changed, as server-sent events. Verifiers that answer from
   * memory forget what they know of these users. Heartbeats state up to which time nothing is missing. Events
   * are numbered and have a checksum, so that verifiers detect lost and altered ones. The guide "Verify
   * locally" describes the events.
   */
  @Get()
  @RepresentedAs({ isFixedType: true })
  @ApiProduces('text/event-stream')
  @ApiHeader({
    name: HEADERS.lastEventId,
    required: false,
    description: 'Id of the last event that the verifier received.',
  })
  @ApiOkResponse({
    schema: { type: 'string' },
    description: 'Events, until either side ends the connection.',
    headers: { [HEADERS.xAccelBuffering]: { description: '`no`, for nginx.', schema: { type: 'string' } } },
  })
  followRevocations(
    @Query() { verifier }: RevocationFeedQueryDto,
    @CurrentPrincipal() caller: Principal,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Readable {
    const lastEventId = request.headers['last-event-id'];
    const stream = this.feed.open(
      // A verifier only replaces its own connection, and none of another user.
      { verifier: `${caller.id} ${verifier}`, userId: caller.id },
      caller.token?.expirationTime ?? null,
      typeof lastEventId === 'string' ? lastEventId : undefined,
      this.recheckOf(caller, request),
    );
    // Proxies such as nginx would otherwise collect the events.
    reply.type('text/event-stream; charset=utf-8').header(HEADERS.xAccelBuffering, 'no');
    stream.disconnect = () => reply.raw.destroy();
    return stream.body;
  }

  /**
   * Records what a verifier has answered from memory. A report that is sent again is counted once. Uses count
   * only if their digest proves that the verifier has received the token, and if the secret was accepted at
   * their time. A digest of a canary's secret raises its alarm. Returns 429 if 1,000 other verifiers of the
   * user have reported within 30 s, or if the user's verifiers report more than 10,000 uses per second. A
   * report counts as at least 50 uses.
   */
  @Post('reports')
  @HttpCode(200)
  @AllowSuperseded()
  @Uncounted()
  async reportUses(
    @Body() report: VerifierReportDto,
    @CurrentPrincipal() caller: Principal,
  ): Promise<VerifierReportedDto> {
    const ignored = await this.reports.record(report, caller);
    return { process: this.replicas.id, time: Math.ceil(performance.now()), ignored };
  }

  /** Returns a function that checks whether the caller may still receive the feed. */
  private recheckOf(caller: Principal, request: FastifyRequest): Recheck {
    const credentials = parseTokenCredentials(request.headers);
    return async () => {
      if (!credentials) {
        // The command line presents no token.
        return null;
      }
      const { permissions, token } = await this.authentication.reauthenticate(
        credentials,
        caller.origin,
        request,
      );
      if (!permissions.has('tokens:introspect')) {
        throw new ApplicationError('forbidden');
      }
      return token?.expirationTime ?? null;
    };
  }
}
