import { IsOptional, IsString, ValidateNested } from 'class-validator';
import { Nested } from '../../validation/nested.js';
import { ProfileDto } from '../users/profile.dto.js';
import { PresentedTokenDto } from './presented-token.dto.js';

/** Account of the caller, with the permissions of the presented token. Members without a value are absent. */
export class MeDto extends ProfileDto {
  /** Effective permissions of the presented token, sorted. */
  @IsString({ each: true })
  permissions: string[];

  /** The presented token. */
  @IsOptional()
  @ValidateNested()
  @Nested(() => PresentedTokenDto)
  token?: PresentedTokenDto;
}
