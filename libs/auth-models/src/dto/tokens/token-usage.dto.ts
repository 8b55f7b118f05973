import { ValidateNested } from 'class-validator';
import { Nested } from '../../validation/nested.js';
import { DailyTokenUsageDto } from './daily-token-usage.dto.js';

/** Usage of a token. */
export class TokenUsageDto {
  /** Days of the last 90 with at least one use, oldest first. New uses appear within a minute. */
  @ValidateNested({ each: true })
  @Nested(() => DailyTokenUsageDto)
  days: DailyTokenUsageDto[];
}
