import { IsBoolean, IsIn, IsOptional, IsString } from 'class-validator';
import { SETTING_SOURCES, type SettingSource } from '../../lists/enums.js';

/** Environment variable of the effective configuration. */
export class SettingDto {
  /** Name of the variable, such as `LATCHKEY_SESSION_IDLE_SECONDS`. */
  @IsString()
  name: string;

  /** Source of the value. */
  @IsIn(SETTING_SOURCES)
  source: SettingSource;

  /** Whether the variable has a value. */
  @IsBoolean()
  isSet: boolean;

  /** Value in the form of the environment variable. Absent for secrets and for variables without a value. */
  @IsOptional()
  @IsString()
  value?: string;
}
