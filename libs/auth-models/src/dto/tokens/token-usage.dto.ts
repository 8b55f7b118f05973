import { IsOptional, ValidateNested } from 'class-validator';
import { Nested } from '../../validation/nested.js';
import { AddressUseDto } from './address-use.dto.js';
import { DailyTokenUsageDto } from './daily-token-usage.dto.js';
import { PermissionUseDto } from './permission-use.dto.js';

/** Usage of a token. */
export class TokenUsageDto {
  /** Days of the last 90 with at least one use, oldest first. New uses appear within a minute. */
  @ValidateNested({ each: true })
  @Nested(() => DailyTokenUsageDto)
  days: DailyTokenUsageDto[];

  /** Permissions that the token is limited to, sorted by name. Absent if it is not limited to permissions. */
  @IsOptional()
  @ValidateNested({ each: true })
  @Nested(() => PermissionUseDto)
  permissions?: PermissionUseDto[];

  /**
   * Addresses that the token was used from in the last 30 days: first up to 32 that the server saw, then
   * up to 256 that services have reported, at most 32 of each service. Each part has the latest first.
   * Reported addresses have `reportedBy`.
   */
  @ValidateNested({ each: true })
  @Nested(() => AddressUseDto)
  addresses: AddressUseDto[];
}
