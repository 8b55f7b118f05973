import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { IntrospectionRequestDto, IntrospectionResponseDto } from '@latchkey/auth-models';
import { ApiConsumes, ApiTags } from '@nestjs/swagger';
import { AllowSuperseded, RequirePermissions, Uncounted } from '../../common/request/policy.js';
import { CurrentPrincipal, type Principal } from '../../common/request/principal.js';
import { ApiToken } from '../../http/openapi/decorators/api-token.js';
import { formBody } from '../../http/bodies/body-format.js';
import { RepresentedAs } from '../../http/negotiation/route-representation.js';
import { IntrospectionService } from './introspection.service.js';

/** Answers services that were presented a token. */
@Controller('auth/introspect')
@ApiTags('auth')
@ApiToken()
export class IntrospectionController {
  constructor(private readonly introspection: IntrospectionService) {}

  /**
   * Tells whose a token is and what it may do (RFC 7662). It counts as a use of the token. Members of the form other than
   * those here are not looked at, as RFC 7662, section 2.1, lets clients send more.
   */
  @Post()
  @HttpCode(200)
  @AllowSuperseded()
  @Uncounted()
  @RequirePermissions('tokens:introspect')
  @ApiConsumes('application/x-www-form-urlencoded')
  @RepresentedAs({ isFixedType: true, bodyAs: formBody(['token', 'token_type_hint']) })
  introspectToken(
    @Body() { token }: IntrospectionRequestDto,
    @CurrentPrincipal() asker: Principal,
  ): Promise<IntrospectionResponseDto> {
    return this.introspection.introspect(token, asker);
  }
}
