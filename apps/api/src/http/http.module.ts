import { Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { EffectiveWaits } from './effective-by.service.js';
import { AllowedMethods } from './server/allowed-methods.js';
import { ApiExceptionFilter } from './problems/api-exception.filter.js';
import { ApiDocument } from './openapi/api-document.js';
import { ApiDocumentController } from './openapi/api-document.controller.js';
import { ProblemsController } from './problems/problems.controller.js';
import { ServerPolicyController } from './policy/server-policy.controller.js';
import { ApiValidationPipe } from './bodies/api-validation.pipe.js';
import { UntrustedProxies } from './server/untrusted-proxies.service.js';
import { RepresentationGuard } from './negotiation/representation.guard.js';

/**
 * Negotiation, request bodies, validation, problem details and their explanations, the times of effect,
 * untrusted proxies, the OpenAPI document, and the public policy.
 */
@Global()
@Module({
  controllers: [ApiDocumentController, ProblemsController, ServerPolicyController],
  providers: [
    AllowedMethods,
    ApiDocument,
    ApiExceptionFilter,
    { provide: APP_FILTER, useExisting: ApiExceptionFilter },
    ApiValidationPipe,
    EffectiveWaits,
    UntrustedProxies,
    { provide: APP_PIPE, useExisting: ApiValidationPipe },
    { provide: APP_GUARD, useClass: RepresentationGuard },
  ],
  exports: [AllowedMethods, ApiExceptionFilter, ApiValidationPipe, EffectiveWaits, UntrustedProxies],
})
export class HttpModule {}
