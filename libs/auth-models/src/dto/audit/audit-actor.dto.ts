import { IsOptional, IsString } from 'class-validator';

/** Actor of an audited action. */
export class AuditActorDto {
  /** Id of the user, which is never reused; or `server` or `command-line`. */
  @IsString()
  id: string;

  /**
   * Name of the user at that time; or `the server`, or `command line (alice)` with the account of the
   * operating system.
   */
  @IsString()
  name: string;

  /** Id of the token that the actor presented. Absent for logins, the command line and the server. */
  @IsOptional()
  @IsString()
  tokenId?: string;
}
