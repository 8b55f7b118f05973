import { ValidateNested } from 'class-validator';
import { Nested } from '../validation/nested.decorator.js';
import { DailyTokenUsageDto } from './daily-token-usage.dto.js';

/** How often a token was used. */
export class TokenUsageDto {
  /** The days of the last 90 on which it was used, in their order; the latest uses may be missing for a minute. */
  @ValidateNested({ each: true })
  @Nested(() => DailyTokenUsageDto)
  days: DailyTokenUsageDto[];
}
