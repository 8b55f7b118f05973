/** Response of `POST /auth/logout`. */
export class LogoutResponseDto {
  /** Always `true`. A failure is reported as a problem. */
  success: boolean;
}
