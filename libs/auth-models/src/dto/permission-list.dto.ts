import { IsArray, ValidateNested } from 'class-validator';
import { Nested } from '../validation/nested.decorator.js';
import { PermissionDto } from './permission.dto.js';

/** Every permission there is, by name. */
export class PermissionListDto {
  @IsArray()
  @ValidateNested({ each: true })
  @Nested(() => PermissionDto)
  items: PermissionDto[];
}
