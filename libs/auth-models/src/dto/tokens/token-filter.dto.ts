import { IsString } from 'class-validator';
import { IsOptionalNonNull } from '../../validation/presence.js';
import { IsUserName } from '../../validation/is-user-name.js';
import { UserTokenFilterDto } from './user-token-filter.dto.js';

/** Filters for tokens in a list or a bulk request. A token must match all of them. */
export class TokenFilterDto extends UserTokenFilterDto {
  /** Only tokens of this user, by name in any spelling. */
  @IsOptionalNonNull()
  @IsString()
  @IsUserName()
  user?: string;
}
