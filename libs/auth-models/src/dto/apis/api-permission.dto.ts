import { IsPermission, IsPermissionDescription } from '../../validation/members.js';

/** Permission of an API. */
export class ApiPermissionDto {
  /** Name of the permission: the name of the API, a colon, and an action, such as `orders:read`. */
  @IsPermission()
  name: string;

  /** Actions that the permission allows, in one sentence. */
  @IsPermissionDescription()
  description: string;
}
