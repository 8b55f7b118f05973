import { Global, Module } from '@nestjs/common';
import { Challenges } from './challenges.js';
import { Clock } from './clock.js';
import { ErrorTranslations } from './error-translations.js';

/** What every floor may ask for. */
@Global()
@Module({
  providers: [Challenges, Clock, ErrorTranslations],
  exports: [Challenges, Clock, ErrorTranslations],
})
export class CommonModule {}
