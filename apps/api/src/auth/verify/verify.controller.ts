import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiQuery, ApiTags } from '@nestjs/swagger';
import { type FastifyReply } from 'fastify';
import { ApplicationError } from '../../common/application-error.js';
import { ForwardAuth, RequireOwnAccount } from '../../common/request/policy.js';
import { type AuthenticatedRequest, type Principal } from '../../common/request/principal.js';
import { RepresentedAs } from '../../http/negotiation/route-representation.js';
import { ApiToken } from '../../http/openapi/api-decorators.js';

/** Forward auth for gateways: 200 with the user in headers, or 401, 403 or 503, without a body. */
@Controller('auth/verify')
@ApiTags('auth')
@ApiToken()
export class VerifyController {
  /** Verifies the presented token. The caller must hold each role that the query names. */
  @Get()
  @RequireOwnAccount()
  @ForwardAuth()
  // Gateways understand only 401, 403 and 503.
  @RepresentedAs({ isBodyless: true, ignoresQuery: true })
  @ApiQuery({
    name: 'role',
    required: false,
    isArray: true,
    type: String,
    description: 'A role the caller must hold.',
  })
  @ApiOkResponse({
    description: 'The token is valid.',
    headers: {
      'X-Auth-User': { description: 'Canonical name, percent-encoded UTF-8.', schema: { type: 'string' } },
      'X-Auth-User-Id': { description: 'Id of the user.', schema: { type: 'string' } },
      'X-Auth-Roles': {
        description:
          'Roles of the user, separated by commas, even if the token is limited to some permissions.',
        schema: { type: 'string' },
      },
      'X-Auth-Token-Id': { description: 'Id of the token.', schema: { type: 'string' } },
    },
  })
  verifyToken(@Req() request: AuthenticatedRequest, @Res() reply: FastifyReply): void {
    // Decorated parameters would pass through the pipes, which take longer than the rest of the response.
    const { user: principal } = request;
    if (request.url.includes('?')) {
      requireRoles((request.query as { role?: string | string[] }).role, principal);
    }
    reply
      .headers({
        'x-auth-user': encodeURIComponent(principal.name),
        'x-auth-user-id': principal.id,
        'x-auth-roles': principal.roles.join(','),
        'x-auth-token-id': principal.token?.id,
      })
      .send();
  }
}

function requireRoles(required: string | string[] | undefined, { roles }: Principal): void {
  if (![required ?? []].flat().every((role) => roles.includes(role))) {
    throw new ApplicationError('forbidden');
  }
}
