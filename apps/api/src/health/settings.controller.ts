import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type SettingDto, SettingListDto, type ServerStateDto } from '@latchkey/auth-models';
import { AuditVerification } from '../audit/verification/audit-verification.service.js';
import { RequirePermissions } from '../common/request/policy.js';
import { Config } from '../platform/config/config.js';
import { lastBackup } from '../platform/database/sqlite/last-backup.js';
import { ApiItems, ApiToken } from '../http/openapi/api-decorators.js';
import { type WholeList, wholeList } from '../http/lists/send-list.js';

/** Effective configuration. */
@Controller('settings')
@ApiTags('server')
@ApiToken()
export class SettingsController {
  constructor(
    private readonly config: Config,
    private readonly verifications: AuditVerification,
  ) {}

  /**
   * Returns all variables with their values and sources. For secrets, only whether they are set. Also the
   * last backup and the last verification of the audit trail.
   */
  @Get()
  @ApiItems(SettingListDto)
  @RequirePermissions('settings:read')
  find(): WholeList<SettingDto> {
    const items = [...this.config.settings];
    return {
      ...wholeList(items, ['name', 'source', 'isSet', 'value']),
      page: async () => ({ items, state: await this.state() }),
    };
  }

  private async state(): Promise<ServerStateDto> {
    const { database } = this.config;
    const backup = database.kind === 'sqlite' ? lastBackup(database.file) : undefined;
    const verification = await this.verifications.last();
    return {
      knowsBackups: database.kind === 'sqlite',
      ...(typeof backup === 'object' && { lastBackup: backup }),
      ...(verification && { lastAuditVerification: verification }),
    };
  }
}
