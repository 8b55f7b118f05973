import { IsString } from 'class-validator';

/** A permission that roles can give. */
export class PermissionDto {
  /** Such as `users:read`. */
  @IsString()
  name: string;

  /** What it lets its holder do, in a sentence. */
  @IsString()
  description: string;
}
