import { IsString } from 'class-validator';
import { ProfileDto } from './profile.dto.js';

/** The caller's own account, with what the presented token may do. Absent values are left out. */
export class MeDto extends ProfileDto {
  /** Effective permissions of the presented token, sorted. */
  @IsString({ each: true })
  permissions: string[];
}
