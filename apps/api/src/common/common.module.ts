import { Global, Module } from '@nestjs/common';
import { Challenges } from './challenges.js';
import { Clock } from './clock.js';
import { Confirmations } from './confirmations.js';
import { ErrorTranslations } from './error-translations.js';
import { Refusals } from './refusals.js';

/** Providers that every module can inject. */
@Global()
@Module({
  providers: [Challenges, Clock, Confirmations, ErrorTranslations, Refusals],
  exports: [Challenges, Clock, Confirmations, ErrorTranslations, Refusals],
})
export class CommonModule {}
