import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { EventDto, EventListQueryDto } from '@latchkey/auth-models';
import { RequirePermissions } from '../common/request/policy.js';
import { CurrentPrincipal, type Principal } from '../common/request/principal.js';
import { type CursorPage, type SendableList } from '../http/lists/send-list.js';
import { ApiCursorPage, ApiToken } from '../http/openapi/api-decorators.js';
import { EventListService } from './event-list.service.js';

/** Events, for clients that poll. */
@Controller('events')
@ApiTags('events')
@ApiToken()
export class EventsController {
  constructor(private readonly list: EventListService) {}

  /**
   * Lists events, newest first. With `after`, lists the events that follow an event, oldest first. `Link`
   * then always has a next page, so that clients can poll. A page can be empty although more events follow.
   * Limited tokens see no uses of canaries, unless they have `audit:read`.
   */
  @Get()
  @ApiCursorPage(EventDto)
  @RequirePermissions('events:read')
  find(
    @Query() query: EventListQueryDto,
    @CurrentPrincipal() reader: Principal,
  ): Promise<SendableList<EventDto, CursorPage<EventDto>>> {
    return this.list.find(query, reader);
  }
}
