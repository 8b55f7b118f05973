import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '../audit/audit.module.js';
import { FactorsModule } from '../factors/factors.module.js';
import { PermissionsModule } from '../permissions/permissions.module.js';
import { TokensModule } from '../tokens/tokens.module.js';
import { UsersModule } from '../users/users.module.js';
import { EventAttempts } from './deliveries/event-attempts.service.js';
import { EventDeliveriesRepository } from './deliveries/event-deliveries.repository.js';
import { EventDeliveriesService } from './deliveries/event-deliveries.service.js';
import { EventDelivery } from './deliveries/event-delivery.entity.js';
import { EventListService } from './event-list.service.js';
import { EventQueue } from './deliveries/event-queue.service.js';
import { EventRecipients } from './deliveries/event-recipients.service.js';
import { EventResults } from './deliveries/event-results.service.js';
import { EventSenderLease } from './sender/sender-lease.entity.js';
import { EventSender } from './sender/event-sender.service.js';
import { EventTarget } from './targets/event-target.entity.js';
import { EventTargetListService } from './targets/event-target-list.service.js';
import { EventTargetMembers } from './targets/event-target-members.service.js';
import { EventTargetsController } from './targets/event-targets.controller.js';
import { EventTargetsRepository } from './targets/event-targets.repository.js';
import { EventTargetsService } from './targets/event-targets.service.js';
import { EventsController } from './events.controller.js';
import { SenderLease } from './sender/sender-lease.service.js';
import { TargetSecrets } from './targets/target-secrets.service.js';
import { WebhookWorkers } from './sender/webhook-workers.service.js';
import { HostNames } from './webhooks/host-names.service.js';
import { WebhookRequests } from './webhooks/webhook-requests.service.js';

/** Events: entries of the audit trail that someone should know about, and the targets that receive them. */
@Module({
  imports: [
    TypeOrmModule.forFeature([EventDelivery, EventSenderLease, EventTarget]),
    AuditModule,
    FactorsModule,
    PermissionsModule,
    TokensModule,
    UsersModule,
  ],
  controllers: [EventsController, EventTargetsController],
  providers: [
    EventAttempts,
    EventDeliveriesRepository,
    EventDeliveriesService,
    EventListService,
    EventQueue,
    EventRecipients,
    EventResults,
    EventSender,
    WebhookWorkers,
    EventTargetListService,
    EventTargetMembers,
    EventTargetsRepository,
    EventTargetsService,
    HostNames,
    SenderLease,
    TargetSecrets,
    WebhookRequests,
  ],
  exports: [TargetSecrets],
})
export class EventsModule {}
