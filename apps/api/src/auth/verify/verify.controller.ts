import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiForbiddenResponse, ApiOkResponse, ApiQuery, ApiTags } from '@nestjs/swagger';
import { type FastifyReply } from 'fastify';
import { HEADERS } from '@latchkey/auth-models';
import { ForwardAuth, RequireOwnAccount } from '../../common/request/policy.js';
import { type AuthenticatedRequest } from '../../common/request/principal.js';
import { ApiToken } from '../../http/openapi/api-decorators.js';
import { RepresentedAs } from '../../http/negotiation/route-representation.js';
import { Clock } from '../../common/clock.service.js';
import { LastUses } from '../../tokens/usage/last-uses.service.js';
import { checkDemands, demandsOf, setIdentityHeaders } from './demands.js';

const text = { type: 'string' } as const;

/** Forward auth for gateways: 200 with the user in headers, or 401, 403 or 503, without a body. */
@Controller('auth/verify')
@ApiTags('auth')
@ApiToken()
export class VerifyController {
  constructor(
    private readonly lastUses: LastUses,
    private readonly clock: Clock,
  ) {}

  /**
   * Verifies the presented token. The token must have each permission and role that the query names. With
   * `fresh` or `method`, it must be the token of a session with such a login or step-up. Returns 403 for any
   * other parameter, so that a typo cannot grant access.
   *
   * `/auth/verify/permission=orders:read/…` with any method is the same as
   * `GET /auth/verify?permission=orders:read`, for gateways such as Envoy, which keep the method and append
   * the path of their client.
   */
  @Get()
  @RequireOwnAccount()
  @ForwardAuth()
  // Gateways understand only 401, 403 and 503.
  @RepresentedAs({ isBodyless: true, ignoresQuery: true })
  @ApiQuery({
    name: 'permission',
    required: false,
    isArray: true,
    type: String,
    description:
      'Permission of any API that the token must have, such as `orders:read`. Repeat it to require several.',
  })
  @ApiQuery({
    name: 'role',
    required: false,
    isArray: true,
    type: String,
    description: 'Role that the token must have. Repeat it to require several.',
  })
  @ApiQuery({
    name: 'api',
    required: false,
    type: String,
    description: 'API whose permissions the response contains. By default all.',
  })
  @ApiQuery({
    name: 'fresh',
    required: false,
    type: 'integer',
    description:
      'Maximum age of the last login or step-up of the session, in whole seconds from 1 to 31622400. API tokens never meet it.',
    schema: { type: 'integer', minimum: 1, maximum: 31_622_400 },
    example: 300,
  })
  @ApiQuery({
    name: 'method',
    required: false,
    type: String,
    description:
      'Methods, separated by commas, of which `X-Auth-Methods` of the session must have one. API tokens never meet it.',
    example: 'otp,passkey',
  })
  @ApiForbiddenResponse({
    description:
      'The token lacks a required permission or role, cannot be used from the address of the client, or has reached its rate limit. Or its session lacks the required login or step-up. Or the query is invalid.',
    headers: {
      [HEADERS.xAuthError]: {
        description: 'Error code, or `invalid_request` for an invalid query.',
        schema: text,
      },
      [HEADERS.retryAfter]: {
        description: 'Seconds until a retry can succeed, for `rate_limited`.',
        schema: text,
      },
      [HEADERS.wwwAuthenticate]: {
        description:
          'The required permissions, in `scope`, or `insufficient_user_authentication` with `fresh` in `max_age` (RFC 9470).',
        schema: text,
      },
      [HEADERS.xAuthMissingPermissions]: {
        description: 'Missing permissions, separated by spaces.',
        schema: text,
      },
      [HEADERS.xAuthMissingRoles]: { description: 'Missing roles, separated by commas.', schema: text },
    },
  })
  @ApiOkResponse({
    description: 'The token is valid, and has what the query requires.',
    headers: {
      [HEADERS.xAuthUser]: { description: 'Canonical name, percent-encoded UTF-8.', schema: text },
      [HEADERS.xAuthUserId]: { description: 'Id of the user.', schema: text },
      [HEADERS.xAuthRoles]: { description: 'Roles of the token, separated by commas.', schema: text },
      [HEADERS.xAuthPermissions]: {
        description:
          'Permissions of the token, separated by spaces: those of `api`, or all. Absent if they are longer than 4 KiB. Then request those of one `api`.',
        schema: text,
      },
      [HEADERS.xAuthMethods]: {
        description:
          'Methods that proved who the user of a session is, separated by commas. Absent for API tokens.',
        schema: { type: 'string', example: 'pwd,otp' },
      },
      [HEADERS.xAuthTokenId]: { description: 'Id of the token.', schema: text },
      [HEADERS.xAuthMetadata]: {
        description: 'Metadata of the token as JSON in ASCII, if it has any.',
        schema: text,
      },
    },
  })
  verifyToken(@Req() request: AuthenticatedRequest, @Res() reply: FastifyReply): void {
    // Decorated parameters would pass through the pipes, which take longer than the rest of the response.
    const { user: principal } = request;
    const demands = demandsOf(request.query as object);
    checkDemands(demands, principal, this.clock);
    if (principal.token && demands.permissions.length > 0) {
      this.lastUses.noteDemands(principal.token, demands.permissions);
    }
    setIdentityHeaders(reply, principal, demands);
    reply.send();
  }
}
