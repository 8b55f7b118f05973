import { IsString } from 'class-validator';
import { IsUserName } from '../validation/is-user-name.decorator.js';
import { IsOptionalNonNull } from '../validation/presence.js';
import { UserTokenFilterDto } from './user-token-filter.dto.js';

/** Which tokens a list shows, or a bulk request is about: those that everything here is true of. */
export class TokenFilterDto extends UserTokenFilterDto {
  /** Only tokens of this user, by any spelling of the name. */
  @IsOptionalNonNull()
  @IsString()
  @IsUserName()
  user?: string;
}
