import { IsBoolean } from 'class-validator';

/** The answer of `POST /auth/logout`. */
export class LogoutResponseDto {
  /** Whether the log-out was successful; always true, a failure is a problem. */
  @IsBoolean()
  success: boolean;
}
