import { IsString } from 'class-validator';

/** Permission that roles can include. */
export class PermissionDto {
  /** Name of the permission, such as `users:read`. */
  @IsString()
  name: string;

  /** What the holder may do, in one sentence. */
  @IsString()
  description: string;
}
