import { IsIn, IsInt, IsISO8601, IsOptional, IsString } from 'class-validator';
import { TOKEN_REQUEST_STATUSES, type TokenRequestStatus } from '../../lists/enums.js';

/** Token request of a user. */
export class TokenRequestDto {
  /** Id of the request. */
  @IsString()
  id: string;

  /** Name of the user who requests the token, and who will own it. */
  @IsString()
  user: string;

  /** Name of the template that the request copied. The template may have been changed or deleted since. */
  @IsString()
  template: string;

  /** Permissions that the token will be limited to. Absent if it is not limited to permissions. */
  @IsOptional()
  @IsString({ each: true })
  permissions?: string[];

  /** Roles that the token will be limited to. Absent if it is not limited to roles. */
  @IsOptional()
  @IsString({ each: true })
  roles?: string[];

  /** Lifetime of the token in seconds, from the claim. */
  @IsInt()
  expiresIn: number;

  /** Note of the token. */
  @IsOptional()
  @IsString()
  note?: string;

  /** Reason of the requester. */
  @IsOptional()
  @IsString()
  reason?: string;

  /** Status of the request. */
  @IsIn(TOKEN_REQUEST_STATUSES)
  status: TokenRequestStatus;

  /** Creation time of the request, RFC 3339. */
  @IsISO8601()
  creationTime: string;

  /**
   * Time, RFC 3339, until which a pending request can be approved, and an approved one can be claimed. For other requests the time
   * at which they ended.
   */
  @IsISO8601()
  endTime: string;

  /** Name of the user who approved or rejected the request. */
  @IsOptional()
  @IsString()
  decidedBy?: string;

  /** Reason for the decision. */
  @IsOptional()
  @IsString()
  decisionReason?: string;

  /** Id of the token, once it is claimed. */
  @IsOptional()
  @IsString()
  tokenId?: string;
}
