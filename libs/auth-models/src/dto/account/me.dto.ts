import { IsString } from 'class-validator';
import { ProfileDto } from '../users/profile.dto.js';

/** Account of the caller, with the permissions of the presented token. Members without a value are absent. */
export class MeDto extends ProfileDto {
  /** Effective permissions of the presented token, sorted. */
  @IsString({ each: true })
  permissions: string[];
}
