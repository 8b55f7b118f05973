import { IsArray, ValidateNested } from 'class-validator';
import { Nested } from '../../validation/nested.js';
import { SettingDto } from './setting.dto.js';

/** Effective configuration: every variable that the server reads. */
export class SettingListDto {
  @IsArray()
  @ValidateNested({ each: true })
  @Nested(() => SettingDto)
  items: SettingDto[];
}
