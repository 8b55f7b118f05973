import { IsIn } from 'class-validator';
import { type TokenKind } from '../../lists/enums.js';
import { IsOptionalNonNull } from '../../validation/presence.js';
import { RequestedTokenDto } from './requested-token.dto.js';

/** Kinds of tokens that can be created explicitly. */
const CREATED_TOKEN_KINDS = ['api', 'canary'] as const satisfies readonly TokenKind[];

/** New API token, or canary. The body and each member are optional. */
export class CreateTokenDto extends RequestedTokenDto {
  /**
   * `canary` for a token that works nowhere: any use raises an alarm. It has no other member than `note`, and
   * works until it is revoked. By default `api`.
   */
  @IsOptionalNonNull()
  @IsIn(CREATED_TOKEN_KINDS)
  kind?: (typeof CREATED_TOKEN_KINDS)[number];
}
