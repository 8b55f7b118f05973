import { Type } from 'class-transformer';
import { IsArray, ValidateNested } from 'class-validator';
import { SettingDto } from './setting.dto.js';

/** The effective configuration: every variable that the server reads. */
export class SettingListDto {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => SettingDto)
  items: SettingDto[];
}
