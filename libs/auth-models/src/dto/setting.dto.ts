import { IsBoolean, IsIn, IsOptional, IsString } from 'class-validator';
import { SETTING_SOURCES, type SettingSource } from '../lists/setting-sources.js';

/** A variable of the effective configuration. */
export class SettingDto {
  /** The variable's name, such as `LATCHKEY_SESSION_IDLE_SECONDS`. */
  @IsString()
  name: string;

  /** Where its value comes from. */
  @IsIn(SETTING_SOURCES)
  source: SettingSource;

  /** Whether it has a value. */
  @IsBoolean()
  isSet: boolean;

  /** Its value, as the environment would say it; absent where nothing is set, and with secrets. */
  @IsOptional()
  @IsString()
  value?: string;
}
