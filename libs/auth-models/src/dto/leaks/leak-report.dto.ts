import { ArrayMaxSize, IsArray, IsString, Matches, MaxLength } from 'class-validator';
import {
  LEAK_SOURCE_MAX_LENGTH,
  LEAK_URL_MAX_LENGTH,
  LEAKED_TEXT_MAX_LENGTH,
  LEAKED_TOKENS_MAX,
} from '../../limits.js';
import { IsNonEmptyLine } from '../../validation/members.js';
import { LIST } from '../../validation/messages.js';
import { IsOptionalNonNull } from '../../validation/presence.js';

/** Address of the place where a token was found. */
const LEAK_URL_PATTERN = /^https?:\/\/[!-~]+$/;

/** Report of tokens that may have leaked. */
export class LeakReportDto {
  /** Tokens, or values for `X-Auth-Token` with them. Other texts have no effect. */
  @IsArray(LIST)
  @ArrayMaxSize(LEAKED_TOKENS_MAX)
  @IsString({ each: true })
  @MaxLength(LEAKED_TEXT_MAX_LENGTH, { each: true })
  tokens: string[];

  /** Program that found the tokens. */
  @IsOptionalNonNull()
  @IsNonEmptyLine(LEAK_SOURCE_MAX_LENGTH)
  source?: string;

  /** Address of the place where the tokens were found. */
  @IsOptionalNonNull()
  @IsString()
  @MaxLength(LEAK_URL_MAX_LENGTH)
  @Matches(LEAK_URL_PATTERN, { message: '$property must be a URL that starts with https:// or http://' })
  url?: string;
}
