import { ValidateNested } from 'class-validator';
import { Nested } from '../validation/nested.decorator.js';
import { TokenUsageDayDto } from './token-usage-day.dto.js';

/** How often a token was used. */
export class TokenUsageDto {
  /** The days of the last 90 on which it was used, in their order; the latest uses may be missing for a minute. */
  @ValidateNested({ each: true })
  @Nested(() => TokenUsageDayDto)
  days: TokenUsageDayDto[];
}
