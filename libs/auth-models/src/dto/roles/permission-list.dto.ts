import { IsArray, ValidateNested } from 'class-validator';
import { Nested } from '../../validation/nested.js';
import { PermissionDto } from './permission.dto.js';

/** All registered permissions, sorted by name. */
export class PermissionListDto {
  @IsArray()
  @ValidateNested({ each: true })
  @Nested(() => PermissionDto)
  items: PermissionDto[];
}
