import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '../audit/audit.module.js';
import { PermissionsModule } from '../permissions/permissions.module.js';
import { ThrottleModule } from '../throttle/throttle.module.js';
import { TokensModule } from '../tokens/tokens.module.js';
import { UsersModule } from '../users/users.module.js';
import { ClaimsController } from './claims.controller.js';
import { MyOffersController } from './my-offers.controller.js';
import { MyOffersService } from './my-offers.service.js';
import { OfferListService } from './offer-list.service.js';
import { OfferPurge } from './offer-purge.service.js';
import { OfferStates } from './offer-states.service.js';
import { Offer } from './offer.entity.js';
import { OffersController } from './offers.controller.js';
import { OffersRepository } from './offers.repository.js';
import { OffersService } from './offers.service.js';
import { TokenTemplate } from './token-template.entity.js';
import { TokenTemplatesController } from './token-templates.controller.js';
import { TokenTemplatesRepository } from './token-templates.repository.js';
import { TokenTemplatesService } from './token-templates.service.js';

/** Offers of tokens to other users, and the templates from which users request tokens. */
@Module({
  imports: [
    TypeOrmModule.forFeature([Offer, TokenTemplate]),
    AuditModule,
    PermissionsModule,
    ThrottleModule,
    TokensModule,
    UsersModule,
  ],
  controllers: [ClaimsController, MyOffersController, OffersController, TokenTemplatesController],
  providers: [
    MyOffersService,
    OfferListService,
    OfferPurge,
    OfferStates,
    OffersRepository,
    OffersService,
    TokenTemplatesRepository,
    TokenTemplatesService,
  ],
  exports: [OfferStates],
})
export class OffersModule {}
