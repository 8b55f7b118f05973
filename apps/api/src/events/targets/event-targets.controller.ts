import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiConflictResponse, ApiTags } from '@nestjs/swagger';
import {
  CreateEventTargetDto,
  EventDeliveryDto,
  EventDeliveryListQueryDto,
  EventTargetDto,
  EventTargetListQueryDto,
  RedeliverDto,
  RedeliveredDto,
  UpdateEventTargetDto,
} from '@latchkey/auth-models';
import { RequireFresh, RequirePermissions } from '../../common/request/policy.js';
import { CurrentPrincipal, type Principal } from '../../common/request/principal.js';
import { type VersionCondition } from '../../common/request/version-condition.js';
import { type CursorPage, type SendableList } from '../../http/lists/send-list.js';
import { Location } from '../../http/location.js';
import { ApiIfMatch, demandVersion, ETag, IfMatch } from '../../http/negotiation/if-match.js';
import { ApiCursorPage, ApiPage, ApiToken } from '../../http/openapi/api-decorators.js';
import { EventDeliveriesService } from '../deliveries/event-deliveries.service.js';
import { EventTargetListService } from './event-target-list.service.js';
import { EventTargetsService } from './event-targets.service.js';

/** Targets that receive events: webhooks and e-mail. */
@Controller('event-targets')
@ApiTags('events')
@ApiToken()
export class EventTargetsController {
  constructor(
    private readonly list: EventTargetListService,
    private readonly targets: EventTargetsService,
    private readonly deliveries: EventDeliveriesService,
  ) {}

  /** Lists event targets. Without `events:write`, URLs have no path, because the path can be secret. */
  @Get()
  @ApiPage(EventTargetDto)
  @RequirePermissions('events:read')
  find(
    @Query() query: EventTargetListQueryDto,
    @CurrentPrincipal() reader: Principal,
  ): SendableList<EventTargetDto> {
    return this.list.find(query, reader);
  }

  /** Creates an event target. Only this response contains the secret of a signed webhook. */
  @Post()
  @ETag()
  @Location('/event-targets', 'name')
  @ApiConflictResponse({
    description: 'The name is taken, the server has the maximum number of targets, or it has no seal key.',
  })
  @RequirePermissions('events:write')
  @RequireFresh()
  create(@Body() dto: CreateEventTargetDto, @CurrentPrincipal() actor: Principal): Promise<EventTargetDto> {
    return this.targets.create(dto, actor);
  }

  /** Returns an event target. */
  @Get(':name')
  @ETag()
  @RequirePermissions('events:read')
  get(@Param('name') name: string, @CurrentPrincipal() reader: Principal): Promise<EventTargetDto> {
    return this.list.get(name, reader);
  }

  /**
   * Changes an event target. With `url` or `enabled: true`, the server also retries failed deliveries
   * immediately. If the webhook is now signed for the first time, the response contains its secret. A patch
   * without changes keeps the version.
   */
  @Patch(':name')
  @ETag()
  @ApiIfMatch({ required: true })
  @RequirePermissions('events:write')
  @RequireFresh()
  update(
    @Param('name') name: string,
    @Body() dto: UpdateEventTargetDto,
    @IfMatch() ifMatch: VersionCondition | undefined,
    @CurrentPrincipal() actor: Principal,
  ): Promise<EventTargetDto> {
    return this.targets.update(name, dto, demandVersion(ifMatch, dto.version), actor);
  }

  /** Deletes an event target with its deliveries. */
  @Delete(':name')
  @HttpCode(204)
  @ApiIfMatch({ required: false })
  @RequirePermissions('events:write')
  @RequireFresh()
  delete(
    @Param('name') name: string,
    @IfMatch() ifMatch: VersionCondition | undefined,
    @CurrentPrincipal() actor: Principal,
  ): Promise<void> {
    return this.targets.delete(name, ifMatch, actor);
  }

  /**
   * Replaces the secret of a webhook and returns the new one. For 24 hours, the server signs with both. A
   * second rotation in this time retires the first secret immediately.
   */
  @Post(':name/rotate')
  @HttpCode(200)
  @ETag()
  @ApiConflictResponse({ description: 'The target is not a signed webhook, or the server has no seal key.' })
  @ApiIfMatch({ required: false })
  @RequirePermissions('events:write')
  @RequireFresh()
  rotateEventTargetSecret(
    @Param('name') name: string,
    @IfMatch() ifMatch: VersionCondition | undefined,
    @CurrentPrincipal() actor: Principal,
  ): Promise<EventTargetDto> {
    return this.targets.rotate(name, ifMatch, actor);
  }

  /**
   * Sends an invented `token.expiring` event to a target, even if it is disabled, and returns the result.
   * This takes up to ten seconds for a webhook, and can take longer for e-mail.
   */
  @Post(':name/test')
  @HttpCode(200)
  @RequirePermissions('events:write')
  test(@Param('name') name: string, @CurrentPrincipal() actor: Principal): Promise<EventDeliveryDto> {
    return this.deliveries.test(name, actor);
  }

  /**
   * Lists the deliveries to a target, newest first. The server keeps them for 30 days. Readers without
   * `events:write` do not see e-mail addresses.
   */
  @Get(':name/deliveries')
  @ApiCursorPage(EventDeliveryDto)
  @RequirePermissions('events:read')
  listEventDeliveries(
    @Param('name') name: string,
    @Query() query: EventDeliveryListQueryDto,
    @CurrentPrincipal() reader: Principal,
  ): Promise<SendableList<EventDeliveryDto, CursorPage<EventDeliveryDto>>> {
    return this.deliveries.find(name, query, reader);
  }

  /**
   * Redelivers one event, or all events since a time, to a target, including those that it missed while it
   * was disabled. Returns 409 if there are more than 10,000 deliveries.
   */
  @Post(':name/redeliver')
  @HttpCode(200)
  @ApiConflictResponse({ description: 'The target is disabled, or there are more than 10,000 deliveries.' })
  @RequirePermissions('events:write')
  redeliverEvents(
    @Param('name') name: string,
    @Body() dto: RedeliverDto,
    @CurrentPrincipal() actor: Principal,
  ): Promise<RedeliveredDto> {
    return this.deliveries.redeliver(name, dto, actor);
  }
}
