import { IsArray, ValidateNested } from 'class-validator';
import { Nested } from '../validation/nested.decorator.js';
import { SettingDto } from './setting.dto.js';

/** The effective configuration: every variable that the server reads. */
export class SettingListDto {
  @IsArray()
  @ValidateNested({ each: true })
  @Nested(() => SettingDto)
  items: SettingDto[];
}
