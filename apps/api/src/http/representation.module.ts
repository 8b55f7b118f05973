import { Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { AllowedMethods } from './server/allowed-methods.js';
import { ApiExceptionFilter } from './problems/api-exception.filter.js';
import { ApiValidationPipe } from './bodies/api-validation.pipe.js';
import { RepresentationGuard } from './negotiation/representation.guard.js';

/** Negotiation, request bodies, validation and problem details. */
@Global()
@Module({
  providers: [
    AllowedMethods,
    ApiExceptionFilter,
    { provide: APP_FILTER, useExisting: ApiExceptionFilter },
    ApiValidationPipe,
    { provide: APP_PIPE, useExisting: ApiValidationPipe },
    { provide: APP_GUARD, useClass: RepresentationGuard },
  ],
  exports: [AllowedMethods, ApiExceptionFilter, ApiValidationPipe],
})
export class RepresentationModule {}
