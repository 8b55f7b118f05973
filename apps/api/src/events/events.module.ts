import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '../audit/audit.module.js';
import { FactorsModule } from '../factors/factors.module.js';
import { PermissionsModule } from '../permissions/permissions.module.js';
import { TokenApi } from '../tokens/model/token-api.entity.js';
import { User } from '../users/model/user.entity.js';
import { UsersModule } from '../users/users.module.js';
import { EventAttempts } from './event-attempts.service.js';
import { EventDeliveriesRepository } from './event-deliveries.repository.js';
import { EventDeliveriesService } from './event-deliveries.service.js';
import { EventDelivery } from './event-delivery.entity.js';
import { EventListService } from './event-list.service.js';
import { EventQueue } from './event-queue.service.js';
import { EventRecipients } from './event-recipients.service.js';
import { EventResults } from './event-results.service.js';
import { EventSenderLease } from './event-sender.entity.js';
import { EventSender } from './event-sender.service.js';
import { EventTarget } from './event-target.entity.js';
import { EventTargetListService } from './event-target-list.service.js';
import { EventTargetMembers } from './event-target-members.service.js';
import { EventTargetsController } from './event-targets.controller.js';
import { EventTargetsRepository } from './event-targets.repository.js';
import { EventTargetsService } from './event-targets.service.js';
import { EventsController } from './events.controller.js';
import { SenderLease } from './sender-lease.service.js';
import { TargetSecrets } from './target-secrets.service.js';
import { WebhookWorkers } from './webhook-workers.service.js';
import { HostNames } from './webhooks/host-names.service.js';
import { WebhookRequests } from './webhooks/webhook-requests.service.js';

/** Events: entries of the audit trail that someone should know about, and the targets that receive them. */
@Module({
  imports: [
    TypeOrmModule.forFeature([EventDelivery, EventSenderLease, EventTarget, TokenApi, User]),
    AuditModule,
    FactorsModule,
    PermissionsModule,
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
