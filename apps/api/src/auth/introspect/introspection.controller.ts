import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { IntrospectionRequestDto, IntrospectionResponseDto } from '@latchkey/auth-models';
import { ApiConsumes, ApiTags } from '@nestjs/swagger';
import { AllowSuperseded, RequirePermissions, Uncounted } from '../../common/request/policy.js';
import { CurrentPrincipal, type Principal } from '../../common/request/principal.js';
import { ApiToken } from '../../http/openapi/api-decorators.js';
import { formBody } from '../../http/bodies/body-format.js';
import { RepresentedAs } from '../../http/negotiation/route-representation.js';
import { IntrospectionService } from './introspection.service.js';

const MEMBERS = ['token', 'token_type_hint', 'api', 'address', 'agent', 'method', 'route', 'explain'];

/** Token introspection. */
@Controller('auth/introspect')
@ApiTags('auth')
@ApiToken()
export class IntrospectionController {
  constructor(private readonly introspection: IntrospectionService) {}

  /**
   * Returns the user and permissions of a token (RFC 7662), and records a use of it. For an invalid token,
   * the response is `{"active": false}`; with `explain=true`, it also has the reason and the id of the
   * request. Other members of the form are ignored, as RFC 7662, section 2.1, allows clients to send more.
   */
  @Post()
  @HttpCode(200)
  @AllowSuperseded()
  @Uncounted()
  @RequirePermissions('tokens:introspect')
  @ApiConsumes('application/x-www-form-urlencoded')
  @RepresentedAs({ isFixedType: true, bodyAs: formBody(MEMBERS) })
  introspectToken(
    @Body() request: IntrospectionRequestDto,
    @CurrentPrincipal() caller: Principal,
  ): Promise<IntrospectionResponseDto> {
    return this.introspection.introspect(request, caller);
  }
}
