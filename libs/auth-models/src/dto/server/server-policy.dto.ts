import { IsBoolean, IsInt, IsObject, IsOptional, IsString, ValidateNested } from 'class-validator';
import { Nested } from '../../validation/nested.js';

/** Paths of the server, relative to its URL. */
export class EndpointsDto {
  /** Login, with Basic credentials. */
  @IsString()
  login: string;

  /** Extends the session of the presented token. */
  @IsString()
  bump: string;

  /** Revokes the presented token. */
  @IsString()
  logout: string;

  /** Account and token of the caller. */
  @IsString()
  me: string;

  /** Verifies the presented token, for gateways. */
  @IsString()
  verify: string;

  /** Token introspection (RFC 7662). */
  @IsString()
  introspect: string;

  /** Revocation feed for verifiers. */
  @IsString()
  revocations: string;

  /** OpenAPI document. */
  @IsString()
  openapi: string;
}

/** Rules for new passwords. */
export class PasswordPolicyDto {
  /** Minimum length in code points of the NFC form. */
  @IsInt()
  minLength: number;

  /** Maximum length in code points of the NFC form. */
  @IsInt()
  maxLength: number;

  /** Maximum size in bytes of UTF-8. */
  @IsInt()
  maxBytes: number;

  /** Whether the server also rejects common and predictable passwords. */
  @IsBoolean()
  blocklist: boolean;
}

/** Lifetimes of sessions. */
export class SessionPolicyDto {
  /** Seconds without use or bump until a session expires. */
  @IsInt()
  idleSeconds: number;

  /** Maximum lifetime in seconds. */
  @IsInt()
  maxSeconds: number;
}

/** Lifetimes and number of API tokens. */
export class ApiTokenPolicyDto {
  /** Lifetime in seconds of tokens created without an expiry. */
  @IsInt()
  defaultSeconds: number;

  /** Maximum lifetime in seconds. Later expiries are reduced. */
  @IsInt()
  maxSeconds: number;

  /** Whether tokens may have no expiry, with `expirationTime: null`. */
  @IsBoolean()
  noExpiry: boolean;

  /** Maximum number of live tokens of a user. */
  @IsInt()
  perUser: number;
}

/** Limits on requests. */
export class RequestLimitsDto {
  /** Maximum number of changes of a user within 24 hours. */
  @IsInt()
  writesPerDay: number;

  /** Maximum number of items on a page. */
  @IsInt()
  pageSize: number;

  /** Maximum number of ids in a bulk request. */
  @IsInt()
  bulkIds: number;

  /** Maximum grace period in seconds of a rotated secret. */
  @IsInt()
  gracePeriodSeconds: number;
}

/** Public policy of a server: the settings that clients need. */
export class ServerPolicyDto {
  /** Version of the server and its API, as in the OpenAPI document. */
  @IsString()
  version: string;

  /** Configured origin of the server (`LATCHKEY_PUBLIC_URL`). Absent if it is not configured. */
  @IsOptional()
  @IsString()
  publicUrl?: string;

  /** Whether the server sends e-mail. Users can then request a link to choose a new password. */
  @IsBoolean()
  mail: boolean;

  @IsObject()
  @ValidateNested()
  @Nested(() => EndpointsDto)
  endpoints: EndpointsDto;

  /** Names of the header fields, as in `HEADERS` of auth-models. */
  @IsObject()
  headers: Record<string, string>;

  /** Prefix of new tokens. Tokens with an earlier prefix stay valid. */
  @IsString()
  tokenPrefix: string;

  @IsObject()
  @ValidateNested()
  @Nested(() => PasswordPolicyDto)
  password: PasswordPolicyDto;

  @IsObject()
  @ValidateNested()
  @Nested(() => SessionPolicyDto)
  sessions: SessionPolicyDto;

  @IsObject()
  @ValidateNested()
  @Nested(() => ApiTokenPolicyDto)
  apiTokens: ApiTokenPolicyDto;

  @IsObject()
  @ValidateNested()
  @Nested(() => RequestLimitsDto)
  limits: RequestLimitsDto;
}
