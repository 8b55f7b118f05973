import { IsString } from 'class-validator';

/** Who did what an entry of the audit trail records. */
export class AuditActorDto {
  /** Id of the user; never used again, unlike a name. */
  @IsString()
  id: string;

  /** The name they had then. */
  @IsString()
  name: string;
}
