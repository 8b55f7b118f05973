import { IsString } from 'class-validator';

/** Who did what an entry of the audit trail records. */
export class AuditActorDto {
  /** Id of the user, never used again, unlike a name; `server` or `command-line` if it was no user. */
  @IsString()
  id: string;

  /** The name of the user at that time; `the server`, or `command line (alice)` after the account of the operating system. */
  @IsString()
  name: string;
}
