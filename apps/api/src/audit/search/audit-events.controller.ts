import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AuditEventDto, AuditEventQueryDto } from '@latchkey/auth-models';
import { RequirePermissions } from '../../common/request/policy.js';
import { CurrentPrincipal, type Principal } from '../../common/request/principal.js';
import { ApiCursorPage, ApiToken } from '../../http/openapi/api-decorators.js';
import { type CursorPage, type SendableList } from '../../http/lists/send-list.js';
import { AuditEventListService } from './audit-event-list.service.js';

/** Read-only access to the audit trail. */
@Controller('audit-events')
@ApiTags('audit')
@ApiToken()
export class AuditEventsController {
  constructor(private readonly list: AuditEventListService) {}

  /**
   * Lists the audit trail, newest first. With `after`, lists the entries that follow an entry, oldest first.
   * `Link` then always has a next page, so that clients can poll. Reads are recorded once per reader in ten
   * minutes.
   */
  @Get()
  @ApiCursorPage(AuditEventDto)
  @RequirePermissions('audit:read')
  find(
    @Query() query: AuditEventQueryDto,
    @CurrentPrincipal() reader: Principal,
  ): Promise<SendableList<AuditEventDto, CursorPage<AuditEventDto>>> {
    return this.list.find(query, reader);
  }
}
