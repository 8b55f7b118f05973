import { IsNote, IsReason, IsTemplateName } from '../../validation/members.js';
import { IsOptionalNonNull } from '../../validation/presence.js';

/** New token request. It copies the scope and lifetime of the template. */
export class CreateTokenRequestDto {
  /** Name of the template. */
  @IsTemplateName()
  template: string;

  /** Note of the token. By default that of the template. */
  @IsOptionalNonNull()
  @IsNote()
  note?: string;

  /** Reason for the request, for the approver. */
  @IsReason()
  reason?: string;
}
