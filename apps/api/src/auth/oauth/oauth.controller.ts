import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import {
  IntrospectionRequestDto,
  IntrospectionResponseDto,
  OAuthMetadataDto,
  TokenRequestDto,
} from '@latchkey/auth-models';
import { ApiTags } from '@nestjs/swagger';
import { ApplicationError } from '../../common/application-error.js';
import { Public, RequirePermissions } from '../../common/request/policy.js';
import { CurrentPrincipal, type Principal } from '../../common/request/principal.js';
import { RepresentedAs } from '../../http/negotiation/route-representation.js';
import { TakesEffect } from '../../http/effective-by.service.js';
import { Config, WILDCARDS } from '../../platform/config/config.js';
import { IntrospectionService } from './introspection.service.js';
import { OAuthEndpoint } from './oauth-endpoint.js';
import { SecretRevocations } from './secret-revocations.service.js';

const AUTH_METHODS = ['client_secret_basic', 'client_secret_post'];

/** OAuth endpoints for services: introspection, revocation and metadata. */
@Controller()
@ApiTags('auth')
export class OAuthController {
  constructor(
    private readonly introspection: IntrospectionService,
    private readonly revocations: SecretRevocations,
    private readonly config: Config,
  ) {}

  /**
   * Returns the user and permissions of a token (RFC 7662), and records a use of it. For an invalid token,
   * the response is `{"active": false}`; with `explain=true`, it also has the reason and the id of the
   * request. Other members of the form are ignored, as RFC 7662, section 2.1, allows clients to send more.
   */
  @Post('auth/introspect')
  @HttpCode(200)
  @RequirePermissions('tokens:introspect')
  @OAuthEndpoint('api', 'address', 'agent', 'method', 'route', 'explain')
  introspectToken(
    @Body() request: IntrospectionRequestDto,
    @CurrentPrincipal() caller: Principal,
  ): Promise<IntrospectionResponseDto> {
    return this.introspection.introspect(request, caller);
  }

  /**
   * Revokes a token by its value (RFC 7009): the one that the client presents, or one that it may revoke by
   * its id. Returns 200 for unknown and invalid tokens as well.
   */
  @Post('auth/revoke')
  @HttpCode(200)
  @TakesEffect({ isInBody: false })
  @RequirePermissions()
  @OAuthEndpoint()
  revokeSecret(@Body() { token }: TokenRequestDto, @CurrentPrincipal() caller: Principal): Promise<void> {
    return this.revocations.revoke(token, caller);
  }

  /**
   * Returns the metadata of the server as an OAuth authorization server (RFC 8414). Returns 404 if the server
   * listens on all addresses and `LATCHKEY_PUBLIC_URL` is not set: clients reject an issuer that is not the
   * URL they use.
   */
  @Get('.well-known/oauth-authorization-server')
  @Public()
  @RepresentedAs({ isFixedType: true })
  getOAuthMetadata(): OAuthMetadataDto {
    const { host, hasPublicUrl, publicUrl: issuer } = this.config;
    if (!hasPublicUrl && WILDCARDS.has(host)) {
      throw new ApplicationError('not_found', {
        detail: 'The server has no public URL. Set LATCHKEY_PUBLIC_URL to the URL that clients use.',
      });
    }
    return {
      issuer,
      introspection_endpoint: `${issuer}/auth/introspect`,
      introspection_endpoint_auth_methods_supported: AUTH_METHODS,
      revocation_endpoint: `${issuer}/auth/revoke`,
      revocation_endpoint_auth_methods_supported: AUTH_METHODS,
      response_types_supported: [],
      grant_types_supported: [],
      service_documentation: `${issuer}/docs`,
    };
  }
}
