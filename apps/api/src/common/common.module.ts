import { Global, Module } from '@nestjs/common';
import { Challenges } from './challenges.js';
import { Clock } from './clock.js';
import { ErrorTranslations } from './error-translations.js';
import { Refusals } from './refusals.js';

/** What every floor may ask for. */
@Global()
@Module({
  providers: [Challenges, Clock, ErrorTranslations, Refusals],
  exports: [Challenges, Clock, ErrorTranslations, Refusals],
})
export class CommonModule {}
