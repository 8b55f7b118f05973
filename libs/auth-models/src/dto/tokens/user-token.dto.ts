import { IsBoolean, IsIn, IsInt, IsISO8601, IsObject, IsOptional, IsString } from 'class-validator';
import { TOKEN_STATES, type TokenState } from '../../lists/enums.js';
import { DescribedTokenDto } from './described-token.dto.js';
import { SupersededSecretDto } from './superseded-secret.dto.js';

/** Token of a user. Members without a value are absent. */
export class UserTokenDto extends DescribedTokenDto {
  /**
   * Value for `X-Auth-Token`. Only the response that creates or rotates the token has it, and
   * `GET /auth/session`.
   */
  @IsOptional()
  @IsString()
  token?: string;

  /** Canonical name of the token's user. */
  @IsString()
  user: string;

  /** Whether the token itself is enabled. The server accepts it if `state` is `active` or `expiring`. */
  @IsBoolean()
  enabled: boolean;

  /** State of the token. */
  @IsIn(TOKEN_STATES)
  state: TokenState;

  /** Creation time, RFC 3339. */
  @IsISO8601()
  creationTime: string;

  /** Time of the last use, RFC 3339. */
  @IsOptional()
  @IsISO8601()
  lastUsageTime?: string;

  /**
   * Client address of the last use.
   */
  @IsOptional()
  @IsString()
  lastUsageAddress?: string;

  /** `User-Agent` of the last use. */
  @IsOptional()
  @IsString()
  lastUsageAgent?: string;

  /**
   * Service that reported the last use, as in `addresses` of the usage. Absent if the server itself saw it.
   */
  @IsOptional()
  @IsString()
  lastUsageReportedBy?: string;

  /**
   * Names of verifiers that have reported with the token within the last day, at most three. Only lists with
   * `verifying=true` have them.
   */
  @IsOptional()
  @IsString({ each: true })
  verifiesFor?: string[];

  /** Previous secret, if the last rotation had a grace period. */
  @IsOptional()
  @IsObject()
  superseded?: SupersededSecretDto;

  /** Time of the last report that a secret of the token has leaked, RFC 3339. */
  @IsOptional()
  @IsISO8601()
  leakReportTime?: string;

  /**
   * Time of the last acknowledgement by an administrator, RFC 3339; of a used canary, the time of its
   * acknowledged use.
   */
  @IsOptional()
  @IsISO8601()
  acknowledgedTime?: string;

  /** Prefix and last four characters of the token, to recognize it by. */
  @IsString()
  tokenPreview: string;

  /** Id of the token that this one was created with. */
  @IsOptional()
  @IsString()
  createdByTokenId?: string;

  /** Number of edits of the token. Use does not increase it. */
  @IsInt()
  version: number;

  /**
   * Deviations from the request, such as an expiry reduced to the server's maximum. Only the response to that
   * request has them.
   */
  @IsOptional()
  @IsString({ each: true })
  warnings?: string[];

  /**
   * Time from which a change or rotation is in effect everywhere, RFC 3339. Only the response to that request
   * has it.
   */
  @IsOptional()
  @IsISO8601()
  effectiveBy?: string;
}
