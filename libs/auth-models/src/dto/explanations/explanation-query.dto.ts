import { IsUUID } from 'class-validator';
import { IsNonEmptyLine } from '../../validation/members.js';
import { IsOptionalNonNull, MutuallyExclusiveWith } from '../../validation/presence.js';

/** Maximum characters of a preview. */
const PREVIEW_MAX_LENGTH = 16;

/** Request for the latest rejections. */
export class ExplanationQueryDto {
  /** Id of a token. */
  @IsOptionalNonNull()
  @IsUUID()
  tokenId?: string;

  /** Prefix and last four characters of a token, such as `latchkey_…a1B2`. */
  @IsOptionalNonNull()
  @MutuallyExclusiveWith('tokenId')
  @IsNonEmptyLine(PREVIEW_MAX_LENGTH)
  tokenPreview?: string;
}
