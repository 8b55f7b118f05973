import { ServerStateDto } from './server-state.dto.js';
import { SettingDto } from './setting.dto.js';

/** Effective configuration (every variable that the server reads), and the state of the server. */
export class SettingListDto {
  items: SettingDto[];

  /** Last backup and last verification of the audit trail. */
  state: ServerStateDto;
}
