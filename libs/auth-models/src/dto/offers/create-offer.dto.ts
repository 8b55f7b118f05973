import { IsBoolean, IsIn } from 'class-validator';
import { MAIL_LANGUAGES, type MailLanguage } from '../../lists/events.js';
import { TRUE_OR_FALSE } from '../../validation/messages.js';
import { IsNote, IsReason, IsTemplateName } from '../../validation/members.js';
import { IsOptionalNonNull } from '../../validation/presence.js';
import { RequestedTokenDto } from '../tokens/requested-token.dto.js';

/**
 * API token that the recipient of a claim link creates. `expiresIn` counts from the claim. The body and each
 * member are optional.
 */
export class CreateOfferDto extends RequestedTokenDto {
  /**
   * Whether to e-mail the link to the user, or for a service, to the responsible person. `false` by default.
   */
  @IsOptionalNonNull()
  @IsBoolean(TRUE_OR_FALSE)
  send?: boolean;

  /** Language of the message. English by default. */
  @IsOptionalNonNull()
  @IsIn(MAIL_LANGUAGES)
  language?: MailLanguage;
}

/** Request for an API token. It copies the scope and lifetime of the template. */
export class RequestTokenDto {
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

/** Approval or rejection of an offer. The body is optional. */
export class DecideOfferDto {
  /** Reason for the decision, for the requester. */
  @IsReason()
  reason?: string;
}
