import { IsISO8601 } from 'class-validator';

/** Response of `POST /auth/bump`. */
export class BumpResponseDto {
  /** The user's new `lastLoginTime`, RFC 3339. */
  @IsISO8601()
  lastLoginTime: string;
}
