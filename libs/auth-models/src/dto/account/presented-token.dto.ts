import { IsBoolean } from 'class-validator';
import { DescribedTokenDto } from '../tokens/described-token.dto.js';

/** Token that the caller presents. */
export class PresentedTokenDto extends DescribedTokenDto {
  /**
   * Whether the presented secret is from before the last rotation. Such a secret can only read and revoke.
   */
  @IsBoolean()
  isSuperseded: boolean;
}
