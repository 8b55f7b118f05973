import { IsInt, IsUUID, Max, Min } from 'class-validator';
import {
  LEASE_MILLISECONDS,
  LEASE_MIN_MILLISECONDS,
  VERIFIER_NAME_MAX_LENGTH,
  VERIFIER_VERSION_MAX_LENGTH,
} from '../../limits.js';
import { IsLine, IsNonEmptyLine } from '../../validation/members.js';
import { WHOLE_NUMBER } from '../../validation/messages.js';
import { IsOptionalNonNull } from '../../validation/presence.js';
import { ParseInteger } from '../../validation/query-parameters.js';

/** Query parameters of `GET /auth/revocations`. */
export class RevocationFeedQueryDto {
  /** Id of the verifier: a UUID that it creates when it starts. */
  @IsUUID()
  verifier: string;

  /** Name of the verifier for administrators, such as that of its application. */
  @IsNonEmptyLine(VERIFIER_NAME_MAX_LENGTH)
  name: string;

  /** Version of the verifier for administrators. */
  @IsOptionalNonNull()
  @IsLine(VERIFIER_VERSION_MAX_LENGTH)
  version?: string;

  /**
   * Milliseconds after a heartbeat during which the verifier answers from memory, at most 2000, which is the
   * default.
   */
  @IsOptionalNonNull()
  @ParseInteger()
  @IsInt(WHOLE_NUMBER)
  @Min(LEASE_MIN_MILLISECONDS)
  @Max(LEASE_MILLISECONDS)
  freshFor?: number = LEASE_MILLISECONDS;
}
