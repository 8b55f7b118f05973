import { IsString } from 'class-validator';
import { IsOptionalNonNull } from '../../validation/presence.js';
import { IsUserName } from '../../validation/is-user-name.js';
import { UserTokenListQueryDto } from './user-token-list-query.dto.js';

/** Query parameters of `GET /tokens`. */
export class TokenListQueryDto extends UserTokenListQueryDto {
  /** Only tokens of this user, by name in any spelling. */
  @IsOptionalNonNull()
  @IsString()
  @IsUserName()
  user?: string;
}
