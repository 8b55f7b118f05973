import { IsBoolean } from 'class-validator';

/** Response of `POST /auth/logout`. */
export class LogoutResponseDto {
  /** Always `true`. A failure is reported as a problem. */
  @IsBoolean()
  success: boolean;
}
