import { IsArray, ValidateNested } from 'class-validator';
import { Nested } from '../../validation/nested.js';
import { ServerStateDto } from './server-state.dto.js';
import { SettingDto } from './setting.dto.js';

/** Effective configuration (every variable that the server reads), and the state of the server. */
export class SettingListDto {
  @IsArray()
  @ValidateNested({ each: true })
  @Nested(() => SettingDto)
  items: SettingDto[];

  /** Last backup and last verification of the audit trail. */
  @ValidateNested()
  @Nested(() => ServerStateDto)
  state: ServerStateDto;
}
