import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiQuery, ApiTags } from '@nestjs/swagger';
import { type FastifyReply } from 'fastify';
import { ApplicationError } from '../../common/application-error.js';
import { RequirePermissions } from '../../common/request/policy.js';
import { type AuthenticatedRequest, type Principal } from '../../common/request/principal.js';
import { ApiToken } from '../../http/openapi/decorators/api-token.js';
import { RepresentedAs } from '../../http/negotiation/route-representation.js';
import { ForwardAuth } from '../guards/route-policy.js';

/** Answers gateways: 200 with who is calling in headers, or 401, 403, 503; never a body. */
@Controller('auth/verify')
@ApiTags('auth')
@ApiToken()
export class VerifyController {
  /** Tells whose token this is. Every `role` parameter names a role the caller must hold. */
  @Get()
  @RequirePermissions()
  @ForwardAuth()
  @ApiQuery({
    name: 'role',
    required: false,
    isArray: true,
    type: String,
    description: 'A role the caller must hold.',
  })
  @ApiOkResponse({
    description: 'The token is good.',
    headers: {
      'X-Auth-User': { description: 'Canonical name, percent-encoded UTF-8.', schema: { type: 'string' } },
      'X-Auth-User-Id': { schema: { type: 'string' } },
      'X-Auth-Roles': {
        description:
          'The user’s roles with commas between, also of a token that is limited to some permissions.',
        schema: { type: 'string' },
      },
      'X-Auth-Token-Id': { schema: { type: 'string' } },
    },
  })
  @RepresentedAs({ isBodyless: true, ignoresQuery: true })
  verifyToken(@Req() request: AuthenticatedRequest, @Res() reply: FastifyReply): void {
    // A decorated parameter would go through the pipes, which costs more than the answer.
    const { user: principal } = request;
    if (request.url.includes('?')) {
      checkRoles((request.query as { role?: string | string[] }).role, principal);
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

function checkRoles(demanded: string | string[] | undefined, { roles }: Principal): void {
  if (![demanded ?? []].flat().every((role) => roles.includes(role))) {
    throw new ApplicationError('forbidden');
  }
}
