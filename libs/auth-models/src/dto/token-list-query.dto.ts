import { IsString } from 'class-validator';
import { IsUserName } from '../validation/is-user-name.decorator.js';
import { IsOptionalNonNull } from '../validation/presence.js';
import { UserTokenListQueryDto } from './user-token-list-query.dto.js';

/** The query parameters of lists of everybody's tokens. */
export class TokenListQueryDto extends UserTokenListQueryDto {
  /** Only tokens of this user, by any spelling of the name. */
  @IsOptionalNonNull()
  @IsString()
  @IsUserName()
  user?: string;
}
