import { IsISO8601 } from 'class-validator';

/** The answer of `POST /auth/bump`. */
export class BumpResponseDto {
  /** The user's `lastLoginTime` after the bump, RFC 3339. */
  @IsISO8601()
  lastLoginTime: string;
}
