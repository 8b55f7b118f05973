import { IsBoolean, IsIn, IsInt, IsISO8601, IsObject, IsOptional, IsString } from 'class-validator';
import { TOKEN_KINDS, type TokenKind } from '../lists/token-kinds.js';
import { TOKEN_STATES, type TokenState } from '../lists/token-states.js';
import { SupersededSecretDto } from './superseded-secret.dto.js';

/** A user token as the API shows it. Absent values are left out. */
export class UserTokenDto {
  /** The token value to send in `X-Auth-Token`; only in the answer that makes or rotates it, and in `GET /auth/session`. */
  @IsOptional()
  @IsString()
  token?: string;

  /** Opaque id of the token. */
  @IsString()
  id: string;

  /** Canonical name of the user it belongs to. */
  @IsString()
  user: string;

  /** `session` from a log-in, `api` made on purpose. */
  @IsIn(TOKEN_KINDS)
  kind: TokenKind;

  /** Additional information about the token. */
  @IsOptional()
  @IsString()
  note?: string;

  /** Whether the token is switched on. It is accepted if its `state` is `active` or `expiring`. */
  @IsBoolean()
  enabled: boolean;

  /** How the token stands now, all considered. */
  @IsIn(TOKEN_STATES)
  state: TokenState;

  /** The subset of the owner's permissions it is limited to; absent = all of them. */
  @IsOptional()
  @IsString({ each: true })
  permissions?: string[];

  /** When the token was made, RFC 3339. */
  @IsISO8601()
  creationTime: string;

  /** When the token becomes invalid whatever else happens, RFC 3339; absent = never. */
  @IsOptional()
  @IsISO8601()
  expirationTime?: string;

  /** When a session becomes invalid unless it is bumped before, RFC 3339. */
  @IsOptional()
  @IsISO8601()
  idleExpirationTime?: string;

  /** When the token was last used, RFC 3339. */
  @IsOptional()
  @IsISO8601()
  lastUsageTime?: string;

  /** The address it was last used from. */
  @IsOptional()
  @IsString()
  lastUsageAddress?: string;

  /** What it was last used with, as `User-Agent` says. */
  @IsOptional()
  @IsString()
  lastUsageAgent?: string;

  /** The secret before the last rotation, if that had a grace period. */
  @IsOptional()
  @IsObject()
  superseded?: SupersededSecretDto;

  /** Its prefix and last four characters, for people to recognise it by. */
  @IsString()
  tokenPreview: string;

  /** Id of the token it was made with. */
  @IsOptional()
  @IsString()
  createdByTokenId?: string;

  /** Counts the edits of the token; use does not raise it. */
  @IsInt()
  version: number;

  /** What was not done as wished, such as a longer life than the server allows; only in the answer to the wish. */
  @IsOptional()
  @IsString({ each: true })
  warnings?: string[];
}
