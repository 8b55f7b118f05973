import { IsIn, IsString, IsUrl } from 'class-validator';

/** Client authentication of the OAuth endpoints (RFC 6749, section 2.3.1). */
const AUTH_METHODS = ['client_secret_basic', 'client_secret_post'] as const;

/** Metadata of the server as an OAuth authorization server (RFC 8414, section 2). */
export class OAuthMetadataDto {
  /** Public URL of the server. */
  @IsUrl()
  issuer: string;

  /** URL of the token introspection endpoint (RFC 7662). */
  @IsUrl()
  introspection_endpoint: string;

  /** Client authentication at `introspection_endpoint`. */
  @IsIn(AUTH_METHODS, { each: true })
  introspection_endpoint_auth_methods_supported: string[];

  /** URL of the token revocation endpoint (RFC 7009). */
  @IsUrl()
  revocation_endpoint: string;

  /** Client authentication at `revocation_endpoint`. */
  @IsIn(AUTH_METHODS, { each: true })
  revocation_endpoint_auth_methods_supported: string[];

  /** Empty: there is no authorization endpoint. */
  @IsString({ each: true })
  response_types_supported: string[];

  /** Empty: there is no token endpoint. */
  @IsString({ each: true })
  grant_types_supported: string[];

  /** URL of the documentation. */
  @IsUrl()
  service_documentation: string;
}
