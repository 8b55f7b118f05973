import { Type } from 'class-transformer';
import { IsArray, ValidateNested } from 'class-validator';
import { PermissionDto } from './permission.dto.js';

/** Every permission there is, by name. */
export class PermissionListDto {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => PermissionDto)
  items: PermissionDto[];
}
