import { IsString } from 'class-validator';

/** Permission that roles can include. */
export class PermissionDto {
  /** Name of the permission, such as `users:read`. */
  @IsString()
  name: string;

  /** Actions that the permission allows, in one sentence. */
  @IsString()
  description: string;
}
